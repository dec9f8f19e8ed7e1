#include "kernel/supervisor/run_program.h"

#include <algorithm>

#include "kernel/supervisor/process.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace {

using Clock = std::chrono::steady_clock;

constexpr IncarnationId kOnly = 1;
constexpr int kLastReads = 16;  // a pipe holds no more than so often kMaxRead

void Append(const std::string& bytes, std::string* output) {
  output->append(bytes, 0,
                 kMaxProgramOutput - std::min(kMaxProgramOutput, output->size()));
}

class Run {
 public:
  explicit Run(const ProgramRun& run) : run_(run) {}

  Result<ProgramEnd> Do() {
    ASSIGN_OR_RETURN(host_, ProcessHost::Create(run_.launch_program));
    WorkerSpec spec;
    spec.program = run_.program;
    spec.arguments = run_.arguments;
    spec.limits = run_.limits;
    ASSIGN_OR_RETURN(process_, host_->Spawn(spec, kOnly, run_.line));
    const Status status = Await(Clock::now() + run_.limit);
    if (!status.ok()) {
      process_->Kill();
      AwaitEnd(Clock::now() + kProgramFarewell);
    }
    ReadAll();
    ExitStatus exit = process_->Reap();
    RETURN_IF_ERROR(status);
    end_.code = exit.code;
    end_.how = std::move(exit.text);
    return std::move(end_);
  }

 private:
  Status Await(Clock::time_point deadline) {
    while (!AwaitEnd(std::min(deadline, Clock::now() + kCancelPause))) {
      if (run_.cancelled && run_.cancelled()) {
        return Status::Cancelled(run_.program + ": it is not wanted any more");
      }
      if (Clock::now() < deadline) continue;
      return Status::DeadlineExceeded(run_.program + ": not within " +
                                      FormatSeconds(run_.limit));
    }
    return Status::Ok();
  }

  bool AwaitEnd(Clock::time_point until) {
    for (;;) {
      const auto left =
          std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
      const auto events = host_->Wait(std::max(left, std::chrono::milliseconds(0)));
      bool ended = false;
      for (const ProcessEvent& event : events) {
        ended = ended || event.kind == ProcessEvent::Kind::kEnded;
        if (event.kind == ProcessEvent::Kind::kStdout) Read(Stream::kStdout, &end_.out);
        if (event.kind == ProcessEvent::Kind::kStderr) Read(Stream::kStderr, &end_.err);
      }
      if (ended) return true;
      if (Clock::now() >= until) return false;
    }
  }

  bool Read(Stream stream, std::string* output) {
    const std::string bytes = process_->Read(stream);
    Append(bytes, output);
    return !bytes.empty();
  }
  // What it wrote last: a pipe is small, so this has an end.
  void ReadAll() {
    for (int i = 0; i < kLastReads && Read(Stream::kStdout, &end_.out); ++i) continue;
    for (int i = 0; i < kLastReads && Read(Stream::kStderr, &end_.err); ++i) continue;
  }

  const ProgramRun& run_;
  std::unique_ptr<ProcessHost> host_;  // outlives the process
  std::unique_ptr<Process> process_;
  ProgramEnd end_;
};

}  // namespace

Result<ProgramEnd> RunProgram(const ProgramRun& run) { return Run(run).Do(); }

}  // namespace nscp::kernel
