#include "workers/check_system/check_registry.h"

#include <algorithm>

#include "proto/cpp/text.h"
#include "workers/check_system/registry_walk.h"

namespace nscp::check_system {
namespace {

std::string WrittenText(int64_t written, const checks::TimeZone* zone) {
  return written == 0 || zone == nullptr ? "unknown" : zone->Format(written);
}

// 0 and 1, which read as "false" and "true"; without performance data.
template <class Row>
void AddExists(const char* description, checks::Keywords<Row>& k) {
  k.Integer("exists", description, [](const Row& row) { return row.exists ? 1 : 0; })
      .TextFace([](const Row& row) -> std::string_view {
        return row.exists ? "true" : "false";
      })
      .Human([](const Row& row) -> std::string { return row.exists ? "true" : "false"; })
      .NoPerf();
}

template <class Row, class Written>
void AddWritten(const char* what, Written written, checks::Keywords<Row>& k) {
  k.Date("written", std::string("When ") + what + " was last written", written)
      .Human([written](const Row& row) { return WrittenText(written(row), row.zone); });
  k.Text("written_s", "The same as text",
         [written](const Row& row) { return WrittenText(written(row), row.zone); });
  k.Duration("age", std::string("Seconds since ") + what + " was last written",
             [written](const Row& row) {
               return written(row) == 0 ? 0
                                        : std::max<int64_t>(0, row.now - written(row));
             });
}

checks::Keywords<RegistryKeyRow> RegistryKeyKeywords() {
  using Row = RegistryKeyRow;
  checks::Keywords<Row> k;
  const auto text = [&k](const char* name, const char* description,
                         std::string Row::*member) {
    k.Text(name, description,
           [member](const Row& row) -> std::string_view { return row.*member; });
  };
  text("path", "The whole path of the key, such as HKLM\\Software\\Company", &Row::text);
  text("name", "The last part of the path", &Row::name);
  text("parent", "The path without its last part", &Row::parent);
  k.Text("hive", "The hive: HKLM, HKCU, HKCR, HKU or HKCC",
         [](const Row& row) { return HiveName(row.path.hive); });
  k.Text("class", "The class that the key was made with; hardly any key has one",
         [](const Row& row) -> std::string_view { return row.facts.class_name; });
  AddExists("Whether the key is there: true or false", k);
  k.Integer("depth", "How far the key is below the one that was asked for, which has 0",
            &Row::depth);
  k.Integer("value_count", "Number of values of the key",
            [](const Row& row) { return row.facts.values; });
  k.Integer("subkey_count", "Number of keys right below it",
            [](const Row& row) { return row.facts.subkeys; });
  AddWritten(
      "the key", [](const Row& row) { return row.facts.written; }, k);
  return k;
}

checks::Keywords<RegistryValueRow> RegistryValueKeywords() {
  using Row = RegistryValueRow;
  checks::Keywords<Row> k;
  const auto text = [&k](const char* name, const char* description,
                         std::string Row::*member) {
    k.Text(name, description,
           [member](const Row& row) -> std::string_view { return row.*member; });
  };
  text("key", "The whole path of the key that the value belongs to", &Row::key);
  text("hive", "The hive: HKLM, HKCU, HKCR, HKU or HKCC", &Row::hive);
  text("name", "Name of the value; (default) for the one without a name", &Row::name);
  text("path", "Key and name together", &Row::path);
  text("type", "Type of the value, such as REG_SZ or REG_DWORD", &Row::type);
  for (const char* name : {"string", "string_value"}) {
    k.Text(name, "The value as text: numbers in decimal, binary data in hexadecimal",
           [](const Row& row) -> std::string_view { return row.text; })
        .Human([](const Row& row) { return row.exists ? row.text : "is not there"; });
  }
  k.Integer("int", "The value as a number; 0 for what is none", &Row::integer);
  k.Integer("int_value", "The same as int", &Row::integer);
  k.Size("size", "Bytes of the value's data", &Row::size);
  AddExists("Whether the value is there: true or false", k);
  AddWritten(
      "its key", [](const Row& row) { return row.written; }, k);
  return k;
}

void AddRegistryOptions(checks::OptionTable& options) {
  options.List("key", {},
               "Path of a key, such as HKLM\\Software\\Company; may be given several "
               "times.");
  options.List("exclude", {},
               "Name that is left out, in any case; may be given several times.");
  options.Text("computer", "",
               "Read the registry of this computer, in the agent's own name. The service "
               "Remote Registry must run there.");
  options.Text(
      "view", "default",
      "Which half of the registry: 64, 32 (that of 32-bit programs) or default.");
  options.Bool("recursive", "Look at all keys below as well.");
  options.Integer("max-depth", -1,
                  "How many levels recursive goes down; -1 for all of them.");
}

checks::Check<RegistryKeyRow> MakeRegistryKeyCheck() {
  checks::OptionTable options;
  AddRegistryOptions(options);
  checks::FilterDefaults defaults;
  defaults.critical = {"not exists"};
  defaults.empty_state = "unknown";
  defaults.top_syntax = "${status}: ${problem_list}";
  defaults.ok_syntax = "${status}: All %(count) registry key(s) are ok.";
  defaults.empty_syntax = "${status}: No registry keys found";
  defaults.detail_syntax =
      "${path}: exists=${exists}, subkeys=${subkey_count}, values=${value_count}";
  defaults.perf_syntax = "${path}";
  defaults.perf_config = "extra(count)";
  return {std::move(options), defaults, RegistryKeyKeywords()};
}

checks::Check<RegistryValueRow> MakeRegistryValueCheck() {
  checks::OptionTable options;
  AddRegistryOptions(options);
  options.List("value", {},
               "Name of a value; may be given several times. Without it, or with *, all "
               "values of the key.");
  checks::FilterDefaults defaults;
  defaults.critical = {"not exists"};
  defaults.empty_state = "unknown";
  defaults.top_syntax = "${status}: ${problem_list}";
  defaults.ok_syntax = "${status}: %(list).";
  defaults.empty_syntax = "${status}: No registry values found";
  defaults.detail_syntax = "${path}: ${string_value} (type=${type})";
  defaults.perf_syntax = "${path}";
  return {std::move(options), defaults, RegistryValueKeywords()};
}

Result<RegistryWish> ReadRegistryWish(const checks::Arguments& parsed) {
  RegistryWish wish;
  if (parsed.List("key").empty()) {
    return Status::InvalidArgument(
        "No key specified. Please provide at least one key= argument.");
  }
  for (const std::string& text : parsed.List("key")) {
    ASSIGN_OR_RETURN(RegistryPath path, ParseRegistryPath(text));
    wish.keys.push_back(std::move(path));
  }
  ASSIGN_OR_RETURN(wish.view, ParseRegistryView(parsed.Text("view")));
  for (const std::string& name : parsed.List("exclude")) {
    wish.exclude.insert(ToLowerAscii(name));
  }
  const int64_t depth = parsed.Integer("max-depth");
  if (parsed.Flag("recursive")) {
    wish.depth = depth < 0 ? kMaxRegistryDepth : std::min(depth, kMaxRegistryDepth);
  }
  return wish;
}

}  // namespace

RegistryKeyCheck::RegistryKeyCheck() : check_(MakeRegistryKeyCheck()) {}

sdk::CheckResult RegistryKeyCheck::Run(const std::vector<std::string>& arguments,
                                       const checks::Environment& environment,
                                       const OpenRegistry& open,
                                       const checks::TimeZone& zone) const {
  return check_.Run(
      arguments, environment,
      [&](const checks::Arguments& parsed, checks::Sink<RegistryKeyRow>& sink) -> Status {
        ASSIGN_OR_RETURN(const RegistryWish wish, ReadRegistryWish(parsed));
        ASSIGN_OR_RETURN(const auto registry, open(parsed.Text("computer")));
        RegistryWalk walk(*registry, wish, environment);
        return walk.Keys([&](RegistryKeyRow row) {
          row.now = environment.now;
          row.zone = &zone;
          return sink.Add(std::move(row));
        });
      });
}

RegistryValueCheck::RegistryValueCheck() : check_(MakeRegistryValueCheck()) {}

sdk::CheckResult RegistryValueCheck::Run(const std::vector<std::string>& arguments,
                                         const checks::Environment& environment,
                                         const OpenRegistry& open,
                                         const checks::TimeZone& zone) const {
  return check_.Run(arguments, environment,
                    [&](const checks::Arguments& parsed,
                        checks::Sink<RegistryValueRow>& sink) -> Status {
                      ASSIGN_OR_RETURN(const RegistryWish wish, ReadRegistryWish(parsed));
                      ASSIGN_OR_RETURN(const auto registry,
                                       open(parsed.Text("computer")));
                      RegistryWalk walk(*registry, wish, environment);
                      return walk.Values(parsed.List("value"), [&](RegistryValueRow row) {
                        row.now = environment.now;
                        row.zone = &zone;
                        return sink.Add(std::move(row));
                      });
                    });
}

}  // namespace nscp::check_system
