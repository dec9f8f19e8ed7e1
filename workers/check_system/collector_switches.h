// What the settings switch off of the collector's sources: "disable" names those that are
// not read, "fetch core loads" leaves single cores out. Any thread; outlives the sources
// that it made.
#pragma once

#include <atomic>
#include <string>

#include "workers/check_system/collector.h"
#include "workers/sdk/module.h"

namespace nscp::check_system {

class CollectorSwitches {
 public:
  // `sources` behind the switches. All is on.
  Sources Guard(Sources sources);
  // Takes the settings over; gives a sentence for each name in "disable" that is none.
  std::vector<std::string> Configure(const sdk::Settings& settings);

 private:
  std::atomic<bool> cpu_{true};
  std::atomic<bool> memory_{true};
  std::atomic<bool> network_{true};
  std::atomic<bool> paging_{true};
  std::atomic<bool> cores_{true};
};

}  // namespace nscp::check_system
