// fish's complete(1).
#include "kernel/cli/completion_model.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace {

constexpr char kFishBegin[] =
    R"sh(# fish completion of nscp. Made by: nscp completion fish

function __nscp_context_is
    set -l words (commandline -opc)
    test (count $words) -ge 2; and contains -- $words[2] $argv
end

function __nscp_needs_context
    test (count (commandline -opc)) -eq 1
end

function __nscp_has_word
    set -l words (commandline -opc)
    for word in $words[3..-1]
        contains -- $word $argv; and return 0
    end
    return 1
end

function __nscp_names
    set -l words (commandline -opc)
    set -l given
    for i in (seq 3 (count $words))
        switch $words[$i]
            case --settings --path-override
                set -a given $words[$i] $words[(math $i + 1)]
            case '--settings=*' '--path-override=*'
                set -a given $words[$i]
        end
    end
    nscp completion $given $argv[1] 2>/dev/null
end

complete -c nscp -f
)sh";

// In fish's single quotes a backslash escapes itself and the quote.
std::string FishQuoted(std::string_view text) {
  return "'" + ReplaceAll(ReplaceAll(text, "\\", "\\\\"), "'", "\\'") + "'";
}

std::string ValueFlags(const CompletedOption& option) {
  switch (option.kind) {
    case ValueKind::kNone:
      return "";
    case ValueKind::kFile:
      return " -r -F";
    case ValueKind::kChoice:
      return " -x -a " + FishQuoted(Join(option.choices, " "));
    case ValueKind::kModule:
      return " -x -a '(__nscp_names modules)'";
    case ValueKind::kQuery:
      return " -x -a '(__nscp_names queries)'";
    case ValueKind::kAny:
      // A value that may be missing would be asked for in vain.
      return option.option->takes == Takes::kValue ? " -x" : "";
  }
  return "";
}

std::string WordLines(const CompletedContext& context) {
  std::string condition = "__nscp_context_is " + Join(context.words, " ");
  std::string actions;
  std::string text;
  for (const ActionWord& action : context.actions) {
    actions += " " + std::string(action.name);
  }
  for (const ActionWord& action : context.actions) {
    text += "complete -c nscp -n " +
            FishQuoted(condition + "; and not __nscp_has_word" + actions) + " -a " +
            FishQuoted(action.name) + " -d " + FishQuoted(action.help) + "\n";
  }
  if (context.names == Names::kNothing) return text;
  if (!actions.empty()) condition += "; and __nscp_has_word" + actions;
  const char* names = context.names == Names::kModules ? "modules" : "queries";
  return text + "complete -c nscp -n " + FishQuoted(condition) + " -a '(__nscp_names " +
         names + ")'\n";
}

}  // namespace

std::string FishCompletion() {
  std::string text = kFishBegin;
  for (const ActionWord& word : FirstWords()) {
    text += "complete -c nscp -n __nscp_needs_context -a " + FishQuoted(word.name) +
            " -d " + FishQuoted(word.help) + "\n";
  }
  for (const CompletedContext& context : CompletedContexts()) {
    const std::string condition =
        FishQuoted("__nscp_context_is " + Join(context.words, " "));
    for (const CompletedOption& each : context.options) {
      text += "complete -c nscp -n " + condition;
      if (each.option->letter != 0) text += std::string(" -s ") + each.option->letter;
      text += " -l " + std::string(each.option->name) + ValueFlags(each) + " -d " +
              FishQuoted(each.option->help) + "\n";
    }
    text += WordLines(context);
  }
  return text;
}

}  // namespace nscp::kernel
