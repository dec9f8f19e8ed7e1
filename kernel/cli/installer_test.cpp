// The cases of NSClient++'s own tests of its MSI (the command line's specification C.6),
// boot.ini and nsclient.ini compared whole: without comments, sorted, paths and keys in
// lower case, a password that was made as "<made>".
#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <sstream>

#include "kernel/cli/installer_backup.h"
#include "kernel/cli/installer_command.h"
#include "kernel/cli/installer_plan.h"
#include "kernel/settings/ini_file.h"
#include "proto/cpp/text.h"
#include "tests/unit/temp_folder.h"

namespace nscp::kernel {
namespace {

constexpr char kIni[] = "ini://${shared-path}/nsclient.ini";
const std::vector<std::string> kBoot = {"[settings]1=ini://${shared-path}/nsclient.ini"};
// A password of a certain form stands for any.
constexpr char kMade[] = "[/settings/default]password=<made>";

std::vector<std::string> Sorted(std::vector<std::string> lines) {
  std::sort(lines.begin(), lines.end());
  return lines;
}

// Those of the files with more, and without what begins like one of `less`.
std::vector<std::string> With(std::vector<std::string> lines,
                              const std::vector<std::string>& more,
                              const std::vector<std::string>& less = {}) {
  const auto goes = [&less](const std::string& line) {
    return std::any_of(less.begin(), less.end(),
                       [&](const std::string& start) { return StartsWith(line, start); });
  };
  lines.erase(std::remove_if(lines.begin(), lines.end(), goes), lines.end());
  lines.insert(lines.end(), more.begin(), more.end());
  return lines;
}

std::vector<std::string> Enabled(const std::vector<std::string>& modules) {
  std::vector<std::string> lines;
  for (const std::string& module : modules) {
    lines.push_back("[/modules]" + module + "=enabled");
  }
  return lines;
}

const std::vector<std::string>& Checks() {
  static const std::vector<std::string> kLines =
      Enabled({"checkdisk", "checkeventlog", "checkexternalscripts", "checkhelpers",
               "checknscp", "checksystem"});
  return kLines;
}

const std::vector<std::string>& Standard() {
  static const std::vector<std::string> kLines =
      With(With(Checks(), Enabled({"nrpeserver", "webserver"})),
           {"[/settings/nrpe/server]insecure=false",
            "[/settings/nrpe/server]tls version=tlsv1.2+",
            "[/settings/nrpe/server]verify mode=peer-cert",
            "[/settings/default]allowed hosts=127.0.0.1", kMade});
  return kLines;
}

std::string StandardFile(const std::string& web, const std::string& password) {
  std::string text;
  std::string section;
  for (const std::string& line : Sorted(Standard())) {
    const size_t end = line.find(']') + 1;
    if (line.substr(0, end) != section) text += (section = line.substr(0, end)) + "\n";
    std::string entry = line.substr(end);
    if (StartsWith(entry, "webserver")) entry = "webserver=" + web;
    if (StartsWith(entry, "password")) entry = "password=" + password;
    text += entry + "\n";
  }
  return text;
}

bool IsMade(const std::string& password) {
  return password.size() == 16 &&
         std::all_of(password.begin(), password.end(),
                     [](unsigned char c) { return std::isalnum(c) != 0; });
}

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  for (const IniSection& section : IniFile::Parse(text).Contents()) {
    for (const IniEntry& entry : section.entries) {
      const bool made = entry.key == "password" && IsMade(entry.value);
      lines.push_back("[" + ToLowerAscii(section.name) + "]" + ToLowerAscii(entry.key) +
                      "=" + (made ? "<made>" : entry.value));
    }
  }
  return Sorted(std::move(lines));
}

// An installation in a folder of its own; nothing outside of it is read.
class Host {
 public:
  Host() {
    std::filesystem::create_directory(folder_.File("modules"));
    std::filesystem::permissions(folder_.File("modules"),
                                 std::filesystem::perms::owner_all);
    common_.tokens.Override("shared-path", folder_.path());
    common_.tokens.Override("module-path", folder_.File("modules"));
    common_.tokens.Override("runtime-path", folder_.File("run"));
    common_.tokens.Override("boot-conf", folder_.File("boot.ini"));
  }

  int Install(const std::string& properties) {
    std::istringstream input(properties);
    out_.str("");
    err_.str("");
    Terminal terminal(out_, err_);
    return ApplyInstaller(common_, input, terminal);
  }

  int End(const std::string& word) {
    Terminal terminal(out_, err_);
    return EndInstaller(common_, word, terminal);
  }

  nscp::testing::TempFolder folder_;
  CommonOptions common_;
  std::ostringstream out_;
  std::ostringstream err_;
};

constexpr char kWeb[] = "CONF_WEB=enabled\nNSCLIENT_PWD=1234567890\n";
constexpr char kTls[] = "TLS_VERIFY_MODE=none\nTLS_VERSION=1.2\n";

TEST_CASE("what the properties of an install make of boot.ini and nsclient.ini") {
  const std::vector<std::string> none;
  const std::vector<std::string> tls =
      With(kBoot, {"[tls]verify mode=none", "[tls]version=1.2"});
  const std::string own = StandardFile("enabled", "old-password");
  const std::string url = "https://example.com/agents/nsclient.ini";
  const std::string remote = "CONFIGURATION_TYPE=" + url + "\n";
  const std::vector<std::string> remote_boot = {"[settings]1=" + url};
  const struct {
    const char* name;
    std::string properties;
    std::string existing;  // of nsclient.ini; empty = there is none
    std::vector<std::string> boot;
    std::vector<std::string> ini;
  } kRows[] = {
      {"normal-install", "", "", kBoot, Standard()},
      {"normal-upgrade", "", own + "[foo]\nbar=baz\n", kBoot,
       With(Lines(own), {"[foo]bar=baz"})},
      {"normal-install-without-monitoring-tool", "MONITORING_TOOL=none\n", "", kBoot,
       none},
      {"web-only", "MONITORING_TOOL=NONE\nALLOWED_HOSTS=1.2.3.4\n" + std::string(kWeb),
       "", kBoot,
       With(Enabled({"webserver"}), {"[/settings/default]allowed hosts=1.2.3.4",
                                     "[/settings/default]password=1234567890"})},
      {"password-enabled-web-server", kWeb, "", kBoot,
       With(Standard(), {"[/settings/default]password=1234567890"}, {kMade})},
      {"upgrade-and-enabled-web-server", kWeb, StandardFile("disabled", "old-password"),
       kBoot, With(Standard(), {"[/settings/default]password=1234567890"}, {kMade})},
      {"configuration-not-allowed", "ALLOW_CONFIGURATION=0\n" + std::string(kWeb), own,
       kBoot, Lines(own)},
      {"insecure-nrpe", "NRPEMODE=LEGACY\n", "", kBoot,
       With(Standard(),
            {"[/settings/nrpe/server]insecure=true",
             "[/settings/nrpe/server]verify mode=none"},
            {"[/settings/nrpe/server]insecure", "[/settings/nrpe/server]verify"})},
      {"boot.ini-normal-config", kTls, "", tls, Standard()},
      {"boot.ini-rest-config", kTls + remote, "",
       With(remote_boot, {"[tls]verify mode=none", "[tls]version=1.2"}), none},
      {"boot.ini-rest-config-without-monitoring-tool",
       kTls + remote + "MONITORING_TOOL=none\n", "",
       With(remote_boot, {"[tls]verify mode=none", "[tls]version=1.2"}), none},
      {"boot.ini-rest-config-verified", remote, "", remote_boot, none},
      {"op5-ini-file",
       "MONITORING_TOOL=OP5\nCONFIGURATION_TYPE=" + std::string(kIni) + "\n", "", kBoot,
       With(With(Checks(), Enabled({"nrpeserver", "nscaclient", "nsclientserver"})),
            {"[/settings/nrpe/server]insecure=true",
             "[/settings/nrpe/server]tls version=tlsv1.2+",
             "[/settings/nrpe/server]verify mode=none", "[/includes]op5=op5.ini"})},
      {"enrolled-upgrade", "", own + "[/includes]\nfleet=${fleet-folder}/fleet.ini\n",
       kBoot, With(Lines(own), {"[/includes]fleet=${fleet-folder}/fleet.ini"})},
      {"no password, so one is made", "MONITORING_TOOL=none\nCONF_WEB=1\n", "", kBoot,
       With(Enabled({"webserver"}), {kMade})},
      {"a flag that the file spells otherwise",
       "CONF_WEB=1\n",
       "[/modules]\nWEBServer = 1\n[/settings/default]\npassword = x\n",
       kBoot,
       {"[/modules]webserver=1", "[/settings/default]password=x"}},
      {"a flag that is off",
       "MONITORING_TOOL=none\nCONF_WEB=0\nCONF_WMI=no\n",
       "",
       kBoot,
       {"[/modules]webserver=disabled", "[/modules]checkwmi=disabled"}},
      {"any settings, and includes",
       "MONITORING_TOOL=none\nCONF_SET=/settings/a b;key;one = "
       "two;/settings/c;d;e;\nCONF_INCLUDES=x;x.ini;y;${data-path}/y.ini\n",
       "",
       kBoot,
       {"[/settings/a b]key=one = two", "[/settings/c]d=e", "[/includes]x=x.ini",
        "[/includes]y=${data-path}/y.ini"}},
      {"NRPE for an agent that has it already stays as it is",
       "CONF_NRPE=1\n",
       "[/modules]\nNRPEServer=enabled\n[/settings/NRPE/server]\ninsecure=true\n",
       kBoot,
       {"[/modules]nrpeserver=enabled", "[/settings/nrpe/server]insecure=true"}},
      {"an OP5 server",
       "OP5_SERVER=o\nOP5_USER=u\nOP5_PASSWORD=p$`\"\\\nCONFIGURATION_TYPE=ini://"
       "${shared-path}/nsclient.ini\nCONF_CHECKS=0\nCONF_NRPE=0\nCONF_INCLUDES=a;b\n",
       "[x]\ny=z\n", kBoot,
       With(Enabled({"op5client"}),
            {"[/settings/op5]server=o", "[/settings/op5]user=u",
             "[/settings/op5]password=p$`\"\\", "[x]y=z", "[/includes]a=b",
             "[/modules]checkdisk=disabled", "[/modules]checkeventlog=disabled",
             "[/modules]checkexternalscripts=disabled", "[/modules]checkhelpers=disabled",
             "[/modules]checknscp=disabled", "[/modules]checksystem=disabled",
             "[/modules]nrpeserver=disabled"})},
  };
  for (const auto& row : kRows) {
    CAPTURE(row.name);
    Host host;
    if (!row.existing.empty()) host.folder_.Write("nsclient.ini", row.existing);
    CHECK(host.Install(row.properties) == 0);
    CHECK(host.err_.str() == "");
    CHECK(Lines(host.folder_.Read("boot.ini")) == Sorted(row.boot));
    CHECK(Lines(host.folder_.Read("nsclient.ini")) == Sorted(row.ini));
    CHECK(std::filesystem::exists(host.folder_.File("nsclient.ini")));
    const std::string once = host.folder_.Read("nsclient.ini");
    CHECK(host.End("keep") == 0);
    CHECK_FALSE(std::filesystem::exists(host.folder_.File("install-backup")));
    if (row.ini.empty()) continue;
    // Again, as a repair does it, changes not a byte.
    CHECK(host.Install(row.properties) == 0);
    CHECK(host.folder_.Read("nsclient.ini") == once);
  }
}

TEST_CASE("an imported file is copied, and NRPE is made secure on top") {
  Host host;
  const std::string from = host.folder_.Write(
      "other.ini",
      "[/modules]\nCheckHelpers=enabled\n[/settings/default]\nallowed hosts=10.0.0.1\n"
      "[/settings/NRPE/server]\nssl options=no-sslv2\n");
  CHECK(host.Install(kTls + ("IMPORT_CONFIG=" + from) + "\n") == 0);
  CHECK(host.err_.str() == "");
  CHECK(Lines(host.folder_.Read("boot.ini")) ==
        Sorted(With(kBoot, {"[tls]verify mode=none", "[tls]version=1.2"})));
  CHECK(Lines(host.folder_.Read("nsclient.ini")) ==
        Sorted(With(Enabled({"checkhelpers", "nrpeserver"}),
                    {"[/settings/default]allowed hosts=10.0.0.1",
                     "[/settings/nrpe/server]insecure=false",
                     "[/settings/nrpe/server]ssl options=",
                     "[/settings/nrpe/server]tls version=tlsv1.2+",
                     "[/settings/nrpe/server]verify mode=peer-cert"})));
}

TEST_CASE("boot.ini keeps its other stores, and what an upgrade says nothing of") {
  Host host;
  const std::string other = host.folder_.File("other.ini");
  host.folder_.Write("boot.ini",
                     "; mine\n[settings]\n1 = ini://" + other + "\n[paths]\na = b\n");
  CHECK(host.Install("MONITORING_TOOL=none\nCONF_WEB=1\n") == 0);
  CHECK(Lines(host.folder_.Read("boot.ini")) ==
        Sorted({"[settings]1=ini://" + other, "[paths]a=b"}));
  CHECK(Lines(host.folder_.Read("other.ini")) ==
        Sorted({"[/modules]webserver=enabled", kMade}));
  CHECK(Lines(host.folder_.Read("nsclient.ini")).empty());
  CHECK(host.Install("CONFIGURATION_TYPE=" + std::string(kIni) +
                     "\nMONITORING_TOOL=none\n") == 0);
  CHECK(Lines(host.folder_.Read("boot.ini")) ==
        Sorted({"[settings]1=" + std::string(kIni), "[settings]2=ini://" + other,
                "[paths]a=b"}));
}

TEST_CASE("a password of any characters arrives as it is, and no text shows it") {
  for (const std::string password :
       {"a b", "$!%&(){}[]^=;,`~", u8"c\u00e4f\u00e9", "trail\\", "qu\"o'te", "[X]",
        "${exe-path}", "; no comment", "x=y"}) {
    CAPTURE(password);
    Host host;
    CHECK(host.Install("NSCLIENT_PWD=" + password + "\n") == 0);
    const auto found = IniFile::Parse(host.folder_.Read("nsclient.ini"))
                           .Get("/settings/default", "password");
    CHECK(found == std::optional<std::string>(password));
    CHECK(host.out_.str().find(password) == std::string::npos);
  }
}

TEST_CASE("what can't be applied is refused in a sentence, and nothing changes") {
  const struct {
    const char* properties;
    const char* said;
  } kRows[] = {
      {"CONFIGURATION_TYPE=foo://x\n", "CONFIGURATION_TYPE: Undefined settings protocol"},
      {"CONFIGURATION_TYPE=https://h/x.ini\nCONF_WEB=1\n", "CONF_WEB can't be applied"},
      {"CONFIGURATION_TYPE=dummy\nNSCLIENT_PWD=secret\n", "NSCLIENT_PWD can't be"},
      {"CONF_WEB=perhaps\n", "CONF_WEB is neither 1 nor 0"},
      {"NSCLIENT_PWD= secret\n", "NSCLIENT_PWD begins or ends with a blank"},
      {"NSCLIENT_PWD=***\n", "NSCLIENT_PWD begins or ends with a blank"},
      {"CONF_SET=/a;b\n", "CONF_SET is not of the form"},
      {"CONF_INCLUDES=a\n", "CONF_INCLUDES is not of the form"},
      {"CONF_SET=/a;;c\n", "a settings key is missing"},
      {"LAYOUT=flat\n", "LAYOUT is neither"},
      {"FLEET_SERVER=https://f\nFLEET_TOKEN=secret\n",
       "is not available in this version"},
      {"USER_WRITABLE_CONFIG=1\n", "USER_WRITABLE_CONFIG is not available"},
      {"IMPORT_CONFIG=/no/such/file.ini\n", "IMPORT_CONFIG: there is no file"},
      {"secret\n", "line 1 of the input is not NAME=value"},
      {"CONF_WEB=1\nREMOTE_SECRET=secret\n", "line 2 of the input is not NAME=value"},
      {"NSCLIENT_PWD=a\rb\n", "NSCLIENT_PWD: "},
  };
  for (const auto& row : kRows) {
    CAPTURE(row.properties);
    Host host;
    CHECK(host.Install(row.properties) == 1);
    CAPTURE(host.err_.str());
    CHECK(host.err_.str().find(row.said) != std::string::npos);
    CHECK(host.err_.str().find("secret") == std::string::npos);
    CHECK_FALSE(std::filesystem::exists(host.folder_.File("boot.ini")));
    CHECK_FALSE(std::filesystem::exists(host.folder_.File("nsclient.ini")));
    CHECK_FALSE(std::filesystem::exists(host.folder_.File("install-backup")));
  }
  Host host;
  CHECK(host.Install("CONF_SET=" + std::string(kMaxInstallerInput, 'x')) == 1);
  CHECK(host.err_.str().find("longer than") != std::string::npos);
}

TEST_CASE("asked for nothing but what this version has not, 0 is fine") {
  Host host;
  CHECK(host.Install("USER_WRITABLE_CONFIG=0\nFLEET_INSECURE=0\nLAYOUT=legacy\n"
                     "MONITORING_TOOL=none\nGENERATE_SAMPLE_CONFIG=1\nTLS_CA=/x.pem\n") ==
        0);
  CHECK(Lines(host.folder_.Read("boot.ini")) == Sorted(With(kBoot, {"[tls]ca=/x.pem"})));
}

TEST_CASE("an installation that is rolled back leaves the files as they were") {
  const std::string before = "; mine\n[modules]\nWEBServer = disabled\n";
  Host host;
  host.folder_.Write("nsclient.ini", before);
  CHECK(host.Install(kWeb) == 0);
  CHECK(host.folder_.Read("nsclient.ini") != before);
  CHECK(host.End("undo") == 0);
  CHECK(host.folder_.Read("nsclient.ini") == before);
  CHECK_FALSE(std::filesystem::exists(host.folder_.File("boot.ini")));
  CHECK_FALSE(std::filesystem::exists(host.folder_.File("install-backup")));
  // Another store is put back too, and there may be nothing to end.
  const std::string other = host.folder_.Write("other.ini", "[a]\nb=c\n");
  CHECK(host.Install("CONFIGURATION_TYPE=ini://" + other + "\nCONF_WEB=1\n") == 0);
  CHECK(host.folder_.Read("other.ini") != "[a]\nb=c\n");
  CHECK(host.End("undo") == 0);
  CHECK(host.folder_.Read("other.ini") == "[a]\nb=c\n");
  CHECK(host.End("undo") == 0);
  CHECK(host.End("perhaps") == 1);
  CHECK(host.err_.str() == "--end-installer is keep or undo\n");
}

TEST_CASE("the store of a fresh OP5 agent, and one that is asked for, is the registry") {
  const std::string registry = "registry://HKEY_LOCAL_MACHINE/software/NSClient++";
  const struct {
    InstallerProperties properties;
    std::string context;
  } kRows[] = {
      {{{"MONITORING_TOOL", "OP5"}}, registry},
      {{{"OP5_SERVER", "o"}}, registry},
      {{{"CONFIGURATION_TYPE", registry}, {"CONF_WEB", "1"}}, registry},
      {{{"MONITORING_TOOL", "GENERIC"}}, kIni},
  };
  for (const auto& row : kRows) {
    const auto target = PlanTarget(row.properties, BootConfig());
    REQUIRE(target.ok());
    CHECK(target->context == row.context);
    CHECK(target->writes);
  }
}

}  // namespace
}  // namespace nscp::kernel
