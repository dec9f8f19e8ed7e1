// bash(1), "Programmable Completion". bash splits words at "=" and ":" too, so the words
// are read from the line itself, and of "--output=j" only "j" is completed.
#include "kernel/cli/completion_model.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace {

constexpr char kBegin[] = R"sh(# bash completion of nscp. Made by: nscp completion bash

_nscp_names() {
  local i given=()
  for ((i = 2; i + 1 < ${#words[@]}; i++)); do
    case ${words[i]} in
      --settings | --path-override) given+=("${words[i]}" "${words[i + 1]}") ;;
      --settings=* | --path-override=*) given+=("${words[i]}") ;;
    esac
  done
  "${words[0]}" completion "${given[@]}" "$1" 2>/dev/null
}

_nscp_reply() {
  local IFS=$'\n'
  COMPREPLY=($(compgen "$@" -- "$cur"))
}

_nscp_choose() {
  local IFS=$' \t\n'
  COMPREPLY=($(compgen -W "$1" -- "$cur"))
}

_nscp_value() {
  case $1 in
    file) compopt -o filenames; _nscp_reply -f ;;
    modules | queries) _nscp_choose "$(_nscp_names "$1")" ;;
    any) COMPREPLY=() ;;
    *) _nscp_choose "$1" ;;
  esac
}

_nscp() {
  local -a words
  read -ra words <<<"${COMP_LINE:0:COMP_POINT}"
  [[ ${COMP_LINE:0:COMP_POINT} == *[[:space:]] ]] && words+=("")
  local count=${#words[@]} context=${words[1]}
  local cur=${words[count - 1]} prev=${words[count - 2]}
  local i word options taking actions names value seen=()
  COMPREPLY=()
  if ((count == 2)); then
)sh";

constexpr char kContextEnd[] = R"sh(    *) return ;;
  esac
  if [[ $cur == --*=* ]]; then
    prev=${cur%%=*}
    cur=${cur#*=}
  fi
)sh";

constexpr char kEnd[] = R"sh(  esac
  if [[ -n $value ]]; then
    _nscp_value "$value"
    return
  fi
  if [[ $cur == -* ]]; then
    _nscp_choose "$options"
    return
  fi
  for ((i = 2; i < count - 1; i++)); do
    word=${words[i]}
    if [[ " $taking " == *" $word "* ]]; then
      ((i++))
    elif [[ $word != -* ]]; then
      seen+=("$word")
    fi
  done
  if [[ -n $actions ]]; then
    if ((${#seen[@]} == 0)); then
      _nscp_choose "$actions"
      return
    fi
  elif ((${#seen[@]} > 0)); then
    return
  fi
  [[ -n $names ]] && _nscp_value "$names"
}

complete -F _nscp nscp
)sh";

std::string OptionWords(const CompletedContext& context, bool taking_alone) {
  std::vector<std::string> words;
  for (const CompletedOption& each : context.options) {
    const Option& option = *each.option;
    // A value that may be missing, or several, may be words of another meaning.
    if (taking_alone && option.takes != Takes::kValue) continue;
    words.push_back("--" + std::string(option.name));
    if (option.letter != 0) words.push_back(std::string("-") + option.letter);
  }
  return Join(words, " ");
}

std::string ValueWord(const CompletedOption& option) {
  switch (option.kind) {
    case ValueKind::kFile:
      return "file";
    case ValueKind::kChoice:
      return Join(option.choices, " ");
    case ValueKind::kModule:
      return "modules";
    case ValueKind::kQuery:
      return "queries";
    default:
      return option.option->takes == Takes::kValue ? "any" : "";
  }
}

std::string NamesWord(Names names) {
  return names == Names::kModules ? "modules" : names == Names::kQueries ? "queries" : "";
}

std::string ContextCase(const CompletedContext& context) {
  std::vector<std::string> actions;
  for (const ActionWord& action : context.actions) actions.emplace_back(action.name);
  return "    " + Join(context.words, " | ") +
         ")\n      options=" + ShellQuoted(OptionWords(context, false)) +
         "\n      taking=" + ShellQuoted(OptionWords(context, true)) +
         "\n      actions=" + ShellQuoted(Join(actions, " ")) +
         "\n      names=" + ShellQuoted(NamesWord(context.names)) + "\n      ;;\n";
}

// `modules:--output) value='table json' ;;` for each option that takes something.
std::string ValueCases(const CompletedContext& context) {
  std::string text;
  for (const CompletedOption& each : context.options) {
    const std::string value = ValueWord(each);
    if (value.empty()) continue;
    std::string patterns;
    for (const std::string& word : context.words) {
      if (!patterns.empty()) patterns += " | ";
      patterns += word + ":--" + std::string(each.option->name);
      if (each.option->letter != 0) patterns += " | " + word + ":-" + each.option->letter;
    }
    text += "    " + patterns + ") value=" + ShellQuoted(value) + " ;;\n";
  }
  return text;
}

}  // namespace

std::string BashCompletion() {
  std::vector<std::string> first;
  for (const ActionWord& word : FirstWords()) first.emplace_back(word.name);
  std::string text = std::string(kBegin) + "    _nscp_choose " +
                     ShellQuoted(Join(first, " ") + " --help --version") +
                     "\n    return\n  fi\n  case $context in\n";
  const std::vector<CompletedContext> contexts = CompletedContexts();
  for (const CompletedContext& context : contexts) text += ContextCase(context);
  text += std::string(kContextEnd) + "  case $context:$prev in\n";
  for (const CompletedContext& context : contexts) text += ValueCases(context);
  return text + kEnd;
}

}  // namespace nscp::kernel
