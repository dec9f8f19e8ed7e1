// A process that hosts a supervisor, for the tests to kill. Each argument is a mode of
// fake_process; when all workers run it prints the pid of each in a line, then "ready",
// and waits for the end of its standard input.
#include <unistd.h>

#include <cstdio>
#include <future>
#include <string>
#include <vector>

#include "kernel/supervisor/supervisor.h"

namespace nscp::kernel {
namespace {

// Every worker that attaches is ready.
class Port : public WorkerPort {
 public:
  void Use(Supervisor& supervisor) { supervisor_ = &supervisor; }

  Result<std::string> Prepare(const WorkerSpec&, IncarnationId) override {
    return std::string("{}");
  }
  void Start(const std::string& slot, IncarnationId incarnation,
             std::chrono::steady_clock::time_point) override {
    supervisor_->Started(slot, incarnation, {StartOutcome::Kind::kReady, ""});
  }
  void Route(const std::string&, IncarnationId) override {}
  void CheckHealth(const std::string& slot, IncarnationId incarnation,
                   std::chrono::milliseconds) override {
    supervisor_->Health(slot, incarnation, true);
  }
  void Drain(const std::string&, IncarnationId, std::chrono::milliseconds) override {}
  void Stop(const std::string&, IncarnationId, std::chrono::milliseconds) override {}
  std::vector<std::string> BusyWith(IncarnationId) override { return {}; }
  void Gone(const std::string&, IncarnationId, const EndRecord&) override {}
  void Output(const std::string& slot, IncarnationId incarnation,
              const std::string& line) override {
    if (line == "attach") supervisor_->Attached(slot, incarnation);
  }
  void Note(const std::string&, bool error, const std::string& message) override {
    if (error) fprintf(stderr, "%s\n", message.c_str());
  }

 private:
  Supervisor* supervisor_ = nullptr;
};

int Main(const std::vector<std::string>& modes) {
  Port port;
  auto supervisor = Supervisor::Create({NSCP_LAUNCH_PROGRAM, {}}, port);
  if (!supervisor.ok()) return 1;
  port.Use(**supervisor);
  for (size_t i = 0; i < modes.size(); ++i) {
    WorkerSpec spec;
    spec.slot = spec.module = "worker" + std::to_string(i);
    spec.program = NSCP_FAKE_PROCESS;
    spec.arguments = {modes[i]};
    std::promise<Status> answer;
    (*supervisor)->Load(spec, [&answer](const Status& status) {
      answer.set_value(status);
    });
    if (!answer.get_future().get().ok()) return 1;
  }
  for (const SlotStatus& slot : (*supervisor)->Slots()) printf("%ld\n", slot.pid);
  printf("ready\n");
  fflush(stdout);
  char byte = 0;
  while (read(STDIN_FILENO, &byte, 1) > 0) {
  }
  return 0;
}

}  // namespace
}  // namespace nscp::kernel

int main(int argc, char** argv) {
  return nscp::kernel::Main(std::vector<std::string>(argv + 1, argv + argc));
}
