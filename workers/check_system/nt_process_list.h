// The list of processes as NtQuerySystemInformation tells it
// (SYSTEM_PROCESS_INFORMATION of 64 bits): names, sizes, times and handles of all of them
// without opening one. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "workers/check_system/process_source.h"

namespace nscp::check_system {

// Tenths of a microsecond, as all times of Windows, which count since 1601.
constexpr uint64_t kNtTicksPerSecond = 10000000;

// Calls `visit` with each process and its name in UTF-16, until it gives false. `address`
// is where the answer stood when its pointers were written, `now` a time of Windows. The
// idle process is none. An error for a list that is cut off or mad.
using VisitNt = std::function<bool(std::u16string_view name, Process&& process)>;
Status ForEachNtProcess(std::string_view answer, uint64_t address, uint64_t now,
                        const VisitNt& visit);

}  // namespace nscp::check_system
