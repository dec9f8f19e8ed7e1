// Times and sizes in a form that people read at a glance. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace nscp::kernel {

// The two largest units: "45 s", "3 min 7 s", "2 h 5 min", "12 d 3 h".
std::string DurationText(std::chrono::milliseconds duration);
// "512 B", "14.2 MiB".
std::string BytesText(uint64_t bytes);

}  // namespace nscp::kernel
