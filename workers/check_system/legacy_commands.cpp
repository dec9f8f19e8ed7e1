#include "workers/check_system/legacy_commands.h"

#include <optional>

#include "proto/cpp/text.h"

namespace nscp::check_system {
namespace {

using Words = std::vector<std::string>;

// An old argument: "Key:name=value".
struct LegacyWord {
  std::string key;  // in small letters
  std::string name;
  std::string value;
  std::string text;  // as it was given
};

LegacyWord ReadWord(const std::string& text) {
  LegacyWord word;
  word.text = text;
  const size_t equals = text.find('=');
  const std::string left = text.substr(0, equals);
  if (equals != std::string::npos) word.value = text.substr(equals + 1);
  const size_t colon = left.find(':');
  word.key = ToLowerAscii(left.substr(0, colon));
  if (colon != std::string::npos) word.name = left.substr(colon + 1);
  return word;
}

// "--key value" and "--key=value", as a command line may give them, in the old form.
Words WithoutDashes(const Words& arguments) {
  constexpr std::string_view kDashes = "--";
  Words plain;
  bool may_have_value = false;
  for (const std::string& argument : arguments) {
    const bool is_option = StartsWith(argument, kDashes);
    if (!is_option && may_have_value) {
      plain.back() += "=" + argument;
    } else {
      plain.push_back(is_option ? argument.substr(kDashes.size()) : argument);
    }
    may_have_value = is_option && argument.find('=') == std::string::npos;
  }
  return plain;
}

// What all of the old commands take, and what has no meaning any more.
bool TakesCommonWord(const LegacyWord& word, Words& arguments) {
  if (word.key == "showall") {
    arguments.push_back("show-all");
    return true;
  }
  return word.key == "showfail" || word.key == "nsclient" || word.key == "debug" ||
         word.key == "perf-unit" || word.key == "ignore-perf-data";
}

// "MaxWarn=80" -> "warning=<keyword> >= 80". `what` stands behind Warn or Crit.
std::optional<std::string> ReadBound(const LegacyWord& word, std::string_view keyword,
                                     std::string_view what = "") {
  const struct {
    const char* key;
    const char* option;
    const char* operation;
  } bounds[] = {{"maxwarn", "warning", " >= "},
                {"maxcrit", "critical", " >= "},
                {"minwarn", "warning", " <= "},
                {"mincrit", "critical", " <= "}};
  for (const auto& bound : bounds) {
    if (word.key != bound.key + std::string(what) || word.value.empty()) continue;
    return std::string(bound.option) + "=" + std::string(keyword) + bound.operation +
           word.value;
  }
  return std::nullopt;
}

// Old checks had no thresholds of their own.
void DropDefaults(Words& arguments) {
  for (const char* option : {"warning", "critical"}) {
    bool is_given = false;
    for (const std::string& argument : arguments) {
      is_given = is_given || StartsWith(argument, option + std::string("="));
    }
    if (!is_given) arguments.push_back(option + std::string("=none"));
  }
}

bool ReadCpuWord(const LegacyWord& word, Words& arguments) {
  if (word.value.empty()) return false;
  if (word.key == "time") {
    arguments.push_back("time=" + word.value);
  } else if (word.key == "warn") {
    arguments.push_back("warning=load >= " + word.value);
  } else if (word.key == "crit") {
    arguments.push_back("critical=load >= " + word.value);
  } else {
    const auto bound = ReadBound(word, "load");
    if (bound) arguments.push_back(*bound);
    return bound.has_value();
  }
  return true;
}

bool ReadMemoryWord(const LegacyWord& word, Words& arguments) {
  if (word.key == "type" && !word.value.empty()) {
    const std::string type = ToLowerAscii(word.value);
    arguments.push_back("type=" + (type == "paged" ? "page" : type));
    return true;
  }
  for (const auto& [what, keyword] :
       {std::pair("", "used"), std::pair("used", "used"), std::pair("free", "free")}) {
    if (const auto bound = ReadBound(word, keyword, what)) {
      arguments.push_back(*bound);
      return true;
    }
  }
  return false;
}

bool ReadUptimeWord(const LegacyWord& word, Words& arguments) {
  const auto bound = ReadBound(word, "uptime");
  if (bound) arguments.push_back(*bound);
  return bound.has_value();
}

// A condition that meets this name in any case, whatever letters it has.
std::string IsNamed(std::string_view keyword, const std::string& name) {
  return std::string(keyword) + " regexp '(?i)\\Q" + name + "\\E'";
}

// "name", "name=started" or "name=stopped".
struct Expected {
  std::string name;
  bool started = true;
};
std::optional<Expected> ReadExpected(const LegacyWord& word) {
  const std::string state = ToLowerAscii(word.value);
  Expected expected;
  expected.name = word.text.substr(0, word.text.find('='));
  expected.started = state != "stopped";
  const bool is_known =
      state.empty() || state == "started" || state == "running" || state == "stopped";
  if (!is_known || expected.name.empty() ||
      expected.name.find('\'') != std::string::npos) {
    return std::nullopt;
  }
  return expected;
}

bool ReadServiceWord(const LegacyWord& word, Words& arguments) {
  if (word.key == "checkall") return true;
  if (word.key == "exclude" && !word.value.empty()) {
    arguments.push_back("exclude=" + word.value);
    return true;
  }
  const auto expected = ReadExpected(word);
  if (!expected) return false;
  arguments.push_back("service=" + expected->name);
  arguments.push_back("critical=( " + IsNamed("name", expected->name) + " or " +
                      IsNamed("desc", expected->name) + " ) and state != '" +
                      (expected->started ? "running" : "stopped") + "'");
  return true;
}

bool ReadProcessWord(const LegacyWord& word, Words& arguments) {
  if (word.key == "16bit" || word.key == "cmdline") return true;
  if (const auto bound = ReadBound(word, "count", "count")) {
    arguments.push_back(*bound);
    return true;
  }
  const auto expected = ReadExpected(word);
  if (!expected) return false;
  arguments.push_back("process=" + expected->name);
  arguments.push_back("critical=" + IsNamed("exe", expected->name) + " and state != '" +
                      (expected->started ? "started" : "stopped") + "'");
  return true;
}

struct LegacyRow {
  std::string_view name;
  const char* shown;
  const char* command;
  bool (*read)(const LegacyWord& word, Words& arguments);
};
constexpr LegacyRow kLegacy[] = {
    {"checkcpu", "checkCpu", "check_cpu", &ReadCpuWord},
    {"checkmem", "checkMem", "check_memory", &ReadMemoryWord},
    {"checkprocstate", "checkProcState", "check_process", &ReadProcessWord},
    {"checkservicestate", "checkServiceState", "check_service", &ReadServiceWord},
    {"checkuptime", "checkUptime", "check_uptime", &ReadUptimeWord},
};

const LegacyRow* FindLegacy(std::string_view name) {
  for (const LegacyRow& row : kLegacy) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

// All services are judged by how they start, as those of today are.
bool ChecksAll(const LegacyRow& row, const Words& arguments) {
  if (row.read != &ReadServiceWord) return false;
  for (const std::string& argument : arguments) {
    if (ReadWord(argument).key == "checkall") return true;
  }
  return false;
}

}  // namespace

Result<LegacyCall> TranslateLegacy(std::string_view name,
                                   const std::vector<std::string>& given) {
  const LegacyRow* row = FindLegacy(name);
  if (row == nullptr) {
    return Status::NotFound("Unknown command(s): " + std::string(name));
  }
  const Words arguments = WithoutDashes(given);
  LegacyCall call;
  call.command = row->command;
  for (const std::string& argument : arguments) {
    const LegacyWord word = ReadWord(argument);
    if (TakesCommonWord(word, call.arguments)) continue;
    if (row->read(word, call.arguments)) continue;
    return Status::InvalidArgument(
        std::string(row->shown) + " does not know '" + argument +
        "': it is an old command that is translated to " + row->command + "; use that");
  }
  if (!ChecksAll(*row, arguments)) DropDefaults(call.arguments);
  return call;
}

void AddLegacyCommands(Commands& commands) {
  for (const LegacyRow& row : kLegacy) {
    const auto found = commands.find(row.command);
    if (found == commands.end()) continue;
    commands[std::string(row.name)] = [target = found->second, &row](const Ask& ask) {
      const auto call = TranslateLegacy(row.name, ask.arguments);
      if (!call.ok()) return sdk::CheckResult::Unknown(call.status().message());
      return target({call->arguments, ask.environment, ask.call});
    };
  }
}

}  // namespace nscp::check_system
