// check_network: what goes through the network interfaces. Any thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "workers/check_system/change.h"
#include "workers/check_system/network_source.h"
#include "workers/checks/check.h"

namespace nscp::check_system {

struct NetworkRow {
  InterfaceCounters counters;
  InterfaceFacts facts;
  // Bytes and packets per second.
  int64_t received = 0;
  int64_t sent = 0;
  int64_t received_packets = 0;
  int64_t sent_packets = 0;
};

// One row for each interface that is there now, without facts. An interface that came
// meanwhile, or whose counters began anew, has rates of 0.
std::vector<NetworkRow> NetworkRows(const Change<std::vector<InterfaceCounters>>& change);

// The facts of these interfaces, fewer where there was no time for all.
using FactsSource =
    std::function<std::vector<InterfaceFacts>(const std::vector<std::string>& names)>;
void AddFacts(const FactsSource& read, std::vector<NetworkRow>& rows);

class NetworkCheck {
 public:
  NetworkCheck();
  // `facts` is asked only when a call looks at them.
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment,
                       const ChangeSource<std::vector<InterfaceCounters>>& source,
                       const FactsSource& facts) const;

 private:
  checks::Check<NetworkRow> check_;
};

}  // namespace nscp::check_system
