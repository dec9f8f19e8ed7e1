// Any bytes as what a container engine answers: lists and figures stay within bounds, and
// an id that becomes part of a path is hex.
#include <cstdint>
#include <string>
#include <string_view>

#include "tests/fuzz/check.h"
#include "workers/check_docker/containers.h"
#include "workers/check_docker/disk_usage.h"
#include "workers/check_docker/engine.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nscp::check_docker;
  using nscp::fuzz::Check;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  Check(!ReadAnswer(500, bytes).ok());
  Check(ParseTime(std::string(bytes)) >= -1);
  const auto answer = ReadAnswer(200, bytes);
  if (!answer.ok()) return 0;
  ChooseVersion(*answer);
  if (const auto containers = ParseContainers(*answer); containers.ok()) {
    for (const Container& container : *containers) {
      Check(container.id.find_first_not_of("0123456789abcdefABCDEF") ==
            std::string::npos);
      container.IsCalled(container.names);
    }
  }
  if (const auto details = ParseDetails(*answer); details.ok()) {
    Check(details->restart_count >= 0 && details->started_at >= -1);
  }
  if (const auto usage = ParseUsage(*answer); usage.ok()) {
    Check(usage->cpu_percent >= 0 && usage->memory_used >= 0 &&
          usage->MemoryPercent() >= 0);
  }
  if (const auto disk = ParseDiskUsage(*answer); disk.ok()) {
    Check(disk->TotalSize() >= 0 && disk->TotalReclaimable() >= 0);
    Check(!disk->Message().empty());
  }
  return 0;
}
