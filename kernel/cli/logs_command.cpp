#include "kernel/cli/logs_command.h"

#include <atomic>
#include <charconv>
#include <optional>
#include <thread>

#include "kernel/cli/live_call.h"
#include "kernel/cli/log_follow.h"
#include "kernel/cli/log_pages.h"
#include "kernel/cli/log_report.h"
#include "kernel/cli/output_stream.h"
#include "kernel/cli/termination.h"
#include "kernel/output/visible.h"
#include "kernel/telemetry/log_level.h"

namespace nscp::kernel {
namespace {

constexpr uint32_t kDefaultLines = 20;
// As many as the kernel lists at once.
constexpr uint32_t kMostLines = 100000;

struct LogsRequest {
  uint32_t lines = kDefaultLines;
  std::vector<v1::LogLevel> levels;  // empty = all
  bool follow = false;
};

std::optional<uint32_t> ParseLines(const std::string& text) {
  uint32_t lines = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), lines);
  const bool is_whole = error == std::errc() && end == text.data() + text.size();
  return is_whole && lines <= kMostLines ? std::optional(lines) : std::nullopt;
}

Result<LogsRequest> ReadRequest(const GivenOptions& given) {
  LogsRequest request;
  request.follow = given.Has("follow");
  if (given.Has("lines")) {
    const auto lines = ParseLines(given.Last("lines"));
    if (!lines) {
      return Status::InvalidArgument("--lines is a number from 0 to " +
                                     std::to_string(kMostLines));
    }
    request.lines = *lines;
  }
  if (given.Has("level")) {
    const auto level = ParseLogLevel(given.Last("level"));
    if (!level) {
      return Status::InvalidArgument(
          "--level is critical, error, warning, info, debug or trace");
    }
    request.levels = LevelsFrom(*level);
  }
  return request;
}

std::string EntryText(const v1::LogEntry& entry, bool json, const Screen& screen) {
  if (!json) return LogText(entry, screen);
  JsonWriter line;
  AddLogEntry(entry, &line);
  return line.text() + "\n";
}

int ShowLast(const LiveCall& call, const LogsRequest& request, Terminal& terminal) {
  const auto running = RequireRunning(call, terminal);
  if (!running) return kNoAgent;
  const auto last = LastLogEntries(
      *running, request.levels, request.lines, {}, [&](const v1::LogEntry& entry) {
        terminal.Print(EntryText(entry, call.json, terminal.screen()));
        return true;
      });
  return last.ok() ? 0 : FailCall(call.context, last.status(), terminal);
}

// The last lines and then what comes, in a thread of its own.
class Follower {
 public:
  Follower(const LiveCall& call, const LogsRequest& request, Terminal& terminal)
      : call_(call), request_(request), terminal_(terminal) {}

  // Gives the exit code.
  int Run(KernelClient& client) {
    CallOptions options;
    options.cancellation = &cancellation_;
    const auto last =
        LastLogEntries(client, request_.levels, request_.lines, options,
                       [this](const v1::LogEntry& entry) {
                         return Write(EntryText(entry, call_.json, terminal_.screen()));
                       });
    if (is_over_) return 0;
    if (!last.ok()) return FailCall(call_.context, last.status(), terminal_);
    v1::WatchLogsRequest watch;
    for (const v1::LogLevel level : request_.levels) watch.add_levels(level);
    if (request_.lines > 0) watch.set_after(*last);
    const auto end =
        follow_.Run(client, watch,
                    [this](const v1::WatchLogsResponse& batch) { return Print(batch); });
    if (end != LogFollow::End::kAgentGone) return 0;
    terminal_.PrintError("nscp logs: the agent has ended (" +
                         Visible(follow_.status().message()) + ")\n");
    return kNoAgent;
  }
  // Another thread.
  void Stop() {
    is_over_ = true;
    follow_.Stop();
    cancellation_.Cancel();
  }

 private:
  bool Print(const v1::WatchLogsResponse& batch) {
    if (batch.lost() > 0) {
      terminal_.PrintError("nscp logs: " + std::to_string(batch.lost()) +
                           " lines are lost, they were not read in time\n");
    }
    std::string text;
    for (const v1::LogEntry& entry : batch.entries()) {
      text += EntryText(entry, call_.json, terminal_.screen());
    }
    return Write(text);
  }
  bool Write(const std::string& text) {
    if (WriteOutput(text, is_over_) != Written::kAll) is_over_ = true;
    return !is_over_;
  }

  const LiveCall& call_;
  const LogsRequest& request_;
  Terminal& terminal_;
  LogFollow follow_;
  Cancellation cancellation_;
  std::atomic<bool> is_over_{false};  // told to stop, or nobody reads
};

int FollowLog(const LiveCall& call, const LogsRequest& request, Terminal& terminal) {
  // Before the client's threads, which inherit what it blocks.
  const auto termination = Termination::Create();
  if (!termination.ok()) return FailLive(call.context, termination.status(), terminal);
  const auto running = RequireRunning(call, terminal);
  if (!running) return kNoAgent;
  Follower follower(call, request, terminal);
  int code = 0;
  std::thread reader([&] {
    code = follower.Run(*running);
    (*termination)->Ask();
  });
  (*termination)->Wait();
  follower.Stop();
  reader.join();
  return code;
}

}  // namespace

const OptionGroup& LogsOptions() {
  static const OptionGroup kGroup = {
      "Logs options",
      {
          {"lines", 'n', Takes::kValue, "number", "How many of the last lines (20)"},
          {"level", 0, Takes::kValue, "level", "Those of this level or a worse one"},
          {"follow", 'f', Takes::kNothing, "", "Go on with what comes, until Ctrl-C"},
          {"output", 0, Takes::kValue, "table|json",
           "How to tell it (table); json is one object in each line"},
      }};
  return kGroup;
}

int RunLogs(const Invocation& invocation, Terminal& terminal) {
  const auto call = BeginLive(invocation, LogsOptions(), Words::kNone, terminal);
  if (!call) return kWrongCommandLine;
  const auto request = ReadRequest(call->begun.given);
  if (!request.ok()) {
    (void)FailLive(call->context, request.status(), terminal);
    return kWrongCommandLine;
  }
  return request->follow ? FollowLog(*call, *request, terminal)
                         : ShowLast(*call, *request, terminal);
}

}  // namespace nscp::kernel
