// The two layouts of a Windows host, played in a folder of the test: `program` stands for
// the installation's folder and `appdata` for ProgramData.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "kernel/cli/installer_backup.h"
#include "kernel/cli/installer_command.h"
#include "kernel/cli/layout_files.h"
#include "kernel/cli/private_folder.h"
#include "kernel/cli/remove_made.h"
#include "kernel/cli/settings_layout.h"
#include "proto/cpp/text.h"
#include "tests/unit/temp_folder.h"

namespace nscp::kernel {
namespace {

namespace fs = std::filesystem;

constexpr char kBootModern[] =
    "[settings]\n1 = ini://${shared-path}/nsclient.ini\n\n[layout]\nmode = modern\n";
constexpr char kMine[] = "[modules]\nWEBServer = disabled\n[foo]\nbar = baz\n";

class LayoutHost {
 public:
  LayoutHost() {
    fs::create_directories(fs::u8path(folder_.File("program/modules")));
    fs::permissions(fs::u8path(folder_.File("program/modules")), fs::perms::owner_all);
    fs::create_directories(fs::u8path(folder_.File("appdata")));
  }

  // As the program sees it when it starts.
  CommonOptions Common() const {
    CommonOptions common;
    common.tokens = PathTokens(folder_.File("program"),
                               {{"common-appdata", folder_.File("appdata")},
                                {"boot-conf", folder_.File("program/boot.ini")},
                                {"module-path", folder_.File("program/modules")},
                                {"runtime-path", folder_.File("run")}});
    common.tokens.UseLayout(HasModernLayout(folder_.File("program/boot.ini")));
    return common;
  }
  int Install(const std::string& properties) {
    std::istringstream input(properties);
    out_.str("");
    err_.str("");
    Terminal terminal(out_, err_);
    return ApplyInstaller(Common(), input, terminal);
  }
  int End(const std::string& word) {
    Terminal terminal(out_, err_);
    return EndInstaller(Common(), word, terminal);
  }
  int Remove() {
    Terminal terminal(out_, err_);
    return RemoveMade(Common(), terminal);
  }
  // The folder of data as the agent makes it, where it is not there yet.
  void PrivateData() const {
    (void)MakePrivateFolder(folder_.File("appdata/NSClient++"));
  }
  void Program(const std::string& name, const std::string& text) const {
    folder_.Write("program/" + name, text);
  }
  std::string Data(const std::string& name) const {
    return folder_.Read("appdata/NSClient++/" + name);
  }
  bool HasProgram(const std::string& name) const {
    return fs::exists(fs::u8path(folder_.File("program/" + name)));
  }
  bool HasData(const std::string& name) const {
    return fs::exists(fs::u8path(folder_.File("appdata/NSClient++/" + name)));
  }

  nscp::testing::TempFolder folder_;
  std::ostringstream out_;
  std::ostringstream err_;
};

// Without line ends of one system, comments and blank lines.
std::string Plain(const std::string& text) {
  std::string plain;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    line = std::string(Trim(line));
    if (StartsWith(line, "\xEF\xBB\xBF")) line.erase(0, 3);
    if (!line.empty() && line[0] != ';') plain += line + "\n";
  }
  return plain;
}

const std::string kStamped =
    "[settings]\n1 = ini://${shared-path}/nsclient.ini\n[layout]\nmode = modern\n";

TEST_CASE("LAYOUT=modern on a fresh host: settings in a folder for administrators") {
  LayoutHost host;
  CHECK(host.Install("LAYOUT=modern\nMONITORING_TOOL=none\nALLOWED_HOSTS=1.2.3.4\n") ==
        0);
  CHECK(host.err_.str() == "");
  CHECK(Plain(host.folder_.Read("program/boot.ini")) == kStamped);
  CHECK(Plain(host.Data("nsclient.ini")) ==
        "[/settings/default]\nallowed hosts = 1.2.3.4\n");
  CHECK(IsPrivateFolder(host.folder_.File("appdata/NSClient++")));
  CHECK_FALSE(host.HasProgram("nsclient.ini"));
  CHECK(host.End("keep") == 0);
  CHECK(host.HasData("nsclient.ini"));
}

TEST_CASE("LAYOUT=modern over the legacy one moves what is the agent's, and no more") {
  LayoutHost host;
  host.Program("nsclient.ini", kMine);
  host.Program("security/certificate.pem", "mine");
  host.Program("security/windows-ca.pem", "of Windows");
  host.Program("security/nrpe_dh_2048.pem", "installed");
  host.Program("log/nsclient.log", "a line");
  host.Program("cache/deep/er/x.ini", "cached");
  host.Program("storage/CheckDisk.storage", "trend");
  host.Program("scripts/own.bat", "echo");
  CHECK(host.Install("LAYOUT=modern\nCONF_WEB=1\nNSCLIENT_PWD=secret\n") == 0);
  CHECK(host.err_.str() == "");
  // Until the installer knows that all went well both sets are there.
  CHECK(host.folder_.Read("program/nsclient.ini") == kMine);
  CHECK(host.End("keep") == 0);
  CHECK(host.err_.str() == "");
  CHECK(Plain(host.folder_.Read("program/boot.ini")) == kStamped);
  const std::string moved = Plain(host.Data("nsclient.ini"));
  CHECK(moved.find("[foo]\nbar = baz\n") != std::string::npos);
  CHECK(moved.find("WEBServer = enabled\n") != std::string::npos);
  CHECK(host.Data("security/certificate.pem") == "mine");
  CHECK(host.Data("log/nsclient.log") == "a line");
  CHECK(host.Data("cache/deep/er/x.ini") == "cached");
  CHECK(host.Data("storage/CheckDisk.storage") == "trend");
  for (const char* gone : {"nsclient.ini", "security/certificate.pem", "log", "cache",
                           "storage", "install-backup"}) {
    CAPTURE(gone);
    CHECK_FALSE(host.HasProgram(gone));
  }
  for (const char* stays :
       {"security/windows-ca.pem", "security/nrpe_dh_2048.pem", "scripts/own.bat"}) {
    CAPTURE(stays);
    CHECK(host.HasProgram(stays));
    CHECK_FALSE(host.HasData(stays));
  }
}

TEST_CASE("a later upgrade finds the host modern, without its boot.ini too") {
  for (const bool kept : {true, false}) {
    CAPTURE(kept);
    LayoutHost host;
    CHECK(host.Install("LAYOUT=modern\nMONITORING_TOOL=none\nCONF_WMI=1\n") == 0);
    CHECK(host.End("keep") == 0);
    const std::string ini = host.Data("nsclient.ini");
    if (!kept) fs::remove(fs::u8path(host.folder_.File("program/boot.ini")));
    CHECK(host.Install("CURRENT_LAYOUT=modern\n") == 0);
    CHECK(host.End("keep") == 0);
    CHECK(host.Data("nsclient.ini") == ini);
    CHECK_FALSE(host.HasProgram("nsclient.ini"));
    CHECK(Plain(host.folder_.Read("program/boot.ini")) == kStamped);
    // To go back is not the installer's.
    CHECK(host.Install("LAYOUT=legacy\n") == 0);
    CHECK(host.out_.str().find("LAYOUT=legacy is ignored") != std::string::npos);
    CHECK(host.Data("nsclient.ini") == ini);
    CHECK(Plain(host.folder_.Read("program/boot.ini")) == kStamped);
  }
}

TEST_CASE("a switch that is rolled back leaves the legacy layout whole") {
  LayoutHost host;
  host.Program("nsclient.ini", kMine);
  host.Program("security/certificate.pem", "mine");
  CHECK(host.Install("LAYOUT=modern\nCONF_WEB=1\nNSCLIENT_PWD=secret\n") == 0);
  CHECK(host.End("undo") == 0);
  CHECK(host.folder_.Read("program/nsclient.ini") == kMine);
  CHECK(host.folder_.Read("program/security/certificate.pem") == "mine");
  CHECK_FALSE(host.HasProgram("boot.ini"));
  CHECK_FALSE(host.HasProgram("install-backup"));
  CHECK_FALSE(host.HasData(""));
}

TEST_CASE("a switch whose properties make no sense copies nothing") {
  LayoutHost host;
  host.Program("nsclient.ini", kMine);
  CHECK(host.Install("LAYOUT=modern\nCONF_WEB=perhaps\n") == 1);
  CHECK(host.folder_.Read("program/nsclient.ini") == kMine);
  CHECK_FALSE(host.HasProgram("boot.ini"));
  CHECK_FALSE(host.HasData(""));
}

TEST_CASE("the first switch needs an empty folder; only its own of earlier is adopted") {
  LayoutHost host;
  const std::string data = host.folder_.File("appdata/NSClient++");
  host.folder_.Write("appdata/NSClient++/nsclient.ini", "[planted]\na = b\n");
  fs::permissions(fs::u8path(data), fs::perms::owner_all | fs::perms::others_all);
  CHECK(host.Install("LAYOUT=modern\n") == 1);
  CHECK(host.err_.str().find("is not empty") != std::string::npos);
  CHECK(host.Data("nsclient.ini") == "[planted]\na = b\n");
  CHECK_FALSE(host.HasProgram("boot.ini"));
  // What an uninstall left, in a folder that nobody else can write to.
  fs::remove_all(fs::u8path(data));
  host.PrivateData();
  host.folder_.Write("appdata/NSClient++/nsclient.ini", "[planted]\na = b\n");
  CHECK(host.Install("LAYOUT=modern\n") == 0);
  CHECK(Plain(host.Data("nsclient.ini")) == "[planted]\na = b\n");
  // A rollback leaves it.
  CHECK(host.End("undo") == 0);
  CHECK(Plain(host.Data("nsclient.ini")) == "[planted]\na = b\n");
  // Two sets of settings are one too many.
  host.Program("nsclient.ini", kMine);
  CHECK(host.Install("LAYOUT=modern\n") == 1);
  // An empty folder of somebody's is made anew.
  fs::remove_all(fs::u8path(data));
  fs::create_directory(fs::u8path(data));
  fs::permissions(fs::u8path(data), fs::perms::all);
  CHECK(host.Install("LAYOUT=modern\n") == 0);
  CHECK(IsPrivateFolder(data));
}

TEST_CASE("migrate-layout goes to modern and back; what it would move it says first") {
  LayoutHost host;
  host.Program("nsclient.ini", kMine);
  host.Program("security/certificate_key.pem", "key");
  host.Program("log/nsclient.log", "a line");
  host.Program("boot.ini", "[settings]\n1 = ini://" +
                               host.folder_.File("program/nsclient.ini") +
                               "\n[paths]\nx = y\n");
  const auto would = SwitchLayout(Layout::kModern, host.Common().tokens, true);
  CHECK(would.value_or("") ==
        "Would move to " + host.folder_.File("appdata/NSClient++") +
            ":\n  nsclient.ini\n  security\n  security/certificate_key.pem\n  log\n  "
            "log/nsclient.log");
  CHECK_FALSE(host.HasData(""));
  CHECK(SwitchLayout(Layout::kLegacy, host.Common().tokens, false)
            .value_or("")
            .find("Already using the legacy layout") == 0);

  CHECK(SwitchLayout(Layout::kModern, host.Common().tokens, false).value_or("") ==
        "Using the modern layout now (" + host.folder_.File("appdata/NSClient++") + ")");
  CHECK(Plain(host.folder_.Read("program/boot.ini")) ==
        "[settings]\n1 = ini://${shared-path}/nsclient.ini\n2 = ini://" +
            host.folder_.File("program/nsclient.ini") +
            "\n[paths]\nx = y\n[layout]\nmode = modern\n");
  CHECK(host.Data("security/certificate_key.pem") == "key");
  CHECK_FALSE(host.HasProgram("nsclient.ini"));
  CHECK_FALSE(host.HasProgram("security"));
  CHECK(SwitchLayout(Layout::kModern, host.Common().tokens, false)
            .value_or("")
            .find("Already using the modern layout") == 0);

  host.folder_.Write("appdata/NSClient++/security/windows-ca.pem", "of Windows");
  CHECK(SwitchLayout(Layout::kLegacy, host.Common().tokens, false).ok());
  CHECK(host.folder_.Read("program/nsclient.ini") == kMine);
  CHECK(host.folder_.Read("program/security/certificate_key.pem") == "key");
  // Keys do not become readable for those who may read programs.
  CHECK(IsPrivateFolder(host.folder_.File("program/security")));
  CHECK_FALSE(host.HasData(""));
  CHECK(host.folder_.Read("program/boot.ini").find("mode = legacy") != std::string::npos);
}

TEST_CASE("a move that can't be done whole is not done at all") {
  LayoutHost host;
  host.folder_.Write("program/boot.ini", kBootModern);
  host.folder_.Write("appdata/NSClient++/nsclient.ini", kMine);
  host.folder_.Write("appdata/NSClient++/log/nsclient.log", "a line");
  host.Program("log/nsclient.log", "another");
  const auto back = SwitchLayout(Layout::kLegacy, host.Common().tokens, false);
  CHECK(back.status().message().find("log/nsclient.log is there already") !=
        std::string::npos);
  CHECK(host.Data("nsclient.ini") == kMine);
  CHECK_FALSE(host.HasProgram("nsclient.ini"));
  CHECK(host.folder_.Read("program/log/nsclient.log") == "another");
  CHECK(host.folder_.Read("program/boot.ini") == kBootModern);
}

TEST_CASE("what lies too deep ends the move before it begins") {
  LayoutHost host;
  host.Program("nsclient.ini", kMine);
  std::string deep = "cache";
  for (size_t i = 0; i <= kMaxLayoutDepth; ++i) deep += "/d";
  host.Program(deep + "/x", "");
  CHECK(SwitchLayout(Layout::kModern, host.Common().tokens, false)
            .status()
            .message()
            .find("lies too deep") != std::string::npos);
  CHECK_FALSE(host.HasData(""));
}

TEST_CASE("an uninstall takes what the agent made and leaves what is the user's") {
  for (const bool modern : {false, true}) {
    CAPTURE(modern);
    LayoutHost host;
    const std::string root = modern ? "appdata/NSClient++/" : "program/";
    if (modern) host.PrivateData();
    host.Program("boot.ini", modern ? kBootModern : "[settings]\n");
    for (const char* made :
         {"log/nsclient.log", "cache/x.ini", "storage/A.storage", "crash-dumps/a.dmp",
          "security/certificate.pem", "security/certificate_key.pem", "security/ca.pem",
          "security/windows-ca.pem", "security/agent-state.json"}) {
      host.folder_.Write(root + made, "x");
    }
    for (const char* own : {"nsclient.ini", "security/own.pem", "op5.ini"}) {
      host.folder_.Write(root + own, "x");
    }
    CHECK(host.Remove() == 0);
    CHECK(host.err_.str() == "");
    std::vector<std::string> left;
    for (const auto& entry :
         fs::recursive_directory_iterator(fs::u8path(host.folder_.path()))) {
      if (entry.is_regular_file()) {
        left.push_back(entry.path().generic_u8string().substr(host.folder_.path().size() +
                                                              1 + root.size()));
      }
    }
    std::sort(left.begin(), left.end());
    CHECK(Join(left, " ") == "nsclient.ini op5.ini security/own.pem");
  }
}

TEST_CASE("a fresh modern host without settings of its own leaves no folder behind") {
  LayoutHost host;
  host.folder_.Write("program/boot.ini", kBootModern);
  host.PrivateData();
  host.folder_.Write("appdata/NSClient++/log/nsclient.log", "x");
  CHECK(host.Remove() == 0);
  CHECK_FALSE(host.HasData(""));
}

TEST_CASE("a removal touches nothing in a folder that others may write to") {
  LayoutHost host;
  host.folder_.Write("program/boot.ini", kBootModern);
  host.folder_.Write("appdata/NSClient++/cache/x.ini", "x");
  fs::permissions(fs::u8path(host.folder_.File("appdata/NSClient++")), fs::perms::all);
  CHECK(host.Remove() == 0);
  CHECK(host.HasData("cache/x.ini"));
}

}  // namespace
}  // namespace nscp::kernel
