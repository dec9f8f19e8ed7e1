// The processes that run, from the operating system. A source keeps nothing between two
// calls: any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "proto/cpp/status.h"

namespace nscp::check_system {

// Bounds: processes looked at in one call, bytes kept of a command line.
constexpr size_t kMaxProcesses = 1000000;
constexpr size_t kMaxCommandLine = 32 * 1024;

// Texts are bytes and need not be UTF-8.
struct Process {
  int64_t pid = 0;
  int64_t parent = 0;
  int64_t uid = -1;  // real; -1 = not known
  std::string exe;   // name without folders
  std::string filename;
  std::string command_line;  // arguments joined by blanks
  std::string username;
  std::string error;          // why it could not be read
  char letter = '?';          // state as in proc(5): R S D Z T t X I P
  uint64_t virtual_size = 0;  // bytes, here and below
  uint64_t working_set = 0;
  uint64_t peak_virtual_size = 0;
  uint64_t peak_working_set = 0;
  uint64_t page_faults = 0;  // on Linux major ones, on Windows all
  uint64_t user_ticks = 0;   // of the processor, since its start
  uint64_t kernel_ticks = 0;
  uint64_t start_ticks = 0;  // with the pid: which process it is
  int64_t elapsed = 0;       // seconds since its start
  // Windows alone.
  uint64_t page_file = 0;  // bytes that it could write to the page file, and the most
  uint64_t peak_page_file = 0;
  int64_t threads = 0;
  int64_t handles = 0;
  int64_t gdi_handles = 0;
  int64_t user_handles = 0;
  bool hung = false;   // a window of it takes no input
  bool wow64 = false;  // a program of 32 bits
};

// What is dear to read is read only when somebody looks at it.
struct ProcessWish {
  bool executable = true;  // exe, filename
  bool command_line = false;
  bool details = false;  // uid, peaks
  // On Windows alone, where only name, parent, sizes and times come with the list.
  bool path = false;     // filename
  bool owner = false;    // username
  bool windows = false;  // hung
  bool objects = false;  // gdi_handles, user_handles
  bool wow64 = false;
  // Look whether it may be opened, which is an `error` of one that may not. Else one that
  // may not has what the list tells, and is short of the above.
  bool access = false;
  // Whether a process with this exe is wanted; the others are left unread where that is
  // cheap. May be empty: all are.
  std::function<bool(std::string_view exe)> wanted;
  // True once nobody waits for the answer. May be empty.
  std::function<bool()> cancelled;
};

class ProcessSource {
 public:
  virtual ~ProcessSource() = default;
  // Calls `visit` for each process until it gives false. Processes that end meanwhile are
  // left out; one that cannot be read has an `error`. An error says why there is no
  // (whole) list.
  virtual Status ForEach(const ProcessWish& wish,
                         const std::function<bool(Process&&)>& visit) const = 0;
  // One process with its figures; what stands behind links and in command lines is left
  // out.
  virtual Result<Process> Find(int64_t pid) const = 0;
  // Ticks of all processors together since the system's start, the idle ones too.
  virtual Result<uint64_t> TotalTicks() const = 0;
  virtual uint64_t ticks_per_second() const = 0;
};

// The system's own source.
std::unique_ptr<ProcessSource> MakeProcessSource();

}  // namespace nscp::check_system
