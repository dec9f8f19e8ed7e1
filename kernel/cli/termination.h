// Waiting for the end of a program that runs until it is told to stop: SIGTERM and SIGINT
// on POSIX, the console's and the service manager's word on Windows. Nothing is done in a
// signal handler: the signals are blocked and read like input.
//
// Make it in main before any thread starts, so that all threads inherit the blocking.
// Wait belongs to one thread; Ask may be called from any.
#pragma once

#include <memory>
#include <string_view>

#include "proto/cpp/status.h"

namespace nscp::kernel {

class Termination {
 public:
  static Result<std::unique_ptr<Termination>> Create();
  virtual ~Termination() = default;

  // Blocks until one of them comes; its number, or 0 after Ask.
  virtual int Wait() = 0;
  virtual void Ask() = 0;
};

// Tells the service manager (sd_notify(3); nothing without NOTIFY_SOCKET).
void NotifyServiceManager(std::string_view state);

}  // namespace nscp::kernel
