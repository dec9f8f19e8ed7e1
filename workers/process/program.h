// Runs another program: a script, a tool of the system. Its process group (on Windows its
// job) is ended as a whole when its time is over. The words go to the program as they
// are; a shell comes in only where the caller gives a line for one.
//
// Any thread, several at once. Sources: posix_spawn(3),
// pidfd_open(2), killpg(3); on Windows CreateProcess and Job Objects.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "proto/cpp/status.h"

namespace nscp::process {

// From the friendly end of a process to the other one.
constexpr std::chrono::milliseconds kTermLimit{2000};
// How long an ended program's output may still be held open by what it left behind.
constexpr std::chrono::milliseconds kLinger{500};
// A process that even a kill does not end (it waits for a dead file system) is left.
constexpr std::chrono::milliseconds kReapLimit{2000};
// How soon a caller that has gone is noticed.
constexpr std::chrono::milliseconds kCancelPoll{100};

struct Program {
  // The program, found by PATH when it is a bare name and from `folder` on when it is a
  // relative one, and its arguments.
  std::vector<std::string> words;
  // Where there are no words: a line for the system's own way of running one, which is
  // `sh -c` on POSIX; Windows' programs take lines apart themselves.
  std::string line;
  std::string folder;  // to run in; empty = the caller's
  std::chrono::milliseconds limit{60000};
  // Bytes of output that are kept; the rest is read and dropped.
  size_t max_output = 1024 * 1024;
};

enum class End {
  kExited,     // code: its exit code
  kSignal,     // code: the signal
  kTimedOut,   // and was ended
  kCancelled,  // and was ended
};

struct Outcome {
  End end = End::kExited;
  int code = 0;
  std::string output;  // standard output and error, as they came
  bool cut = false;    // there was more
};

// Waits for its end. Standard input is empty. NotFound or PermissionDenied with the
// system's reason when it cannot be started.
Result<Outcome> Run(const Program& program, const std::function<bool()>& cancelled);

// Programs that nobody waits for: their output is dropped, they have no time limit, and
// they outlive the caller. One object starts them all, so that those that ended are
// reaped. Any thread.
class Background {
 public:
  // Running at a time.
  static constexpr size_t kMost = 256;

  explicit Background(size_t most = kMost);
  ~Background();
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  // ResourceExhausted while `most` run, else as Run.
  Status Start(const Program& program);

 private:
  struct State;
  const size_t most_;
  std::unique_ptr<State> state_;
};

}  // namespace nscp::process
