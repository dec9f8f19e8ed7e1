// Host tags that tell which services run here: while a unit is active, its tag is
// "enabled". Owned by the module; Configure and Stop: one at a time.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "workers/check_system/service_manager.h"
#include "workers/check_system/ticker.h"
#include "workers/sdk/module.h"

namespace nscp::check_system {

// Units that are looked at, and how often.
constexpr size_t kMaxServiceTags = 256;
constexpr std::chrono::milliseconds kServiceTagInterval{2000};

class ServiceTags {
 public:
  using Pairs = std::vector<std::pair<std::string, std::string>>;  // unit, tag

  ~ServiceTags();
  // Starts anew with these pairs; tags that are no longer meant are taken back. The log
  // tells of names that are none. `host` outlives it.
  void Configure(const Pairs& pairs, std::unique_ptr<const ServiceManager> manager,
                 sdk::Host* host);
  void Stop();

 private:
  void Look();
  void Set(const std::string& tag, bool is_active);

  sdk::Host* host_ = nullptr;
  std::unique_ptr<const ServiceManager> manager_;
  std::vector<std::string> ids_;
  std::vector<std::string> tags_;  // at the same place
  std::set<std::string> active_;   // tags that are set
  bool has_failed_ = false;
  Ticker ticker_{kServiceTagInterval, [this] { Look(); }};
};

}  // namespace nscp::check_system
