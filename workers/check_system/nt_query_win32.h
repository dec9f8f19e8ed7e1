// What NtQuerySystemInformation answers, as bytes: figures that Windows has no other
// function for (winternl.h; the layouts are those that its debugger symbols show, which
// have not changed since Windows 7). Any thread.
#pragma once

#include <cstdint>
#include <string>

#include "proto/cpp/status.h"

namespace nscp::check_system {

// More than the list of a hundred thousand processes.
constexpr size_t kMaxNtAnswer = 256u * 1024 * 1024;

struct NtAnswer {
  std::string bytes;
  // Where Windows wrote them: pointers in them count from here.
  uint64_t address = 0;
};

// `doing` is for the error: "list processes".
Result<NtAnswer> QueryNt(const char* doing, int information_class, size_t likely_size);
// The same of one group of processors; kUnimplemented where the system has no groups.
Result<NtAnswer> QueryNtGroup(const char* doing, int information_class, uint16_t group,
                              size_t likely_size);
// An NTSTATUS in the words of Windows.
Status NtError(const std::string& doing, long status);

}  // namespace nscp::check_system
