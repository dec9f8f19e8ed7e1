#include "workers/check_system/tool.h"

#include "proto/cpp/text.h"
#include "workers/process/program.h"

namespace nscp::check_system {
namespace {

// What env(1) exits with when it finds no such program.
constexpr int kNotFound = 127;

Result<ToolOutput> Run(const std::vector<std::string>& words,
                       std::chrono::milliseconds limit,
                       const std::function<bool()>& cancelled) {
  process::Program program;
  program.words = {"env", "LC_ALL=C", "TZ=UTC0"};
  program.words.insert(program.words.end(), words.begin(), words.end());
  program.limit = limit;
  program.max_output = kMaxToolOutput;
  auto ended = process::Run(program, cancelled);
  if (!ended.ok()) return ended.status().WithContext("Failed to run " + words[0]);
  process::Outcome outcome = std::move(ended).value();
  switch (outcome.end) {
    case process::End::kTimedOut:
      return Status::DeadlineExceeded(words[0] + " did not end within " +
                                      FormatSeconds(limit));
    case process::End::kCancelled:
      return Status::Cancelled(words[0] + " was ended: nobody waits for it");
    case process::End::kSignal:
      return Status::Aborted(words[0] + " was ended by signal " +
                             std::to_string(outcome.code));
    case process::End::kExited:
      break;
  }
  if (outcome.cut) {
    return Status::ResourceExhausted(words[0] + " printed more than " +
                                     std::to_string(kMaxToolOutput) + " bytes");
  }
  ToolOutput output;
  output.found = outcome.code != kNotFound;
  output.code = outcome.code;
  output.text = std::move(outcome.output);
  return output;
}

}  // namespace

RunTool MakeRunTool(std::function<bool()> cancelled) {
  return [cancelled = std::move(cancelled)](const std::vector<std::string>& words,
                                            std::chrono::milliseconds limit) {
    return Run(words, limit, cancelled);
  };
}

std::string LastLine(const std::string& text) {
  const std::string_view trimmed = Trim(text);
  return std::string(Trim(trimmed.substr(trimmed.rfind('\n') + 1)));
}

}  // namespace nscp::check_system
