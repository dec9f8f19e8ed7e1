// The services of a Windows machine, from its service manager. Keeps nothing between two
// calls: any thread.
//
// Source: EnumServicesStatusEx, QueryServiceConfig and QueryServiceConfig2 of the Windows
// API; the numbers are those of winsvc.h and winnt.h.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "proto/cpp/status.h"

namespace nscp::check_system {

// Services taken of one list; the rest is left out.
constexpr size_t kMaxServices = 20000;

// SERVICE_STOPPED and following.
enum class WindowsState : uint32_t {
  kUnknown = 0,
  kStopped = 1,
  kStarting = 2,
  kStopping = 3,
  kRunning = 4,
  kContinuing = 5,
  kPausing = 6,
  kPaused = 7,
};

// SERVICE_BOOT_START and following; the last three are ours.
enum class WindowsStart : uint32_t {
  kBoot = 0,
  kSystem = 1,
  kAuto = 2,
  kDemand = 3,
  kDisabled = 4,
  kDelayed = 5,  // with Windows, but some minutes later
  kTrigger = 6,  // with Windows, or when something happens that it waits for
  kUnknown = 7,  // not asked for, or not told
};

struct WindowsService {
  std::string name;
  std::string display;  // what the list of services shows
  uint32_t type = 0;    // bits of SERVICE_WIN32, SERVICE_DRIVER ...
  WindowsState state = WindowsState::kUnknown;
  uint32_t exit_code = 0;  // of its last run; its own where it has one
  uint32_t pid = 0;
  WindowsStart start = WindowsStart::kUnknown;  // kBoot to kDisabled
  bool delayed = false;
  bool trigger = false;
};

constexpr uint32_t kServiceTypeDriver = 0x0B;
constexpr uint32_t kServiceTypeKernelDriver = 0x01;
constexpr uint32_t kServiceTypeFileSystem = 0x02;
constexpr uint32_t kServiceTypeOwnProcess = 0x10;
constexpr uint32_t kServiceTypeShareProcess = 0x20;
constexpr uint32_t kServiceTypeService = 0x30;
constexpr uint32_t kServiceTypeAll = 0x3B;

struct ServiceQuery {
  std::string computer;  // empty = this one
  uint32_t types = kServiceTypeService;
  bool config = false;  // start, delayed, trigger: a question for each service
  // Which services are wanted; the others are left out unread. May be empty: all are.
  std::function<bool(const WindowsService&)> wanted;
  // True once nobody waits for the answer. May be empty.
  std::function<bool()> cancelled;
};

class WindowsServices {
 public:
  virtual ~WindowsServices() = default;
  virtual Result<std::vector<WindowsService>> List(const ServiceQuery& query) const = 0;
};

// The system's own list; an error where it is not Windows.
std::unique_ptr<WindowsServices> MakeWindowsServices();

}  // namespace nscp::check_system
