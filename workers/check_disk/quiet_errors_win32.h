// While it lives, its thread gets an error where Windows would ask the user to put in a
// medium: a service has nobody who could answer. Includes windows.h. One thread.
#pragma once

#include <windows.h>

namespace nscp::check_disk {

class QuietErrors {
 public:
  QuietErrors() {
    ::SetThreadErrorMode(SEM_FAILCRITICALERRORS | SEM_NOOPENFILEERRORBOX, &before_);
  }
  ~QuietErrors() { ::SetThreadErrorMode(before_, nullptr); }
  QuietErrors(const QuietErrors&) = delete;
  QuietErrors& operator=(const QuietErrors&) = delete;

 private:
  DWORD before_ = 0;
};

}  // namespace nscp::check_disk
