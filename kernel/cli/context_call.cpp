#include "kernel/cli/context_call.h"

namespace nscp::kernel {

std::string ContextHelp(const std::string& context, const OptionGroup& own) {
  return "Allowed options (" + context + "):\n" + OptionHelp(ContextOptions()) +
         OptionHelp(LightOptions()) + OptionHelp(own);
}

std::optional<ContextCall> BeginContext(const Invocation& invocation,
                                        const OptionGroup& own, Unknown unknown,
                                        Terminal& terminal) {
  std::vector<OptionGroup> groups = {ContextOptions(), LightOptions(), own};
  for (OptionGroup& group : groups)
    group.leading_only = unknown == Unknown::kKeptVerbatim;
  auto given = ParseOptions(groups, invocation.words);
  if (!given.ok()) {
    terminal.PrintError(given.status().message() + "\n");
    return std::nullopt;
  }
  ContextCall call{std::move(given).value(), {}};
  call.common = ReadCommonOptions(call.given, terminal);
  if (call.given.Has("help")) {
    terminal.Print(ContextHelp(invocation.context, own));
    return std::nullopt;
  }
  if (call.given.Has("version")) {
    terminal.Print(VersionText(true));
    return std::nullopt;
  }
  const auto rest = call.given.Rest();
  if (unknown == Unknown::kRefused && !rest.empty()) {
    terminal.PrintError("Unrecognised argument '" + rest.front() + "' for nscp " +
                        invocation.context + "; see nscp " + invocation.context +
                        " --help\n");
    return std::nullopt;
  }
  return call;
}

}  // namespace nscp::kernel
