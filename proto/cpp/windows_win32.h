// What every room needs that speaks to Windows itself: its UTF-16 beside our UTF-8, its
// errors as sentences, and its handles. Any thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "proto/cpp/status.h"

namespace nscp {

// What is neither UTF-8 nor UTF-16 becomes U+FFFD.
std::wstring Wide(std::string_view text);
std::string Utf8(std::wstring_view text);

// One line that CommandLineToArgvW, as every C program's start, takes apart into these
// words.
std::wstring CommandLineOf(const std::vector<std::string>& words);

// "Access is denied (error 5)": the system's words in its language, on one line. `code`
// is of GetLastError, an HRESULT or an LSTATUS.
std::string WindowsError(unsigned long code);
// "<doing>: <the words of code>", of the kind that fits the code: kNotFound,
// kPermissionDenied, kUnimplemented, else kUnavailable.
Status WindowsStatus(const std::string& doing, unsigned long code);
// The same of GetLastError(): call it before anything else does.
Status LastError(const std::string& doing);

// Owns a HANDLE that CloseHandle closes; null and INVALID_HANDLE_VALUE are none.
class Handle {
 public:
  Handle() = default;
  explicit Handle(void* handle) : handle_(handle) {}
  ~Handle() { Close(); }
  Handle(Handle&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Handle& operator=(Handle&& other) noexcept {
    if (this != &other) {
      Close();
      handle_ = std::exchange(other.handle_, nullptr);
    }
    return *this;
  }

  bool open() const;
  void* get() const { return handle_; }
  // For functions that give a handle by pointer: what was owned is closed first.
  void** Receive() {
    Close();
    return &handle_;
  }
  void* Release() { return std::exchange(handle_, nullptr); }
  void Close();

 private:
  void* handle_ = nullptr;
};

}  // namespace nscp
