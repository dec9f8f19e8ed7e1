#include "kernel/cli/live_call.h"

#include <algorithm>

#include "kernel/output/visible.h"
#include "kernel/settings/context.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace {

constexpr char kTable[] = "table";
constexpr char kJson[] = "json";

std::string HelpHint(const std::string& context) {
  return "; see nscp " + context + " --help\n";
}

size_t MostOf(Words words) {
  switch (words) {
    case Words::kNone:
      return 0;
    case Words::kOne:
      return 1;
    default:
      return kMaxWords;
  }
}

// What is wrong with the words, or nothing.
std::string WrongWord(const LiveCall& call, Words words) {
  const size_t count = call.words.size();
  const size_t judged = words == Words::kVerbatim ? std::min<size_t>(1, count) : count;
  for (size_t i = 0; i < judged; ++i) {
    const std::string& word = call.words[i];
    if (StartsWith(word, "-")) return "unknown option '" + Visible(word) + "'";
    if (i == MostOf(words)) return "unexpected argument '" + Visible(word) + "'";
  }
  const std::string output = call.begun.given.Last("output");
  const bool is_known = output == kTable || output == kJson;
  if (call.begun.given.Has("output") && !is_known) {
    return "--output is table or json, not '" + Visible(output) + "'";
  }
  return "";
}

}  // namespace

Option OutputOption() {
  return {"output", 0, Takes::kValue, "table|json", "How to tell it (table)"};
}

std::optional<LiveCall> BeginLive(const Invocation& invocation, const OptionGroup& own,
                                  Words words, Terminal& terminal) {
  const Unknown unknown =
      words == Words::kVerbatim ? Unknown::kKeptVerbatim : Unknown::kKept;
  auto begun = BeginContext(invocation, own, unknown, terminal);
  if (!begun) return std::nullopt;
  LiveCall call{invocation.context, std::move(*begun), false, {}};
  call.words = call.begun.given.Rest();
  call.json = call.begun.given.Last("output") == kJson;
  const std::string wrong = WrongWord(call, words);
  if (wrong.empty()) return call;
  terminal.PrintError("nscp " + call.context + ": " + wrong + HelpHint(call.context));
  return std::nullopt;
}

std::unique_ptr<KernelClient> RequireRunning(const LiveCall& call, Terminal& terminal) {
  const auto choice = ChooseStore(call.begun.common);
  if (!choice.ok()) {
    (void)FailLive(call.context, choice.status(), terminal);
    return nullptr;
  }
  auto running = FindRunning(*choice);
  if (running.ok()) return std::move(running).value();
  const Status& why = running.status();
  const std::string store = Visible(CanonicalStore(choice->context, choice->tokens));
  terminal.PrintError("nscp " + call.context + ": no agent answers for the settings " +
                      store + " (" + Visible(why.message()) +
                      "): start it with nscp service --run, name its settings with "
                      "--settings, or use the account that it runs as\n");
  return nullptr;
}

int FailLive(const std::string& context, const Status& why, Terminal& terminal) {
  terminal.PrintError("nscp " + context + ": " + Visible(why.message()) + "\n");
  return kNotDone;
}

int FailCall(const std::string& context, const Status& why, Terminal& terminal) {
  if (why.code() != Code::kUnavailable) return FailLive(context, why, terminal);
  (void)FailLive(context, why.WithContext("the agent has ended meanwhile"), terminal);
  return kNoAgent;
}

}  // namespace nscp::kernel
