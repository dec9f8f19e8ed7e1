#include "workers/check_system/nt_counters.h"

#include <cstring>

namespace nscp::check_system {
namespace {

// Where the counters stand, in bytes.
constexpr size_t kPageFaults = 60;
constexpr size_t kPagesRead = 80;
constexpr size_t kPageReads = 84;
constexpr size_t kPagefilePagesWritten = 96;
constexpr size_t kContextSwitches = 296;
constexpr size_t kShortest = 312;

uint32_t At(std::string_view answer, size_t offset) {
  uint32_t value = 0;
  std::memcpy(&value, answer.data() + offset, sizeof(value));
  return value;
}

}  // namespace

std::optional<NtCounters> ParseNtCounters(std::string_view answer) {
  if (answer.size() < kShortest) return std::nullopt;
  NtCounters counters;
  counters.paging.page_faults = At(answer, kPageFaults);
  counters.paging.major_faults = At(answer, kPageReads);
  counters.paging.swapped_in = At(answer, kPagesRead);
  counters.paging.swapped_out = At(answer, kPagefilePagesWritten);
  counters.context_switches = At(answer, kContextSwitches);
  return counters;
}

}  // namespace nscp::check_system
