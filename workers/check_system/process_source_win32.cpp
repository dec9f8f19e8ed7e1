#include "workers/check_system/process_source.h"

#include <windows.h>
// After windows.h, which it needs.
#include <winternl.h>

#include "proto/cpp/windows_win32.h"
#include "workers/check_system/cpu_source.h"
#include "workers/check_system/nt_process_list.h"
#include "workers/check_system/nt_query_win32.h"
#include "workers/check_system/process_details_win32.h"

namespace nscp::check_system {
namespace {

constexpr size_t kLikelyList = 512 * 1024;

uint64_t Now() {
  FILETIME now{};
  ::GetSystemTimeAsFileTime(&now);
  return (static_cast<uint64_t>(now.dwHighDateTime) << 32) | now.dwLowDateTime;
}

Result<NtAnswer> ReadList() {
  return QueryNt("list processes", SystemProcessInformation, kLikelyList);
}

std::string ToText(std::u16string_view name) {
  return Utf8(std::wstring(name.begin(), name.end()));
}

class NtSource final : public ProcessSource {
 public:
  Status ForEach(const ProcessWish& wish,
                 const std::function<bool(Process&&)>& visit) const override {
    ASSIGN_OR_RETURN(const NtAnswer list, ReadList());
    const std::set<int64_t> hung = wish.windows ? HungProcesses() : std::set<int64_t>();
    TokenOwners owners;
    bool is_cancelled = false;
    const auto take = [&](std::u16string_view name, Process&& process) {
      is_cancelled = wish.cancelled && wish.cancelled();
      if (is_cancelled) return false;
      process.exe = ToText(name);
      if (wish.wanted && !wish.wanted(process.exe)) return true;
      process.hung = hung.count(process.pid) > 0;
      ReadProcessDetails(wish, owners, process);
      return visit(std::move(process));
    };
    RETURN_IF_ERROR(ForEachNtProcess(list.bytes, list.address, Now(), take));
    if (!is_cancelled) return Status::Ok();
    return Status::Cancelled("Listing processes was stopped: nobody waits for it");
  }

  Result<Process> Find(int64_t pid) const override {
    ASSIGN_OR_RETURN(const NtAnswer list, ReadList());
    Result<Process> found =
        Status::NotFound("There is no process " + std::to_string(pid));
    const auto take = [&](std::u16string_view name, Process&& process) {
      if (process.pid != pid) return true;
      process.exe = ToText(name);
      found = std::move(process);
      return false;
    };
    RETURN_IF_ERROR(ForEachNtProcess(list.bytes, list.address, Now(), take));
    return found;
  }

  Result<uint64_t> TotalTicks() const override {
    ASSIGN_OR_RETURN(const CpuSample sample, ReadCpu());
    return sample.total.user + sample.total.kernel + sample.total.idle;
  }

  uint64_t ticks_per_second() const override { return kNtTicksPerSecond; }
};

}  // namespace

std::unique_ptr<ProcessSource> MakeProcessSource() {
  return std::make_unique<NtSource>();
}

}  // namespace nscp::check_system
