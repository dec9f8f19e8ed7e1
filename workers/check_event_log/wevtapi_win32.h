// wevtapi.dll, loaded at run time, and what it gives: handles, values, texts. Source:
// winevt.h and "Windows Event Log Reference".
#pragma once

#include <windows.h>

#include <winevt.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "proto/cpp/status.h"

namespace nscp::check_event_log {

// The functions in use; a value that any thread may read. The library stays loaded.
struct WevtApi {
  decltype(&::EvtClose) close = nullptr;
  decltype(&::EvtQuery) query = nullptr;
  decltype(&::EvtNext) next = nullptr;
  decltype(&::EvtSeek) seek = nullptr;
  decltype(&::EvtCreateBookmark) create_bookmark = nullptr;
  decltype(&::EvtCreateRenderContext) create_render_context = nullptr;
  decltype(&::EvtRender) render = nullptr;
  decltype(&::EvtOpenPublisherMetadata) open_publisher = nullptr;
  decltype(&::EvtFormatMessage) format_message = nullptr;
  decltype(&::EvtSubscribe) subscribe = nullptr;
  decltype(&::EvtOpenChannelEnum) open_channels = nullptr;
  decltype(&::EvtNextChannelPath) next_channel = nullptr;
  decltype(&::EvtOpenPublisherEnum) open_publishers = nullptr;
  decltype(&::EvtNextPublisherId) next_publisher = nullptr;
  decltype(&::EvtGetPublisherMetadataProperty) publisher_property = nullptr;
  decltype(&::EvtGetObjectArraySize) array_size = nullptr;
  decltype(&::EvtGetObjectArrayProperty) array_property = nullptr;

  // Unimplemented where the library or one of them is missing.
  static Result<WevtApi> Load();
};

// Owns an EVT_HANDLE.
class EvtHandle {
 public:
  EvtHandle() = default;
  EvtHandle(const WevtApi& api, EVT_HANDLE handle) : close_(api.close), handle_(handle) {}
  ~EvtHandle() {
    if (handle_ != nullptr) close_(handle_);
  }
  EvtHandle(EvtHandle&& other) noexcept
      : close_(other.close_), handle_(std::exchange(other.handle_, nullptr)) {}
  EvtHandle& operator=(EvtHandle&& other) noexcept {
    std::swap(close_, other.close_);
    std::swap(handle_, other.handle_);
    return *this;
  }
  EVT_HANDLE get() const { return handle_; }
  explicit operator bool() const { return handle_ != nullptr; }

 private:
  decltype(&::EvtClose) close_ = nullptr;
  EVT_HANDLE handle_ = nullptr;
};

// Values that point into a buffer of their own.
class EvtValues {
 public:
  // Calls `fill(size, buffer, &used)` with a buffer that is large enough, at most
  // kMaxBytes. False with GetLastError() where it fails.
  static constexpr DWORD kMaxBytes = 1024 * 1024;
  template <class Fill>
  bool Read(Fill fill) {
    if (bytes_.empty()) bytes_.resize(kFirst);
    DWORD used = 0;
    if (fill(static_cast<DWORD>(bytes_.size() * sizeof(EVT_VARIANT)), bytes_.data(),
             &used)) {
      return true;
    }
    if (::GetLastError() != ERROR_INSUFFICIENT_BUFFER || used > kMaxBytes) return false;
    bytes_.resize(used / sizeof(EVT_VARIANT) + 1);
    return fill(static_cast<DWORD>(bytes_.size() * sizeof(EVT_VARIANT)), bytes_.data(),
                &used);
  }
  const EVT_VARIANT& operator[](size_t i) const { return bytes_[i]; }

 private:
  static constexpr size_t kFirst = 256;
  std::vector<EVT_VARIANT> bytes_;
};

// Each is empty or 0 for a value of another type.
uint64_t EvtNumber(const EVT_VARIANT& value);
std::string EvtString(const EVT_VARIANT& value);
std::string EvtGuid(const EVT_VARIANT& value);
std::string EvtSid(const EVT_VARIANT& value);
// Of any type, as the event viewer inserts it into a message.
std::string EvtText(const EVT_VARIANT& value);

}  // namespace nscp::check_event_log
