// The supervisor: one slot for each module instance, at most one routed process
// (incarnation) in it. It starts processes, watches them, stops them, and decides when to
// try again. It knows no gRPC: the protocol with a worker is behind WorkerPort, which the
// broker's side implements.
//
// One thread owns all slots (its loop also spawns, because the parent-death signal is
// bound to the spawning thread). Every public function may be called from any thread; it
// posts to the loop and returns at once, unless its comment says otherwise. Callbacks run
// on the loop and must not block; they may call public functions.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/cpp/status.h"

namespace nscp::kernel {

// Counts up over all slots for the kernel's life; never reused.
using IncarnationId = uint64_t;

enum class SlotState { kStopped, kStarting, kRunning, kDraining, kBackoff, kRefused };
std::string_view SlotStateName(SlotState state);

enum class RestartPolicy { kAlways, kOnFailure, kNever };

// Enforced by the operating system in nscp-launch, before the worker's program runs. 0 =
// none.
struct Limits {
  uint64_t data_bytes =
      0;  // RLIMIT_DATA: gRPC reserves gigabytes of addresses, so not RLIMIT_AS
  uint32_t open_files = 0;
  uint32_t core_bytes = 0;
};

struct WorkerSpec {
  std::string slot;                    // instance id: the alias, else the module's name
  std::string module;                  // "CheckSystem"
  std::string program;                 // absolute path
  std::vector<std::string> arguments;  // after argv[0]; holds the module's name
  std::string working_folder;          // empty = the kernel's
  Limits limits;
  RestartPolicy restart = RestartPolicy::kAlways;
  // POSIX only, all optional; see nscp-launch.
  std::string user;                // run as this user, with the user's groups
  std::string cgroup;              // folder of a cgroup that the process joins
  bool drop_capabilities = false;  // even root keeps none
};

// How many records of ends a slot keeps.
constexpr size_t kKeptEnds = 10;

// How one incarnation ended. The supervisor keeps the last kKeptEnds of each slot.
struct EndRecord {
  IncarnationId incarnation = 0;
  int64_t pid = 0;
  std::optional<int> exit_code;
  std::optional<int> signal;
  bool abandoned = false;  // even SIGKILL did not end it in time; reaped when it ends
  bool wanted = false;     // asked for: stop, replacement, shutdown
  std::string
      reason;  // one readable line: "killed by signal 9", "exited with code 3", ...
  std::chrono::system_clock::time_point ended;
  std::chrono::milliseconds uptime{0};
  std::vector<std::string> last_calls;  // from WorkerPort::Gone
  std::vector<std::string> last_lines;  // of stdout and stderr
};

struct SlotStatus {
  std::string slot;
  std::string module;
  bool wanted = false;  // the wanted state is running
  SlotState state = SlotState::kStopped;
  std::string reason;  // why it is in this state, in one line
  int64_t pid = 0;     // 0 = no process
  IncarnationId incarnation = 0;
  uint64_t restarts = 0;  // starts after an unwanted end, over the kernel's life
  std::optional<std::chrono::system_clock::time_point> next_try;  // in backoff
  std::optional<std::chrono::system_clock::time_point> started;   // when it became ready
  uint32_t leaving = 0;  // processes being stopped or abandoned beside the routed one
  std::vector<EndRecord> ends;  // oldest first
};

// What a start ended with.
struct StartOutcome {
  enum class Kind { kReady, kRefused, kFailed } kind = Kind::kFailed;
  std::string reason;
};

// The protocol side of a worker, called on the loop.
class WorkerPort {
 public:
  virtual ~WorkerPort() = default;

  // A process is about to be started. Makes its tokens and its folder and gives the birth
  // line (one line of JSON, no line end) that the supervisor writes to the process's
  // lifeline.
  virtual Result<std::string> Prepare(const WorkerSpec& spec,
                                      IncarnationId incarnation) = 0;
  // Host.Attach has come (Supervisor::Attached): call Worker.Start; answer with
  // Supervisor::Started. `deadline` is that of the whole start.
  virtual void Start(const std::string& slot, IncarnationId incarnation,
                     std::chrono::steady_clock::time_point deadline) = 0;
  // The incarnation is ready: route the slot's names to it, away from any other.
  virtual void Route(const std::string& slot, IncarnationId incarnation) = 0;
  // Ask the standard health service once; answer with Supervisor::Health.
  virtual void CheckHealth(const std::string& slot, IncarnationId incarnation,
                           std::chrono::milliseconds deadline) = 0;
  // Route nothing new to it and wait for its calls; answer with Supervisor::Drained.
  virtual void Drain(const std::string& slot, IncarnationId incarnation,
                     std::chrono::milliseconds deadline) = 0;
  // Worker.Stop: the process should exit by itself. No answer needed.
  virtual void Stop(const std::string& slot, IncarnationId incarnation,
                    std::chrono::milliseconds deadline) = 0;
  // The process has ended: the calls it was busy with, for the record of its end.
  virtual std::vector<std::string> BusyWith(IncarnationId incarnation) = 0;
  // The process has ended or is abandoned, and Slots() shows it: its tokens are void,
  // calls in flight get their UNKNOWN now. A caller who then asks why gets the new state.
  virtual void Gone(const std::string& slot, IncarnationId incarnation,
                    const EndRecord& end) = 0;
  // A line that the worker wrote to stdout or stderr (bytes, already cut and
  // rate-limited).
  virtual void Output(const std::string& slot, IncarnationId incarnation,
                      const std::string& line) = 0;
  // Something worth a log line: start, end, backoff, abandoned. `error` false =
  // information.
  virtual void Note(const std::string& slot, bool error, const std::string& message) = 0;
};

struct SupervisorTimings {
  std::chrono::milliseconds start{10000};  // spawn until Start's answer
  std::chrono::milliseconds health_every{5000};
  std::chrono::milliseconds health_deadline{2000};
  int health_misses = 3;
  std::chrono::milliseconds drain{5000};
  std::chrono::milliseconds stop{2000};       // after Worker.Stop, before SIGTERM
  std::chrono::milliseconds terminate{2000};  // after SIGTERM, before SIGKILL
  std::chrono::milliseconds kill{2000};       // after SIGKILL, then abandoned
  std::chrono::milliseconds backoff_first{500};
  std::chrono::milliseconds backoff_cap{60000};
  std::chrono::milliseconds backoff_reset{60000};  // of health
};

class Supervisor {
 public:
  struct Options {
    std::string launch_program;  // nscp-launch
    SupervisorTimings timings;
  };
  // Told of a load, an unload or a replacement, once, on the loop.
  using Done = std::function<void(Status)>;

  // `port` outlives the supervisor. One supervisor in a process: on POSIX it makes the
  // process the one that orphaned descendants fall to, and reaps those that it does not
  // know.
  static Result<std::unique_ptr<Supervisor>> Create(Options options, WorkerPort& port);
  virtual ~Supervisor() = default;  // Shutdown(), if that was not called

  // Wants the slot running. Done when the start has ended, well or badly; a slot that
  // runs already is a success at once. Loading a refused or backing-off slot tries again
  // now.
  virtual void Load(WorkerSpec spec, Done done) = 0;
  // Wants it stopped; Done when its process is gone or abandoned. Not running:
  // FailedPrecondition.
  virtual void Unload(const std::string& slot, Done done) = 0;
  // A new incarnation beside the old; Done when the routes are switched, or with the
  // reason why the old one stays.
  virtual void Replace(WorkerSpec spec, Done done) = 0;

  // What the protocol side learned; a stale incarnation is ignored.
  virtual void Attached(const std::string& slot, IncarnationId incarnation) = 0;
  virtual void Started(const std::string& slot, IncarnationId incarnation,
                       StartOutcome outcome) = 0;
  virtual void Health(const std::string& slot, IncarnationId incarnation,
                      bool answered) = 0;
  virtual void Drained(const std::string& slot, IncarnationId incarnation) = 0;
  // Too many of its threads are set aside with calls past their deadline: replace it.
  virtual void Stuck(const std::string& slot, IncarnationId incarnation) = 0;

  // Hands the worker an open descriptor over its lifeline, announced by one line of text
  // ("descriptor <name>", at most 255 printable ASCII characters without blanks); the
  // caller keeps its own copy. Waits for the loop. POSIX only.
  virtual Status PassDescriptor(const std::string& slot, IncarnationId incarnation,
                                const std::string& name, int descriptor) = 0;

  // A copy of all slots, in order of their first load. Never waits for the loop's work.
  virtual std::vector<SlotStatus> Slots() const = 0;

  // Stops all slots in parallel, waits until each is gone or abandoned (bounded by the
  // timings), then ends the loop. Waits. Idempotent.
  virtual void Shutdown() = 0;
};

}  // namespace nscp::kernel
