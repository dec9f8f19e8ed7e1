#include <doctest/doctest.h>

#include "workers/check_system/check_pending_reboot.h"
#include "workers/check_system/check_registry.h"
#include "workers/check_system/test_registry.h"

namespace nscp::check_system {
namespace {

using Words = std::vector<std::string>;

constexpr int64_t kRegistryNow = 1700000000;

TEST_CASE("keys are named in all of the ways that users write them") {
  const struct {
    const char* text;
    const char* path;
  } good[] = {
      {"HKLM\\Software\\A B", "HKLM\\Software\\A B"},
      {"hkey_local_machine\\Software\\", "HKLM\\Software"},
      {"LOCAL_MACHINE", "HKLM"},
      {"HKCU/Software/X", "HKCU\\Software\\X"},
      {"HKU\\.DEFAULT\\a/b", "HKU\\.DEFAULT\\a/b"},
      {"HKCR\\\\.txt", "HKCR\\.txt"},
      {"HKCC\\", "HKCC"},
  };
  for (const auto& row : good) {
    const auto path = ParseRegistryPath(row.text);
    REQUIRE(path.ok());
    CHECK(path->Text() == row.path);
  }
  const auto path = ParseRegistryPath("HKLM\\A\\B");
  CHECK(path->Name() == "B");
  CHECK(path->Parent() == "HKLM\\A");
  CHECK(path->Below("C").Text() == "HKLM\\A\\B\\C");
  CHECK(RegistryPath{}.Name() == "HKLM");
  CHECK(RegistryPath{}.Parent().empty());
  for (const char* bad : {"", "Software", "HKXX\\a", "\\HKLM\\a", "C:\\a"}) {
    CHECK_FALSE(ParseRegistryPath(bad).ok());
  }
  CHECK_FALSE(ParseRegistryPath("HKLM\\" + std::string(kMaxRegistryPath, 'a')).ok());
  CHECK_FALSE(ParseRegistryPath(std::string("HKLM\\\0a", 7)).ok());
}

TEST_CASE("data of each type becomes text and a number") {
  const struct {
    RegistryData data;
    const char* text;
    int64_t integer;
  } rows[] = {
      {RegSz("hello"), "hello", 0},
      {RegistryOf(2, Utf16("%PATH%")), "%PATH%", 0},
      {RegistryOf(7, Utf16({"a\0b\0\0", 5})), "a, b", 0},
      {RegNumber(0xFFFFFFFF, 4), "4294967295", 4294967295},
      {RegNumber(0x123456789A, 8), "78187493530", 78187493530},
      {RegistryOf(5, {"\x00\x00\x01\x02", 4}), "258", 258},
      {RegistryOf(3, "\x01\xFF"), "01ff", 0},
      {RegistryOf(1, {"\x3D\xD8\x00\xDE", 4}), "\xF0\x9F\x98\x80", 0},
      {RegistryOf(1, {"\x3D\xD8\x41", 3}), "\xEF\xBF\xBD\xEF\xBF\xBD", 0},
      {RegistryOf(1, ""), "", 0},
      {RegistryOf(4, "\x07"), "7", 7},
      {{1, Utf16("long"), 500000}, "long...", 0},
      {RegistryOf(3, std::string(300, 'A')), nullptr, 0},
  };
  for (const auto& row : rows) {
    const std::string text = RegistryText(row.data);
    CHECK(RegistryInteger(row.data) == row.integer);
    if (row.text != nullptr) {
      CHECK(text == row.text);
    } else {
      CHECK(text.size() == 2 * 256 + 3);
    }
  }
  CHECK(RegistryTypeName(11) == "REG_QWORD");
  CHECK(RegistryTypeName(12) == "REG_UNKNOWN (12)");
  CHECK(FromFileTime(116444736000000000ULL + 10000000ULL * 5) == 5);
  CHECK(FromFileTime(1) == 0);
}

FakeRegistryTree Company() {
  FakeRegistryTree tree;
  auto& keys = tree.keys;
  keys["HKLM"] = {};
  keys["HKLM\\Software"] = {};
  keys["HKLM\\Software\\Co"] = {{{"", RegSz("it")},
                                 {"Version", RegSz("1.2")},
                                 {"Count", RegNumber(5, 4)},
                                 {"Blob", RegistryOf(3, std::string(2000, 'x'))}},
                                kRegistryNow - 60,
                                {}};
  keys["HKLM\\Software\\Co\\A"] = {{{"Version", RegSz("2")}}, kRegistryNow - 7200, {}};
  keys["HKLM\\Software\\Co\\A\\Deep"] = {};
  keys["HKLM\\Software\\Co\\Secret"] = {{}, 0, Status::PermissionDenied("not yours")};
  return tree;
}

template <class Check>
std::string RunRegistry(FakeRegistryTree& tree, const Words& arguments) {
  checks::Environment environment;
  environment.now = kRegistryNow;
  const auto result = Check().Run(arguments, environment, OpenFake(tree),
                                  checks::TimeZone::Parse("utc").value_or({}));
  return std::string(sdk::StateName(result.state)) + " " + sdk::FormatPlain(result);
}

TEST_CASE("check_registry_key looks for keys") {
  FakeRegistryTree tree = Company();
  const struct {
    Words arguments;
    const char* text;
  } rows[] = {
      {{"key=HKLM\\Software\\Co"}, "OK OK: All 1 registry key(s) are ok.|'count'=1;0;0"},
      {{"key=HKLM\\Software\\Co", "key=HKEY_LOCAL_MACHINE\\Software\\None"},
       "CRITICAL CRITICAL: HKLM\\Software\\None: exists=false, subkeys=0, "
       "values=0|'count'=2;0;0"},
      {{"key=HKLM\\Software\\Co", "recursive", "show-all", "perf-config=none",
        "detail-syntax=%(depth) %(path) %(subkey_count) %(value_count)"},
       "OK OK: 0 HKLM\\Software\\Co 2 4, 1 HKLM\\Software\\Co\\A 1 1, 2 "
       "HKLM\\Software\\Co\\A\\Deep 0 0"},
      {{"key=HKLM\\Software", "recursive", "max-depth=1", "exclude=secret", "show-all",
        "perf-config=none", "detail-syntax=%(hive) %(parent) %(name)%(class)"},
       "OK OK: HKLM HKLM Software, HKLM HKLM\\Software Co"},
      {{"key=HKLM\\Software\\Co", "warn=written > -5m", "perf-config=none",
        "detail-syntax=%(written) %(written_s) %(age)"},
       "WARNING WARNING: 2023-11-14 22:12:20 2023-11-14 22:12:20 "
       "60|'HKLM\\Software\\Co_written'=1699999940;1699999700;0"},
      {{"key=HKLM\\Software\\Co\\A", "crit=age > 1h", "perf-config=none",
        "detail-syntax=%(age) %(exists)"},
       "CRITICAL CRITICAL: 7200 true|'HKLM\\Software\\Co\\A_age'=7200;0;3600"},
      {{"key=HKLM\\Software\\Co\\Secret"}, "UNKNOWN not yours"},
      {{"key=HKLM\\Software\\Co", "computer=far"}, "UNKNOWN no computer far"},
      {{}, "UNKNOWN No key specified. Please provide at least one key= argument."},
      {{"key=Software"},
       "UNKNOWN Invalid registry key: 'Software' (write a hive and a key, such as "
       "HKLM\\Software\\Company; hives are HKLM, HKCU, HKCR, HKU and HKCC)"},
      {{"key=HKLM", "view=16"},
       "UNKNOWN Invalid view: '16' (expected default, 32 or 64)"},
      {{"key=HKLM", "filter=name = 'x'"},
       "UNKNOWN UNKNOWN: No registry keys found|'count'=0;0;0"},
  };
  for (const auto& row : rows) {
    CHECK(RunRegistry<RegistryKeyCheck>(tree, row.arguments) == row.text);
  }
  RunRegistry<RegistryKeyCheck>(tree, {"key=HKLM", "view=32"});
  CHECK(tree.last_view == RegistryView::k32);
}

TEST_CASE("check_registry_value looks at values") {
  FakeRegistryTree tree = Company();
  const struct {
    Words arguments;
    const char* text;
  } rows[] = {
      {{"key=HKLM\\Software\\Co", "value=Version"},
       "OK OK: HKLM\\Software\\Co\\Version: 1.2 (type=REG_SZ)."},
      {{"key=HKLM\\Software\\Co", "value=Nope"},
       "CRITICAL CRITICAL: HKLM\\Software\\Co\\Nope: is not there (type=unknown)"},
      {{"key=HKLM\\Nothing", "value=Version"},
       "CRITICAL CRITICAL: HKLM\\Nothing\\Version: is not there (type=unknown)"},
      {{"key=HKLM\\Software\\Co", "exclude=BLOB"},
       "OK OK: HKLM\\Software\\Co\\(default): it (type=REG_SZ), "
       "HKLM\\Software\\Co\\Count: "
       "5 (type=REG_DWORD), HKLM\\Software\\Co\\Version: 1.2 (type=REG_SZ)."},
      {{"key=HKLM\\Software\\Co", "value=(default)", "crit=string != 'it'"},
       "OK OK: HKLM\\Software\\Co\\(default): it (type=REG_SZ)."},
      {{"key=HKLM\\Software\\Co", "value=Count", "warn=int > 4", "crit=int_value > 9"},
       "WARNING WARNING: HKLM\\Software\\Co\\Count: 5 "
       "(type=REG_DWORD)|'HKLM\\Software\\Co\\Count_int'=5;4;0 "
       "'HKLM\\Software\\Co\\Count_int_value'=5;0;9"},
      {{"key=HKLM\\Software\\Co", "value=Version", "recursive", "show-all",
        "detail-syntax=%(key) %(name) %(string_value)", "crit=type = 'REG_DWORD'"},
       "OK OK: HKLM\\Software\\Co Version 1.2, HKLM\\Software\\Co\\A Version 2"},
      {{"key=HKLM\\Software\\Co", "filter=size > 1k", "show-all",
        "detail-syntax=%(name) %(size) %(hive) %(age)"},
       "OK OK: Blob 2000 HKLM 60"},
      {{"key=HKLM\\Software\\Co\\Secret"}, "UNKNOWN not yours"},
      {{}, "UNKNOWN No key specified. Please provide at least one key= argument."},
  };
  for (const auto& row : rows) {
    CHECK(RunRegistry<RegistryValueCheck>(tree, row.arguments) == row.text);
  }
}

TEST_CASE("a walk ends when nobody waits") {
  FakeRegistryTree tree = Company();
  checks::Environment environment;
  environment.cancelled = [] { return true; };
  const auto result =
      RegistryKeyCheck().Run({"key=HKLM"}, environment, OpenFake(tree), {});
  CHECK(result.lines[0].message == "The check was stopped while it read the registry");
}

std::string RunReboot(FakeRegistryTree& tree, const Words& arguments) {
  const auto result =
      PendingRebootCheck().Run(arguments, checks::Environment(), OpenFake(tree));
  return std::string(sdk::StateName(result.state)) + " " + sdk::FormatPlain(result);
}

// Constructed from Microsoft's documentation of each key.
TEST_CASE("check_pending_reboot finds each reason") {
  const std::string windows = "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\";
  const std::string control = "HKLM\\SYSTEM\\CurrentControlSet\\";
  const std::string names = control + "Control\\ComputerName\\";
  const struct {
    std::string key;
    std::map<std::string, RegistryData> values;
    const char* reasons;
  } rows[] = {
      {windows + "Component Based Servicing\\RebootPending",
       {},
       "Component Based Servicing"},
      {windows + "WindowsUpdate\\Auto Update\\RebootRequired", {}, "Windows Update"},
      {control + "Control\\Session Manager",
       {{"PendingFileRenameOperations", RegistryOf(7, Utf16({"\\??\\C:\\a\0\0\0", 11}))}},
       "pending file rename"},
      {control + "Control\\Session Manager",
       {{"PendingFileRenameOperations", RegistryOf(7, Utf16({"\0", 1}))}},
       "none"},
      {control + "Services\\Netlogon", {{"JoinDomain", RegSz("x")}}, "domain join"},
      {control + "Services\\Netlogon", {{"AvoidSpnSet", RegNumber(1, 4)}}, "domain join"},
      {"HKLM\\SOFTWARE\\Microsoft\\SMS\\Mobile Client\\Reboot Management\\RebootData",
       {},
       "Configuration Manager"},
      {names + "ComputerName", {{"ComputerName", RegSz("NEW")}}, "computer rename"},
  };
  for (const auto& row : rows) {
    FakeRegistryTree tree;
    tree.keys[names + "ActiveComputerName"].values["ComputerName"] = RegSz("OLD");
    tree.keys[names + "ComputerName"].values["ComputerName"] = RegSz("old");
    tree.keys[row.key].values = row.values;
    const std::string reasons = row.reasons;
    const bool is_due = reasons != "none";
    CHECK(RunReboot(tree, {"perf-config=none", "detail-syntax=%(reasons)"}) ==
          (is_due ? "WARNING WARNING: " + reasons + "|'reboot_pending'=1;1;0"
                  : "OK OK: none|'reboot_pending'=0;1;0"));
  }
}

TEST_CASE("check_pending_reboot says what holds") {
  FakeRegistryTree tree;
  CHECK(RunReboot(tree, {}) ==
        "OK OK: No reboot pending|'reboot_pending'=0;1;0 'reboot_signals'=0;0;0");
  const std::string servicing =
      "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based "
      "Servicing\\RebootPending";
  tree.keys[servicing] = {};
  CHECK(RunReboot(tree, {"crit=servicing = 1 or windows_update = 1"}) ==
        "CRITICAL CRITICAL: Reboot required: Component Based "
        "Servicing|'reboot_pending'=1;1;0 'reboot_servicing'=1;0;1 "
        "'reboot_signals'=1;0;0 'reboot_windows_update'=0;0;1");
  tree.keys[servicing].error = Status::PermissionDenied("not yours");
  CHECK(RunReboot(tree, {}) == "UNKNOWN not yours");
}

}  // namespace
}  // namespace nscp::check_system
