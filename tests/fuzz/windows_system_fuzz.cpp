// Any bytes as what the kernel of Windows tells of processors, counters and processes,
// and as words of an old command.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "proto/cpp/text.h"
#include "tests/fuzz/check.h"
#include "workers/check_system/legacy_commands.h"
#include "workers/check_system/nt_counters.h"
#include "workers/check_system/nt_cpu_times.h"
#include "workers/check_system/nt_process_list.h"
#include "workers/check_system/windows_service_class.h"

namespace {

using namespace nscp::check_system;

void ReadAnswers(std::string_view bytes) {
  CpuSample sample;
  AddNtProcessors(bytes, sample);
  nscp::fuzz::Check(sample.cores.size() == bytes.size() / 48 ||
                    sample.cores.size() == kMaxCores);
  nscp::fuzz::Check(ParseNtCounters(bytes).has_value() == (bytes.size() >= 312));
  size_t count = 0;
  const auto visit = [&](std::u16string_view name, Process&& process) {
    nscp::fuzz::Check(name.size() <= bytes.size() && process.elapsed >= 0);
    return ++count < 100;
  };
  (void)ForEachNtProcess(bytes, 0, UINT64_MAX, visit).ok();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  ReadAnswers(text);
  const std::vector<std::string> words = nscp::Split(text, '\n');
  for (const char* name :
       {"checkcpu", "checkmem", "checkprocstate", "checkservicestate", "checkuptime"}) {
    (void)TranslateLegacy(name, words).ok();
  }
  nscp::fuzz::Check(!ServiceClass(text).empty());
  return 0;
}
