#include "kernel/cli/completion_model.h"

#include "kernel/cli/client_request.h"
#include "kernel/cli/common_options.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace {

constexpr std::string_view kTestWord = "test";

std::vector<std::string> ChoicesOf(const Option& option) {
  if (option.value == "level") {
    return {"critical", "error", "warning", "info", "debug", "trace"};
  }
  if (option.value == "backend") return {"console", "file", "threaded-file"};
  if (option.value.find('|') == std::string_view::npos) return {};
  return Split(option.value, '|');
}

ValueKind KindOf(const Option& option) {
  if (option.takes == Takes::kNothing) return ValueKind::kNone;
  if (option.value == "file" || option.value == "store") return ValueKind::kFile;
  if (option.value == "module") return ValueKind::kModule;
  if (option.name == "query") return ValueKind::kQuery;
  return ChoicesOf(option).empty() ? ValueKind::kAny : ValueKind::kChoice;
}

std::vector<CompletedOption> OptionsOf(const std::vector<const OptionGroup*>& groups) {
  std::vector<CompletedOption> options;
  for (const OptionGroup* group : groups) {
    for (const Option& option : group->options) {
      options.push_back({&option, KindOf(option), ChoicesOf(option)});
    }
  }
  return options;
}

}  // namespace

std::vector<CompletedContext> CompletedContexts() {
  const std::vector<const OptionGroup*> common = {&ContextOptions(), &LightOptions()};
  std::vector<CompletedContext> contexts;
  for (const ContextWord& context : Contexts()) {
    std::vector<const OptionGroup*> groups = common;
    if (context.options != nullptr) groups.insert(groups.begin(), &context.options());
    contexts.push_back(
        {{std::string(context.name)}, OptionsOf(groups), context.actions, context.names});
  }
  contexts.push_back({{std::string(kTestWord)}, OptionsOf(common), {}, Names::kNothing});
  CompletedContext aliases = {
      {}, OptionsOf({&AliasOptions(), &LightOptions()}), {}, Names::kNothing};
  for (const AliasWord& alias : Aliases()) {
    if (alias.name != kTestWord) aliases.words.emplace_back(alias.name);
  }
  contexts.push_back(std::move(aliases));
  return contexts;
}

std::vector<ActionWord> FirstWords() {
  std::vector<ActionWord> words;
  for (const ContextWord& context : Contexts()) {
    words.push_back({context.name, context.help});
  }
  for (const AliasWord& alias : Aliases()) words.push_back({alias.name, alias.module});
  return words;
}

std::string ShellQuoted(std::string_view text) {
  return "'" + ReplaceAll(text, "'", "'\\''") + "'";
}

}  // namespace nscp::kernel
