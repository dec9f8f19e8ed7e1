// Standard output for what goes on until it is told to end: nothing is dropped where the
// reader is slow, and waiting for the reader ends when it is told to. One thread.
#pragma once

#include <atomic>
#include <chrono>
#include <string_view>

namespace nscp::kernel {

// How late `stop` may be seen.
constexpr std::chrono::milliseconds kOutputStep{100};

// kGone: nobody will ever read it. On Windows `stop` is seen between two pieces alone.
enum class Written { kAll, kGone, kStopped };
Written WriteOutput(std::string_view text, const std::atomic<bool>& stop);

}  // namespace nscp::kernel
