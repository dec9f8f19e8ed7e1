// What the live commands make of plain data.
#include <doctest/doctest.h>

#include "kernel/cli/log_report.h"
#include "kernel/cli/module_report.h"
#include "kernel/cli/module_switch.h"
#include "kernel/cli/redaction.h"
#include "kernel/cli/result_json.h"

namespace nscp::kernel {
namespace {

v1::GetSettingsResponse Clear(const std::vector<std::pair<std::string, bool>>& values) {
  v1::GetSettingsResponse response;
  for (const auto& [value, sensitive] : values) {
    v1::SettingEntry& entry = *response.add_entries();
    entry.set_value(value);
    entry.set_sensitive(sensitive);
  }
  return response;
}

TEST_CASE("secrets of the settings are masked wherever they turn up") {
  Redaction redaction;
  redaction.Learn(Clear({{"geheim", true},
                         {"geheimer", true},
                         {"abc", true},  // too short to be looked for
                         {"plain value", false},
                         {"run --password hunter22 x", false},
                         {"https://bob:pa55word@host/x y", false}}));
  const struct {
    const char* text;
    const char* wanted;
  } kRows[] = {
      {"it is geheim, or geheimer", "it is ***, or ***"},
      {"abc and plain value stay", "abc and plain value stay"},
      {"said hunter22", "said ***"},
      {"said pa55word", "said ***"},
  };
  for (const auto& row : kRows) {
    CHECK(redaction.Known(row.text) == row.wanted);
    CHECK(redaction.Line(row.text) == row.wanted);
  }
}

TEST_CASE("what looks like a secret in a line is masked though nobody knows it") {
  const Redaction redaction;
  const struct {
    const char* text;
    const char* wanted;
  } kRows[] = {
      {"login with token=0123abcd ok", "login with token=*** ok"},
      {"x --api-key 0123abcd y", "x --api-key *** y"},
      {"get ftp://u:p@h:21/a and http://v@h2", "get ftp://***@h:21/a and http://***@h2"},
      {"get http://host/a@b", "get http://host/a@b"},
      {"mail to a@b", "mail to a@b"},
      {"://", "://"},
  };
  for (const auto& row : kRows) {
    CAPTURE(row.text);
    CHECK(redaction.Line(row.text) == row.wanted);
  }
}

TEST_CASE("a module is switched by the line that it has, else by its own name") {
  const auto configured = ParseModulesSection({{"CheckDisk.dll", "enabled"},
                                               {"enabled", "CheckSystem"},
                                               {"second", "CheckHelpers"}});
  const struct {
    const char* name;
    const char* on_disk;
    bool enable;
    const char* key;
    const char* value;
  } kRows[] = {
      {"checkdisk", "CheckDisk", false, "CheckDisk.dll", "disabled"},
      {"CheckSystem", "CheckSystem", false, "CheckSystem", "disabled"},
      {"SECOND", "", true, "second", "CheckHelpers"},
      {"checkhelpers", "CheckHelpers", true, "CheckHelpers", "enabled"},
  };
  for (const auto& row : kRows) {
    CAPTURE(row.name);
    const auto entry = SwitchEntry(configured, row.name, row.on_disk, row.enable);
    REQUIRE(entry.ok());
    CHECK(entry->path() == "/modules");
    CHECK(entry->key() == row.key);
    CHECK(entry->value() == row.value);
  }
  CHECK(SwitchEntry(configured, "second", "", false).status().code() ==
        Code::kFailedPrecondition);
  CHECK(SwitchEntry(configured, "nope", "", true).status().code() == Code::kNotFound);
}

TEST_CASE("a level is asked for with the worse ones") {
  CHECK(LevelsFrom(v1::LOG_CRITICAL) == std::vector<v1::LogLevel>{v1::LOG_CRITICAL});
  CHECK(LevelsFrom(v1::LOG_WARNING) ==
        std::vector<v1::LogLevel>{v1::LOG_CRITICAL, v1::LOG_ERROR, v1::LOG_WARNING});
  CHECK(LevelsFrom(v1::LOG_TRACE).size() == 6);
}

TEST_CASE("a log entry is one line") {
  v1::LogEntry entry;
  entry.set_level(v1::LOG_ERROR);
  entry.set_sender("Module");
  entry.set_message("one\ntwo\x1b[0m");
  entry.set_request_id("r-1");
  const std::string text = LogText(entry, {});
  CHECK(text.substr(19) == " error    Module: one\\ntwo\\x1b[0m (request r-1)\n");
}

TEST_CASE("only what is loaded and does not run is not as wanted") {
  v1::ModuleInfo module;
  CHECK(IsAsWanted(module));
  module.set_loaded(true);
  CHECK_FALSE(IsAsWanted(module));
  module.set_state(v1::RUNNING);
  CHECK(IsAsWanted(module));
}

TEST_CASE("a result is told as REST tells it") {
  v1::CheckResult result;
  result.set_code(v1::WARNING);
  v1::Line& line = *result.add_lines();
  line.set_message("a \"b\"");
  v1::Perf& perf = *line.add_perf();
  perf.set_label("x");
  perf.mutable_number()->set_value(1.5);
  perf.mutable_number()->mutable_warning()->set_range("1:2");
  perf.mutable_number()->mutable_critical()->set_value(3);
  perf.mutable_number()->set_maximum(10);
  line.add_perf()->set_label("u");
  line.mutable_perf(1)->set_text("U");
  CHECK(ResultJson("Check_X", result) ==
        R"({"command":"check_x","result":1,"lines":[{"message":"a \"b\"","perf":{)"
        R"("x":{"value":1.5,"maximum":10,"warning":"1:2","critical":3,"unit":""},)"
        R"("u":{"value":"U"}}}]})");
}

}  // namespace
}  // namespace nscp::kernel
