// One line on standard error that says what takes long, and for how long already; written
// over until it is gone. Only on a terminal; elsewhere nothing is ever written.
//
// Made and dropped by one thread; has a thread of its own in between.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "kernel/output/screen.h"

namespace nscp::kernel {

class Progress {
 public:
  // What is done sooner shows nothing.
  static constexpr std::chrono::milliseconds kPatience{300};
  static constexpr std::chrono::milliseconds kStep{1000};

  // `doing` is clean text: "loading CheckDisk".
  Progress(const Screen& screen, std::string doing);
  ~Progress();  // the line is gone
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // From now on this is being done.
  void Say(std::string doing);

 private:
  void Run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::string doing_;
  bool said_ = false;
  bool ended_ = false;
  std::thread thread_;
};

}  // namespace nscp::kernel
