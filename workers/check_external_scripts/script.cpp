#include "workers/check_external_scripts/script.h"

#include <algorithm>

#include "proto/cpp/text.h"
#include "workers/checks/argument_macros.h"
#include "workers/checks/command_line.h"

namespace nscp::check_external_scripts {
namespace {

constexpr std::string_view kNasty = "|`&><'\"\\[]{}";
constexpr std::string_view kNastyForShell = "|`&><'\"\\[]{}$;()*?~!\r\n";
// cmd.exe puts a variable's value there, before all else, and takes the other away.
constexpr std::string_view kNastyForCmd = "%^";

bool HasAny(const std::vector<std::string>& arguments, std::string_view characters) {
  return std::any_of(arguments.begin(), arguments.end(),
                     [&](const std::string& argument) {
                       return argument.find_first_of(characters) != std::string::npos;
                     });
}

// The quote in $ARGS"$ is part of the macro: it opens nothing.
std::string WithMacrosKept(const std::string& line) {
  return ReplaceAll(ReplaceAll(line, "ARGS\"$", "ARGS\\\"$"), "ARGS\"%", "ARGS\\\"%");
}

Status FitWindows(process::Program& program) {
  if (IsBatchFile(program.words.front())) {
    ASSIGN_OR_RETURN(program.line, BatchLine(program.words));
    program.words.clear();
  }
  // A line would end there, and lose what follows.
  if (HasAny(program.words, std::string_view("\0", 1))) {
    return Status::InvalidArgument("an argument holds a zero byte");
  }
  return Status::Ok();
}

}  // namespace

Script MakeScript(std::string name, std::string line, LineStyle style) {
  Script script;
  script.name = ToLowerAscii(Trim(name));
  script.line = std::move(line);
  script.style = style;
  const std::string kept = WithMacrosKept(script.line);
  if (style == LineStyle::kWindows) {
    script.words = SplitWindowsLine(kept);
    script.by_shell = !script.words.empty() && IsCommandShell(script.words.front());
  } else {
    auto words = checks::SplitCommandLine(kept);
    script.by_shell = !words.ok();
    if (words.ok()) script.words = *std::move(words);
  }
  if (!script.by_shell && script.words.empty()) {
    script.fault = "The command (" + script.name + ") has an empty command line";
  }
  return script;
}

std::string RefuseArguments(const Script& script,
                            const std::vector<std::string>& arguments,
                            const ArgumentRules& rules) {
  if (arguments.empty()) return "";
  if (!rules.allowed) return "Arguments not allowed see nsclient.log for details";
  if (rules.nasty) return "";
  if (HasAny(arguments, kNasty)) {
    return "Request contained illegal characters set /settings/external scripts/allow "
           "nasty characters=true!";
  }
  const bool is_cmd = script.style == LineStyle::kWindows;
  if (script.by_shell && (HasAny(arguments, kNastyForShell) ||
                          (is_cmd && HasAny(arguments, kNastyForCmd)))) {
    return "Request contained illegal characters for the shell fallback path; see "
           "nsclient.log (allow nasty characters=true to override).";
  }
  return "";
}

Result<process::Program> MakeProgram(const Script& script,
                                     const std::vector<std::string>& arguments) {
  process::Program program;
  if (script.by_shell) {
    ASSIGN_OR_RETURN(program.line, checks::ExpandMacros(script.line, arguments));
    return program;
  }
  ASSIGN_OR_RETURN(program.words, checks::ExpandMacros(script.words, arguments));
  if (program.words.empty()) {
    return Status::InvalidArgument("nothing is left of its command line");
  }
  if (script.style == LineStyle::kWindows) RETURN_IF_ERROR(FitWindows(program));
  return program;
}

}  // namespace nscp::check_external_scripts
