// What the commands share that talk to the running agent: how they begin, what they say
// where there is none, how they end. Main's thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kernel/cli/context_call.h"
#include "kernel/cli/store_access.h"

namespace nscp::kernel {

// Exit codes of these commands, beside 0.
constexpr int kWrongCommandLine = 1;  // also where help or the version was asked for
constexpr int kNotDone = 2;  // what was asked could not be done, or not all of it
constexpr int kNoAgent = 5;  // no agent runs with these settings, or it ended
// A private kernel that can't start is kBootFailed (private_kernel.h).

// `--output table|json`, for the commands' own groups.
Option OutputOption();

// How many words that are no option a command takes.
enum class Words { kNone, kOne, kSeveral, kVerbatim };
// Of kSeveral.
constexpr size_t kMaxWords = 64;

struct LiveCall {
  std::string context;
  ContextCall begun;
  bool json = false;
  std::vector<std::string> words;  // what is no option
};

// Nothing when the command ended here, with kWrongCommandLine, and what there is to say
// said: also for an unknown option or too many words. With kVerbatim options count before
// the first word alone, and whatever follows it is kept as it is.
std::optional<LiveCall> BeginLive(const Invocation& invocation, const OptionGroup& own,
                                  Words words, Terminal& terminal);

// Null where no agent answers: then one sentence said so and what to do, and the exit
// code is kNoAgent.
std::unique_ptr<KernelClient> RequireRunning(const LiveCall& call, Terminal& terminal);

// "nscp status: <why>" on standard error; gives kNotDone.
int FailLive(const std::string& context, const Status& why, Terminal& terminal);
// The same for a call of the running agent: kNoAgent where it ended meanwhile.
int FailCall(const std::string& context, const Status& why, Terminal& terminal);

}  // namespace nscp::kernel
