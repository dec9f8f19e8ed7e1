// All scripts that run, and who answers to which name. Names are the kernel's as soon as
// Publish has told it. Any thread; loading is one at a time.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "workers/lua_script/definitions.h"

namespace nscp::lua_script {

class ScriptSet {
 public:
  using Shared = std::shared_ptr<Interpreter>;

  // Takes the place of what had the same alias. The order of the settings stays.
  void Put(const Shared& script);
  void Remove(const std::string& alias);
  void Clear();

  std::vector<Shared> All() const;
  // The later of two scripts with one name has it.
  Shared Find(Interpreter::Kind kind, const std::string& name) const;
  // What to register; `doubles` says which names several scripts have.
  std::vector<sdk::Host::DynamicName> Names(std::vector<std::string>* doubles) const;

 private:
  mutable std::mutex mutex_;
  std::vector<Shared> scripts_;
};

}  // namespace nscp::lua_script
