#include "kernel/cli/common_options.h"

#include "kernel/telemetry/log_level.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace {

std::optional<KernelOptions::Define> ParseDefine(const std::string& text) {
  const size_t colon = text.find(':');
  if (colon == std::string::npos) return std::nullopt;
  const size_t equals = text.find('=', colon);
  if (equals == std::string::npos) return std::nullopt;
  return KernelOptions::Define{text.substr(0, colon),
                               text.substr(colon + 1, equals - colon - 1),
                               text.substr(equals + 1)};
}

void ReadLogWord(const std::string& word, CommonOptions* common, Terminal& terminal) {
  if (EqualsIgnoreCase(word, "console")) {
    common->console_log = true;
  } else if (const auto level = ParseLogLevel(word)) {
    common->level = level;
  } else {
    terminal.PrintLog(v1::LOG_ERROR, "logger", "Invalid log level: " + word);
  }
}

std::string ReadBackend(const std::string& word, Terminal& terminal) {
  for (const char* known : {"", "console", "file", "threaded-file"}) {
    if (word == known) return word;
  }
  terminal.PrintLog(v1::LOG_ERROR, "logger", "Invalid log backend: " + word);
  return "";
}

}  // namespace

const OptionGroup& LightOptions() {
  static const OptionGroup kGroup = {
      "Common options",
      {
          {"settings", 0, Takes::kValue, "store",
           "Use this settings store instead of the one that boot.ini names"},
          {"debug", 0, Takes::kNothing, "", "Log at level debug"},
          {"log", 0, Takes::kValue, "level",
           "The log level (critical, error, warning, info, debug, trace), or console"},
          {"log-backend", 0, Takes::kValue, "backend",
           "Where the log goes: console, file or threaded-file"},
          {"define", 0, Takes::kValue, "path:key=value",
           "Use this value of a setting for this command alone"},
          {"path-override", 0, Takes::kValue, "token=value",
           "Use this folder for the path token ${token}"},
      }};
  return kGroup;
}

const OptionGroup& ContextOptions() {
  static const OptionGroup kGroup = {
      "General options",
      {
          {"help", 0, Takes::kNothing, "", "Show this help"},
          {"version", 0, Takes::kNothing, "", "Show the version"},
          {"no-stderr", 0, Takes::kNothing, "", "Print errors to standard output"},
      }};
  return kGroup;
}

CommonOptions ReadCommonOptions(const GivenOptions& given, Terminal& terminal) {
  CommonOptions common;
  if (given.Has("no-stderr")) terminal.SendErrorsToOutput();
  common.settings = given.Last("settings");
  common.backend = ReadBackend(given.Last("log-backend"), terminal);
  if (given.Has("debug")) common.level = v1::LOG_DEBUG;
  for (const std::string& word : given.All("log")) ReadLogWord(word, &common, terminal);
  for (const std::string& text : given.All("path-override")) {
    auto parsed = ParsePathOverride(text);
    if (parsed.ok()) {
      common.tokens.Override(parsed->first, parsed->second);
    } else {
      terminal.PrintLog(v1::LOG_WARNING, "cli", parsed.status().message());
    }
  }
  for (const std::string& text : given.All("define")) {
    if (auto define = ParseDefine(text)) {
      common.defines.push_back(std::move(*define));
    } else {
      terminal.PrintError("Failed to parse: " + text + "\n");
    }
  }
  return common;
}

KernelOptions KernelOptionsFor(const CommonOptions& common) {
  KernelOptions options;
  options.settings_context = common.settings;
  options.tokens = common.tokens;
  options.defines = common.defines;
  options.log_level_given = common.level.has_value();
  options.log_level = common.level.value_or(v1::LOG_INFO);
  return options;
}

}  // namespace nscp::kernel
