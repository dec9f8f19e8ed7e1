#include "workers/check_system/nt_query_win32.h"

#include <windows.h>
// After windows.h, which it needs.
#include <winternl.h>

#include <algorithm>
#include <functional>

#include "proto/cpp/windows_win32.h"

namespace nscp::check_system {
namespace {

constexpr NTSTATUS kLengthMismatch = static_cast<NTSTATUS>(0xC0000004);
constexpr NTSTATUS kBufferTooSmall = static_cast<NTSTATUS>(0xC0000023);
// What is listed may grow between two tries.
constexpr int kTries = 8;

using Ask = std::function<NTSTATUS(void* buffer, ULONG size, ULONG* needed)>;

Result<NtAnswer> Query(const std::string& doing, size_t likely_size, const Ask& ask) {
  NtAnswer answer;
  size_t size = likely_size;
  NTSTATUS status = 0;
  for (int i = 0; i < kTries && size <= kMaxNtAnswer; ++i) {
    answer.bytes.assign(size, '\0');
    ULONG needed = 0;
    status = ask(answer.bytes.data(), static_cast<ULONG>(size), &needed);
    if (status >= 0) {
      answer.address = reinterpret_cast<uintptr_t>(answer.bytes.data());
      if (needed != 0 && needed < size) answer.bytes.resize(needed);
      return answer;
    }
    if (status != kLengthMismatch && status != kBufferTooSmall) break;
    size = std::max<size_t>(size * 2, needed + needed / 8);
  }
  return NtError("Failed to " + doing, status);
}

using QueryEx = NTSTATUS(NTAPI*)(int, void*, ULONG, void*, ULONG, ULONG*);

}  // namespace

Status NtError(const std::string& doing, long status) {
  return WindowsStatus(doing, ::RtlNtStatusToDosError(status));
}

Result<NtAnswer> QueryNt(const char* doing, int information_class, size_t likely_size) {
  return Query(doing, likely_size, [&](void* buffer, ULONG size, ULONG* needed) {
    return ::NtQuerySystemInformation(
        static_cast<SYSTEM_INFORMATION_CLASS>(information_class), buffer, size, needed);
  });
}

Result<NtAnswer> QueryNtGroup(const char* doing, int information_class, uint16_t group,
                              size_t likely_size) {
  const HMODULE library = ::GetModuleHandleW(L"ntdll.dll");
  const auto query = library == nullptr
                         ? nullptr
                         : reinterpret_cast<QueryEx>(reinterpret_cast<void*>(
                               ::GetProcAddress(library, "NtQuerySystemInformationEx")));
  if (query == nullptr) {
    return Status::Unimplemented(
        "This Windows does not tell of processors beyond the first 64");
  }
  return Query(doing, likely_size, [&](void* buffer, ULONG size, ULONG* needed) {
    return query(information_class, &group, sizeof(group), buffer, size, needed);
  });
}

}  // namespace nscp::check_system
