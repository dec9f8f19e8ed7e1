// zshcompsys(1): _describe for the first word, _arguments for what follows.
#include "kernel/cli/completion_model.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace {

constexpr char kZshBegin[] = R"sh(#compdef nscp
# zsh completion of nscp. Made by: nscp completion zsh

# _arguments puts options of compadd before the kind of name.
_nscp_names() {
  local -a given names
  local i
  for ((i = 2; i < $#words; i++)); do
    case $words[i] in
      --settings|--path-override) given+=("$words[i]" "$words[i+1]") ;;
      --settings=*|--path-override=*) given+=("$words[i]") ;;
    esac
  done
  names=(${(f)"$(nscp completion $given ${@[-1]} 2>/dev/null)"})
  compadd "${(@)@[1,-2]}" -a names
}

_nscp() {
  if ((CURRENT == 2)); then
    local -a first
    first=(
)sh";

constexpr char kZshMiddle[] = R"sh(    )
    _describe -t commands 'nscp context' first
    return
  fi
  shift words
  ((CURRENT--))
  case $words[1] in
)sh";

constexpr char kZshEnd[] = R"sh(  esac
}

_nscp "$@"
)sh";

// In the specifications of _arguments and _describe these have a meaning.
std::string Escaped(std::string_view text) {
  std::string escaped;
  for (const char letter : text) {
    if (letter == '[' || letter == ']' || letter == ':' || letter == '\\')
      escaped += '\\';
    escaped += letter;
  }
  return escaped;
}

// _arguments evaluates its list of choices once more.
std::string EvaluatedWord(std::string_view text) {
  return ReplaceAll(ReplaceAll(Escaped(text), "'", "\\'"), " ", "\\ ");
}

std::string ValueAction(const CompletedOption& option) {
  switch (option.kind) {
    case ValueKind::kFile:
      return "_files";
    case ValueKind::kChoice:
      return "(" + Join(option.choices, " ") + ")";
    case ValueKind::kModule:
      return "_nscp_names modules";
    case ValueKind::kQuery:
      return "_nscp_names queries";
    default:
      return " ";
  }
}

std::string OptionSpec(const CompletedOption& each) {
  const Option& option = *each.option;
  std::string tail = "[" + Escaped(option.help) + "]";
  const bool takes = option.takes != Takes::kNothing;
  if (takes) {
    tail += std::string(option.takes == Takes::kMaybe ? "::" : ":") +
            Escaped(option.value) + ":" + ValueAction(each);
  }
  std::string text =
      "        " +
      ShellQuoted("*--" + std::string(option.name) + (takes ? "=" : "") + tail) + " \\\n";
  if (option.letter != 0) {
    text += "        " + ShellQuoted(std::string("*-") + option.letter + tail) + " \\\n";
  }
  return text;
}

std::string Positions(const CompletedContext& context) {
  std::string text;
  if (!context.actions.empty()) {
    std::string choices;
    for (const ActionWord& action : context.actions) {
      choices += (choices.empty() ? "" : " ") + std::string(action.name) +
                 "\\:" + EvaluatedWord(action.help);
    }
    text += "        " + ShellQuoted("1:action:((" + choices + "))") + " \\\n";
  }
  if (context.names == Names::kModules) {
    text += "        '*:module:_nscp_names modules' \\\n";
  } else if (context.names == Names::kQueries) {
    text += "        '1:query:_nscp_names queries' \\\n        '*: : ' \\\n";
  }
  return text;
}

}  // namespace

std::string ZshCompletion() {
  std::string text = kZshBegin;
  for (const ActionWord& word : FirstWords()) {
    text += "      " + ShellQuoted(Escaped(word.name) + ":" + Escaped(word.help)) + "\n";
  }
  text += kZshMiddle;
  for (const CompletedContext& context : CompletedContexts()) {
    text += "    " + Join(context.words, "|") + ")\n      _arguments \\\n";
    for (const CompletedOption& option : context.options) text += OptionSpec(option);
    text += Positions(context) + "        && return\n      ;;\n";
  }
  return text + kZshEnd;
}

}  // namespace nscp::kernel
