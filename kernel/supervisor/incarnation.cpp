#include "kernel/supervisor/incarnation.h"

#include <algorithm>

#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace {

// Of what a process wrote before its end and nobody has read yet, on each stream.
constexpr int kMaxLastReads = 16;
// How nscp-launch begins its one line when it cannot start the worker's program, and its
// codes.
constexpr std::string_view kLaunchPrefix = "nscp-launch: ";
constexpr int kNotStarted = 126;
constexpr int kMissing = 127;

std::chrono::milliseconds Since(TimePoint from, TimePoint to) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(to - from);
}

}  // namespace

Incarnation::Incarnation(LoopContext& context, WorkerSpec spec, IncarnationId id)
    : context_(context),
      spec_(std::move(spec)),
      id_(id),
      born_(context.now),
      start_deadline_(context.now + context.timings.start),
      health_(context.timings.health_every, context.timings.health_deadline,
              context.timings.health_misses),
      output_([this](const std::string& line) {
        context_.port.Output(spec_.slot, id_, line);
      }),
      phase_deadline_(start_deadline_) {}

Result<std::unique_ptr<Incarnation>> Incarnation::Create(LoopContext& context,
                                                         const WorkerSpec& spec,
                                                         IncarnationId id) {
  auto birth = context.port.Prepare(spec, id);
  if (!birth.ok()) return birth.status().WithContext("preparing " + spec.module);
  // The port's tokens are void again when there is no process.
  std::unique_ptr<Incarnation> made(
      new Incarnation(context, spec, id));  // private constructor
  auto process = context.host.Spawn(spec, id, *birth);
  if (!process.ok()) {
    context.port.Gone(spec.slot, id, made->Record(process.status().message()));
    return process.status();
  }
  made->process_ = std::move(process).value();
  return made;
}

std::chrono::milliseconds Incarnation::TimeLive() const {
  if (live_since_ == TimePoint::max()) return std::chrono::milliseconds(0);
  return Since(live_since_, context_.now);
}

bool Incarnation::Attach() {
  if (attached_ || phase_ != Phase::kStarting) return false;
  attached_ = true;
  return true;
}

void Incarnation::GoLive() {
  phase_ = Phase::kLive;
  phase_deadline_ = TimePoint::max();
  live_since_ = context_.now;
  ready_at_ = std::chrono::system_clock::now();
  health_.Begin(context_.now);
}

void Incarnation::Stop(Phase first, const std::string& why, bool wanted) {
  if (phase_ == Phase::kStarting && first == Phase::kDrain) first = Phase::kStop;
  if (first <= phase_) return;
  if (!leaving()) {
    why_ = why;
    wanted_end_ = wanted;
  }
  Enter(first);
}

void Incarnation::Drained() {
  if (phase_ == Phase::kDrain) Enter(Phase::kStop);
}

void Incarnation::Enter(Phase phase) {
  const SupervisorTimings& timings = context_.timings;
  // Who never attached cannot be called.
  if (!attached_ && phase < Phase::kTerminate) phase = Phase::kTerminate;
  phase_ = phase;
  auto time = std::chrono::milliseconds::max();
  if (phase == Phase::kDrain) {
    time = timings.drain;
    context_.port.Drain(spec_.slot, id_, time);
  } else if (phase == Phase::kStop) {
    time = timings.stop;
    context_.port.Stop(spec_.slot, id_, time);
  } else if (phase == Phase::kTerminate) {
    time = timings.terminate;
    process_->Terminate();
  } else if (phase == Phase::kKill) {
    // A shutdown is to end within 10 s by the default timings, whatever the workers do.
    time = context_.shutting_down ? timings.kill / 2 : timings.kill;
    process_->Kill();
  }
  phase_deadline_ = phase == Phase::kAbandoned ? TimePoint::max() : context_.now + time;
}

Incarnation::Alarm Incarnation::OnTimer() {
  output_.OnTimer(context_.now);
  if (phase_ == Phase::kLive) {
    const HealthWatch::Due due = health_.OnTimer(context_.now);
    if (due == HealthWatch::Due::kCheck) {
      context_.port.CheckHealth(spec_.slot, id_, context_.timings.health_deadline);
    }
    return due == HealthWatch::Due::kHung ? Alarm::kHung : Alarm::kNone;
  }
  if (phase_ == Phase::kStarting) {
    return context_.now < phase_deadline_ ? Alarm::kNone : Alarm::kStartLate;
  }
  while (context_.now >= phase_deadline_) {  // a step may have no time at all
    Enter(static_cast<Phase>(static_cast<int>(phase_) + 1));
    if (phase_ == Phase::kAbandoned) return Alarm::kAbandoned;
  }
  return Alarm::kNone;
}

TimePoint Incarnation::Deadline() const {
  const TimePoint phase = phase_ == Phase::kLive ? health_.Deadline() : phase_deadline_;
  return std::min(phase, output_.Deadline());
}

void Incarnation::OnOutput(Stream stream) {
  output_.Feed(static_cast<int>(stream), process_->Read(stream), context_.now);
}

EndRecord Incarnation::Finish() {
  const ExitStatus status = process_->Reap();
  for (Stream stream : {Stream::kStdout, Stream::kStderr}) {
    for (int i = 0; i < kMaxLastReads; ++i) {
      const std::string bytes = process_->Read(stream);
      if (bytes.empty()) break;
      output_.Feed(static_cast<int>(stream), bytes, context_.now);
    }
  }
  output_.Finish(context_.now);
  EndRecord end = Record(LaunchError(status));
  end.exit_code = status.code;
  end.signal = status.signal;
  return end;
}

EndRecord Incarnation::Abandon() const {
  EndRecord end = Record("not even SIGKILL ended it in time; abandoned");
  end.abandoned = true;
  return end;
}

EndRecord Incarnation::Record(const std::string& how) const {
  EndRecord end;
  end.incarnation = id_;
  end.pid = process_ ? process_->pid() : 0;
  end.wanted = wanted_end_;
  end.reason = why_.empty() ? how : why_ + ": " + how;
  end.ended = std::chrono::system_clock::now();
  end.uptime = Since(born_, context_.now);
  end.last_lines = output_.Last();
  return end;
}

// nscp-launch says itself why it could not start the program; else what the status says.
std::string Incarnation::LaunchError(const ExitStatus& status) const {
  const bool not_started = status.code == kNotStarted || status.code == kMissing;
  const std::vector<std::string> lines = output_.Last();
  if (!not_started || attached_ || lines.empty()) return status.text;
  if (!StartsWith(lines.back(), kLaunchPrefix)) return status.text;
  return lines.back().substr(kLaunchPrefix.size());
}

}  // namespace nscp::kernel
