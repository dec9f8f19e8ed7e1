#include "workers/lua_script/script_set.h"

#include <algorithm>

#include "proto/cpp/text.h"

namespace nscp::lua_script {
namespace {

using DynamicName = sdk::Host::DynamicName;

DynamicName::Kind KindOf(Interpreter::Kind kind) {
  switch (kind) {
    case Interpreter::Kind::kExec:
      return DynamicName::Kind::kExec;
    case Interpreter::Kind::kChannel:
      return DynamicName::Kind::kChannel;
    case Interpreter::Kind::kQuery:
      break;
  }
  return DynamicName::Kind::kQuery;
}

}  // namespace

void ScriptSet::Put(const Shared& script) {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (Shared& known : scripts_) {
    if (EqualsIgnoreCase(known->script().alias, script->script().alias)) {
      known = script;
      return;
    }
  }
  scripts_.push_back(script);
}

void ScriptSet::Remove(const std::string& alias) {
  const std::lock_guard<std::mutex> lock(mutex_);
  scripts_.erase(std::remove_if(scripts_.begin(), scripts_.end(),
                                [&](const Shared& script) {
                                  return EqualsIgnoreCase(script->script().alias, alias);
                                }),
                 scripts_.end());
}

void ScriptSet::Clear() {
  const std::lock_guard<std::mutex> lock(mutex_);
  scripts_.clear();
}

std::vector<ScriptSet::Shared> ScriptSet::All() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return scripts_;
}

ScriptSet::Shared ScriptSet::Find(Interpreter::Kind kind, const std::string& name) const {
  Shared found;
  for (const Shared& script : All()) {
    if (script->Has(kind, name)) found = script;
  }
  return found;
}

std::vector<DynamicName> ScriptSet::Names(std::vector<std::string>* doubles) const {
  std::map<std::pair<Interpreter::Kind, std::string>, DynamicName> names;
  for (const Shared& script : All()) {
    for (const Interpreter::Name& name : script->Names()) {
      DynamicName known{KindOf(name.kind), name.name, name.description, ""};
      const bool fresh =
          names.insert_or_assign({name.kind, ToLowerAscii(name.name)}, known).second;
      if (!fresh) doubles->push_back(name.name);
    }
  }
  std::vector<DynamicName> all;
  for (auto& [key, name] : names) all.push_back(std::move(name));
  return all;
}

}  // namespace nscp::lua_script
