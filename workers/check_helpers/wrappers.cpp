#include "workers/check_helpers/wrappers.h"

#include <algorithm>

#include "proto/cpp/text.h"
#include "workers/checks/command_line.h"

namespace nscp::check_helpers {
namespace {

using checks::Arguments;
using checks::OptionTable;
using sdk::CheckResult;
using sdk::State;

constexpr size_t kMaxMultiCommands = 256;
constexpr int64_t kMaxTimeoutSeconds = 600;
// A limit that ends in the kernel may be seen a little early here: its timer and our
// clock are not the same.
constexpr std::chrono::milliseconds kClockTolerance{50};

const char kCommandHelp[] = "The name of the command to run";
const char kArgumentsHelp[] =
    "Its arguments; behind the bare word everything belongs to the command";

Result<std::vector<sdk::Query>> ReadCommands(const std::vector<std::string>& lines) {
  if (lines.size() > kMaxMultiCommands) {
    return Status::InvalidArgument("more than " + std::to_string(kMaxMultiCommands) +
                                   " commands");
  }
  std::vector<sdk::Query> queries;
  for (const std::string& line : lines) {
    ASSIGN_OR_RETURN(auto words, checks::SplitCommandLine(line));
    if (words.empty()) return Status::InvalidArgument("empty command line");
    sdk::Query query;
    query.command = ToLowerAscii(words.front());
    query.arguments.assign(words.begin() + 1, words.end());
    queries.push_back(std::move(query));
  }
  return queries;
}

CheckResult RunMulti(const Arguments& arguments, sdk::Call& call) {
  std::vector<std::string> lines = arguments.List("command");
  const auto& deprecated = arguments.List("arguments");
  lines.insert(lines.end(), deprecated.begin(), deprecated.end());
  if (lines.empty()) return CheckResult::Unknown("Missing command");
  const auto queries = ReadCommands(lines);
  if (!queries.ok()) {
    return CheckResult::Unknown("Failed to process command : " +
                                queries.status().message());
  }
  CheckResult joined;
  joined.state = State::kOk;
  for (const sdk::Query& query : *queries) {
    if (call.cancelled()) {
      return CheckResult::Unknown("check_multi stopped before " + query.command +
                                  ": the caller is gone or the deadline has passed");
    }
    CheckResult result = call.Run(query);
    joined.state = std::max(joined.state, result.state);
    if (!joined.lines.empty() && !result.lines.empty()) {
      result.lines.front().message.insert(0, arguments.Text("separator"));
    }
    std::move(result.lines.begin(), result.lines.end(), std::back_inserter(joined.lines));
  }
  if (joined.lines.empty()) joined.lines.emplace_back();
  joined.lines.front().message.insert(0, arguments.Text("prefix"));
  joined.lines.back().message += arguments.Text("suffix");
  return joined;
}

const char* MappingOption(State state) {
  switch (state) {
    case State::kOk:
      return "ok";
    case State::kWarning:
      return "warning";
    case State::kCritical:
      return "critical";
    case State::kUnknown:
      break;
  }
  return "unknown";
}

OptionTable CommandOptions() {
  OptionTable options;
  options.Text("command", "", kCommandHelp).Short('q');
  options.List("arguments", {}, kArgumentsHelp).Short('a');
  return options;
}

}  // namespace

Handler WithOptions(OptionTable options, ParsedHandler run) {
  return [options = std::move(options), run = std::move(run)](
             const std::vector<std::string>& arguments, sdk::Call& call) {
    OptionTable::Outcome outcome = options.Parse(arguments);
    if (auto* answer = std::get_if<CheckResult>(&outcome)) return std::move(*answer);
    return run(std::get<Arguments>(outcome), call);
  };
}

sdk::Query WrappedQuery(const Arguments& arguments) {
  return {ToLowerAscii(arguments.Text("command")), arguments.List("arguments")};
}

Handler MakeFixed(State state) {
  OptionTable options;
  options.Text("message", "No message", "Message to return");
  return WithOptions(std::move(options), [state](const Arguments& arguments, sdk::Call&) {
    return CheckResult::Of(state, arguments.Text("message"));
  });
}

Handler MakeVersion(std::string version) {
  return WithOptions(OptionTable(),
                     [version = std::move(version)](const Arguments&, sdk::Call&) {
                       return CheckResult::Of(State::kOk, version);
                     });
}

Handler MakeAlways(State state) {
  return [state](const std::vector<std::string>& arguments, sdk::Call& call) {
    if (arguments.empty()) return CheckResult::Unknown("Needs at least one command");
    CheckResult result =
        call.Run({ToLowerAscii(arguments[0]), {arguments.begin() + 1, arguments.end()}});
    result.state = state;
    return result;
  };
}

Handler MakeNegate() {
  OptionTable options = CommandOptions();
  options.Text("ok", "", "The state to return instead of OK").Short('o');
  options.Text("warning", "", "The state to return instead of WARNING").Short('w');
  options.Text("critical", "", "The state to return instead of CRITICAL").Short('c');
  options.Text("unknown", "", "The state to return instead of UNKNOWN").Short('u');
  options.Positional("arguments", OptionTable::kPlainError);
  return WithOptions(std::move(options), [](const Arguments& arguments, sdk::Call& call) {
    if (!arguments.Given("command")) return CheckResult::Unknown("Missing command");
    CheckResult result = call.Run(WrappedQuery(arguments));
    const char* mapping = MappingOption(result.state);
    if (arguments.Given(mapping)) {
      result.state = sdk::ParseState(arguments.Text(mapping));
    }
    return result;
  });
}

Handler MakeMulti() {
  OptionTable options;
  options.List("command", {}, "Command line to run; may be given several times");
  options.List("arguments", {}, "Deprecated alias for: command");
  options.Text("separator", ", ", "Text between the messages of two commands");
  options.Text("prefix", "", "Text before the first message");
  options.Text("suffix", "", "Text after the last message");
  return WithOptions(std::move(options), RunMulti);
}

Handler MakeTimeout(Clock clock) {
  OptionTable options = CommandOptions();
  options.Integer("timeout", 30, "Seconds to wait for the command").Short('t');
  options.Text("return", "", "The state to return once the command has ended").Short('r');
  options.Positional("arguments", OptionTable::kPlainError);
  return WithOptions(
      std::move(options),
      [clock = std::move(clock)](const Arguments& arguments, sdk::Call& call) {
        if (!arguments.Given("command")) return CheckResult::Unknown("Missing command");
        const std::chrono::milliseconds limit = std::chrono::seconds(
            std::clamp(arguments.Integer("timeout"), int64_t{0}, kMaxTimeoutSeconds));
        const auto started = clock();
        CheckResult result = call.Run(WrappedQuery(arguments), limit);
        const bool late = clock() - started + kClockTolerance >= limit;
        if (late && result.state == State::kUnknown) {
          return CheckResult::Unknown("Thread failed to return within given timeout");
        }
        if (arguments.Given("return")) {
          result.state = sdk::ParseState(arguments.Text("return"));
        }
        return result;
      });
}

Handler MakeForward(Log log) {
  OptionTable options;
  options.Text("target", "", "The channel to submit the result to");
  options.Text("command", "", kCommandHelp);
  options.List("arguments", {}, kArgumentsHelp);
  options.Positional("arguments");
  return WithOptions(std::move(options),
                     [log = std::move(log)](const Arguments& arguments, sdk::Call& call) {
                       if (!arguments.Given("command"))
                         return CheckResult::Unknown("Missing command");
                       if (!arguments.Given("target"))
                         return CheckResult::Unknown("Missing target");
                       const std::string& target = arguments.Text("target");
                       sdk::Query query = WrappedQuery(arguments);
                       CheckResult result = call.Run(query);
                       if (result.command.empty()) result.command = query.command;
                       CheckResult answer;
                       answer.state = State::kOk;
                       sdk::Submission submission;
                       submission.channel = target;
                       submission.result = std::move(result);
                       if (const auto sent = call.Submit(submission); !sent.accepted) {
                         log(sdk::LogLevel::kError, "Failed to submit the result of " +
                                                        query.command + " to " + target +
                                                        ": " + sent.message);
                         answer.lines.push_back({"Failed to submit to: " + target, {}});
                       }
                       answer.lines.push_back({"Message submitted: " + target, {}});
                       return answer;
                     });
}

}  // namespace nscp::check_helpers
