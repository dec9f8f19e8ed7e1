// Which instance answers to a name. Static names come from manifests, dynamic ones from
// Host.Register; of two instances that claim one name the higher rank (the later in the
// configuration) wins, never the one that started later. Owned by the broker; any thread.
//
// An instance is here as long as the agent owes an answer for its names: while it is
// wanted, or enabled in the settings, whether its worker runs or not.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nscp/v1/host.pb.h"
#include "nscp/v1/manifest.pb.h"
#include "nscp/v1/queries.pb.h"
#include "proto/cpp/status.h"

namespace nscp::kernel {

class Registry {
 public:
  static constexpr size_t kMaxNameLength = 256;
  static constexpr size_t kMaxDynamicNames = 10000;  // of one instance

  struct Claim {
    std::string name;     // lower case
    std::string title;    // as registered
    std::string command;  // what the worker knows it as: differs for alternative names
    std::string description;
    std::string slot;
    v1::NameKind kind = v1::NAME_QUERY;
  };

  // Takes the instance in, or changes its rank and manifest; dynamic names stay.
  void Put(const std::string& slot, uint64_t rank,
           std::shared_ptr<const v1::Manifest> manifest);
  void Remove(const std::string& slot);
  // The whole set of dynamic names; a name outside of the manifest's dynamic classes, or
  // one that is no clean name, refuses the batch. Gives the names that another instance
  // answers to.
  Result<std::vector<std::string>> SetNames(const std::string& slot,
                                            const v1::RegisterRequest& request);

  // Query or alias; any case.
  std::optional<Claim> Find(std::string_view name) const;
  // All listeners of a channel, any case.
  std::vector<std::string> Channel(std::string_view channel) const;
  // Sorted by name. `available` is not set.
  std::vector<v1::NameInfo> List(v1::NameKind kind) const;
  // May the instance have this exec command? Static, or registered at run time.
  bool HasExec(const std::string& slot, std::string_view command) const;

 private:
  struct Instance {
    uint64_t rank = 0;
    std::shared_ptr<const v1::Manifest> manifest;
    v1::RegisterRequest dynamic;
  };
  struct Listeners {
    std::string title;  // as the first of them spells the channel
    std::vector<std::string> slots;
  };
  // Rebuilt on each change, so that a look-up is one map access.
  struct Table {
    std::map<std::string, Claim, std::less<>> names;
    std::map<std::string, Listeners, std::less<>> channels;  // by lower-cased name
  };

  void RebuildLocked();
  std::shared_ptr<const Table> Current() const;

  mutable std::mutex mutex_;
  std::map<std::string, Instance> instances_;
  std::shared_ptr<const Table> table_ = std::make_shared<Table>();
};

}  // namespace nscp::kernel
