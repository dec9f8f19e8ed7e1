#include <algorithm>
#include <charconv>

#include "proto/cpp/text.h"
#include "workers/check_system/network_source.h"
#include "workers/check_system/proc_stat.h"

namespace nscp::check_system {
namespace {

// Receive: bytes packets errs drop fifo frame compressed multicast; transmit: bytes
// packets errs ...
constexpr size_t kNetDevFields = 11;
// Faster than any link; what is above is no speed.
constexpr uint64_t kMaxMegabits = 100 * 1000 * 1000;
constexpr unsigned kInterfaceUp = 1;  // IFF_UP

bool ParseNetDevLine(std::string_view line, InterfaceCounters& counters) {
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos) return false;
  counters.name = Trim(line.substr(0, colon));
  const auto fields = SplitList(line.substr(colon + 1), ' ');
  if (counters.name.empty() || fields.size() < kNetDevFields) return false;
  uint64_t numbers[kNetDevFields];
  for (size_t i = 0; i < kNetDevFields; ++i) {
    const auto number = ParseCounter(fields[i]);
    if (!number) return false;
    numbers[i] = *number;
  }
  counters.received = numbers[0];
  counters.received_packets = numbers[1];
  counters.receive_errors = numbers[2];
  counters.sent = numbers[8];
  counters.sent_packets = numbers[9];
  counters.send_errors = numbers[10];
  return true;
}

}  // namespace

Result<std::vector<InterfaceCounters>> ParseNetDev(std::string_view text) {
  if (text.find('|') == std::string_view::npos) {
    return Status::Unavailable("Failed to parse /proc/net/dev: it has no heading");
  }
  std::vector<InterfaceCounters> interfaces;
  while (!text.empty() && interfaces.size() < kMaxInterfaces) {
    const size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    InterfaceCounters counters;
    if (ParseNetDevLine(Trim(text.substr(0, end)), counters)) {
      interfaces.push_back(std::move(counters));
    }
    text.remove_prefix(end);
  }
  std::sort(interfaces.begin(), interfaces.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return interfaces;
}

InterfaceFacts MakeInterfaceFacts(std::string_view operstate, std::string_view flags,
                                  std::string_view address, std::string_view speed) {
  InterfaceFacts facts;
  operstate = Trim(operstate);
  if (!operstate.empty()) facts.link_status = operstate;
  flags = Trim(flags);
  if (StartsWith(flags, "0x")) flags.remove_prefix(2);
  unsigned bits = 0;
  std::from_chars(flags.data(), flags.data() + flags.size(), bits, 16);
  facts.enabled = (bits & kInterfaceUp) != 0;
  facts.address = Trim(address);
  // "-1" is the kernel's word for an unknown speed.
  const uint64_t megabits = ParseCounter(speed).value_or(0);
  facts.speed = megabits > kMaxMegabits ? 0 : megabits * 1000 * 1000;
  return facts;
}

}  // namespace nscp::check_system
