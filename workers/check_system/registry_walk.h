// Keys and values of the registry, to rows, within bounds. For one call and thread.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "workers/check_system/check_registry.h"

namespace nscp::check_system {

// What the options of a call come to.
struct RegistryWish {
  std::vector<RegistryPath> keys;
  RegistryView view = RegistryView::kDefault;
  std::set<std::string> exclude;  // names in lower case
  int64_t depth = 0;              // levels below the keys
};

class RegistryWalk {
 public:
  // All outlive it.
  RegistryWalk(RegistrySource& registry, const RegistryWish& wish,
               const checks::Environment& environment);

  // `add` returns false when no more rows are wanted. A key that was asked for and is not
  // there is a row; one below that cannot be read is left out, and the log says so.
  Status Keys(const std::function<bool(RegistryKeyRow)>& add);
  // Of these names; all of a key for none and for "*". A name that is not there is a row.
  Status Values(const std::vector<std::string>& names,
                const std::function<bool(RegistryValueRow)>& add);

 private:
  using Visit = std::function<Result<bool>(const RegistryPath&, int64_t depth,
                                           const Result<RegistryKeyFacts>&)>;
  Status Walk(const Visit& visit);
  bool IsExcluded(const std::string& name) const;
  Result<RegistryValueRow> ReadValue(const RegistryPath& path, const std::string& name,
                                     const Result<RegistryKeyFacts>& facts);

  RegistrySource& registry_;
  const RegistryWish& wish_;
  const checks::Environment& environment_;
};

}  // namespace nscp::check_system
