#include "kernel/broker/registry.h"

#include <algorithm>

#include "proto/cpp/text.h"
#include "proto/cpp/utf8.h"

namespace nscp::kernel {
namespace {

using Class = v1::DynamicClass;

bool IsCleanName(const std::string& name) {
  const auto is_control = [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  };
  return !name.empty() && name.size() <= Registry::kMaxNameLength && IsUtf8(name) &&
         std::none_of(name.begin(), name.end(), is_control);
}

bool HasClass(const v1::Manifest& manifest, Class::Kind kind) {
  return std::any_of(manifest.dynamic().begin(), manifest.dynamic().end(),
                     [kind](const Class& c) { return c.kind() == kind; });
}

std::vector<Registry::Claim> ClaimsOf(const std::string& slot,
                                      const v1::Manifest& manifest,
                                      const v1::RegisterRequest& dynamic) {
  std::vector<Registry::Claim> claims;
  for (const v1::RegisterRequest::Name& name : dynamic.names()) {
    if (name.kind() != Class::QUERY && name.kind() != Class::ALIAS) continue;
    const bool alias = name.kind() == Class::ALIAS;
    claims.push_back({ToLowerAscii(name.name()), name.name(), ToLowerAscii(name.name()),
                      name.description(), slot, alias ? v1::NAME_ALIAS : v1::NAME_QUERY});
  }
  // After the dynamic ones: within one instance a static name wins.
  for (const v1::QueryName& query : manifest.queries()) {
    claims.push_back({query.name(), query.name(), query.name(), query.description(), slot,
                      v1::NAME_QUERY});
    for (const std::string& other : query.alternatives()) {
      claims.push_back({ToLowerAscii(other), other, query.name(),
                        "Alternative name for: " + query.name(), slot, v1::NAME_ALIAS});
    }
  }
  return claims;
}

}  // namespace

void Registry::Put(const std::string& slot, uint64_t rank,
                   std::shared_ptr<const v1::Manifest> manifest) {
  const std::lock_guard<std::mutex> lock(mutex_);
  Instance& instance = instances_[slot];
  instance.rank = rank;
  instance.manifest = std::move(manifest);
  RebuildLocked();
}

void Registry::Remove(const std::string& slot) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (instances_.erase(slot) > 0) RebuildLocked();
}

Result<std::vector<std::string>> Registry::SetNames(const std::string& slot,
                                                    const v1::RegisterRequest& request) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = instances_.find(slot);
  if (found == instances_.end()) {
    return Status::NotFound("registering names of " + slot + ": no such instance");
  }
  if (static_cast<size_t>(request.names_size()) > kMaxDynamicNames) {
    return Status::ResourceExhausted("registering names of " + slot + ": more than " +
                                     std::to_string(kMaxDynamicNames));
  }
  for (const v1::RegisterRequest::Name& name : request.names()) {
    if (!IsCleanName(name.name())) {
      return Status::InvalidArgument("registering names of " + slot + ": \"" +
                                     RepairUtf8(name.name()) +
                                     "\" is empty, too long or holds control characters");
    }
    if (!HasClass(*found->second.manifest, name.kind())) {
      return Status::PermissionDenied("registering \"" + name.name() + "\" of " + slot +
                                      ": its manifest has no dynamic class " +
                                      Class::Kind_Name(name.kind()));
    }
  }
  found->second.dynamic = request;
  RebuildLocked();
  std::vector<std::string> shadowed;
  for (const v1::RegisterRequest::Name& name : request.names()) {
    const auto claim = table_->names.find(ToLowerAscii(name.name()));
    if (claim != table_->names.end() && claim->second.slot != slot) {
      shadowed.push_back(name.name());
    }
  }
  return shadowed;
}

void Registry::RebuildLocked() {
  std::vector<std::pair<uint64_t, std::string>> order;
  for (const auto& [slot, instance] : instances_) order.emplace_back(instance.rank, slot);
  std::sort(order.begin(), order.end());
  auto table = std::make_shared<Table>();
  for (const auto& [rank, slot] : order) {
    const Instance& instance = instances_[slot];
    for (Claim& claim : ClaimsOf(slot, *instance.manifest, instance.dynamic)) {
      const std::string name = claim.name;
      table->names.insert_or_assign(name, std::move(claim));
    }
    const auto add = [&table, &slot = slot](const std::string& channel) {
      Listeners& listeners = table->channels[ToLowerAscii(channel)];
      if (listeners.slots.empty()) listeners.title = channel;
      listeners.slots.push_back(slot);
    };
    for (const std::string& channel : instance.manifest->channels()) add(channel);
    for (const v1::RegisterRequest::Name& name : instance.dynamic.names()) {
      if (name.kind() == Class::CHANNEL) add(name.name());
    }
  }
  table_ = std::move(table);
}

std::shared_ptr<const Registry::Table> Registry::Current() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return table_;
}

std::optional<Registry::Claim> Registry::Find(std::string_view name) const {
  const auto table = Current();
  const auto found = table->names.find(ToLowerAscii(name));
  if (found == table->names.end()) return std::nullopt;
  return found->second;
}

std::vector<std::string> Registry::Channel(std::string_view channel) const {
  const auto table = Current();
  const auto found = table->channels.find(ToLowerAscii(channel));
  return found == table->channels.end() ? std::vector<std::string>{}
                                        : found->second.slots;
}

std::vector<v1::NameInfo> Registry::List(v1::NameKind kind) const {
  const auto table = Current();
  std::vector<v1::NameInfo> list;
  if (kind == v1::NAME_CHANNEL) {
    for (const auto& [channel, listeners] : table->channels) {
      v1::NameInfo& info = list.emplace_back();
      info.set_name(channel);
      info.set_title(listeners.title);
      info.set_kind(kind);
      for (const std::string& slot : listeners.slots) info.add_modules(slot);
    }
    return list;
  }
  for (const auto& [name, claim] : table->names) {
    if (claim.kind != kind) continue;
    v1::NameInfo& info = list.emplace_back();
    info.set_name(name);
    info.set_title(claim.title);
    info.set_kind(kind);
    info.set_description(claim.description);
    info.add_modules(claim.slot);
  }
  return list;
}

bool Registry::HasExec(const std::string& slot, std::string_view command) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = instances_.find(slot);
  if (found == instances_.end()) return false;
  const auto& exec = found->second.manifest->exec_commands();
  const auto& dynamic = found->second.dynamic.names();
  return std::any_of(exec.begin(), exec.end(),
                     [&](const v1::ExecName& e) {
                       return EqualsIgnoreCase(e.name(), command);
                     }) ||
         std::any_of(
             dynamic.begin(), dynamic.end(), [&](const v1::RegisterRequest::Name& n) {
               return n.kind() == Class::EXEC && EqualsIgnoreCase(n.name(), command);
             });
}

}  // namespace nscp::kernel
