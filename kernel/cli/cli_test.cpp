#include "kernel/cli/cli.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <sstream>

#include "kernel/cli/contexts.h"
#include "kernel/settings/ini_file.h"
#include "tests/unit/temp_folder.h"

namespace nscp::kernel {
namespace {

struct Ran {
  int code = 0;
  std::string out;
  std::string err;
};

Ran Run(const std::vector<std::string>& words) {
  std::ostringstream out;
  std::ostringstream err;
  Terminal terminal(out, err);
  const int code = RunCommandLine(words, terminal);
  return {code, out.str(), err.str()};
}

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// `nscp settings` on a store of its own; nothing outside of the folder is read.
class SettingsFixture {
 public:
  SettingsFixture() {
    std::filesystem::create_directory(folder_.File("modules"));
    std::filesystem::permissions(folder_.File("modules"),
                                 std::filesystem::perms::owner_all);
  }

  Ran RunHere(const std::vector<std::string>& more) {
    std::vector<std::string> words = {"settings",
                                      "--settings",
                                      folder_.File("nsclient.ini"),
                                      "--path-override",
                                      "module-path=" + folder_.File("modules"),
                                      "--path-override",
                                      "runtime-path=" + folder_.File("run"),
                                      "--path-override",
                                      "boot-conf=" + folder_.File("boot.ini")};
    words.insert(words.end(), more.begin(), more.end());
    return Run(words);
  }

  nscp::testing::TempFolder folder_;
};

TEST_CASE("the version alone is no error, inside a context it is") {
  const Ran alone = Run({"--version"});
  CHECK(alone.code == 0);
  CHECK(Has(alone.out, "NSClient++, Version: "));
  CHECK(Has(alone.out, ", Platform: "));
  const Ran inside = Run({"settings", "--version"});
  CHECK(inside.code == 1);
  CHECK(Has(inside.out, "NSClient++, version: "));
}

TEST_CASE("without a word the usage names all contexts and aliases") {
  const Ran ran = Run({});
  CHECK(ran.code == 1);
  CHECK(Has(ran.out, "Usage: nscp <context>"));
  CHECK(Has(ran.out, "client, settings, service, help, unit, enroll"));
  CHECK(Has(ran.out, "(same as nscp client --module NRPEClient)"));
  for (const AliasWord& alias : Aliases()) {
    CAPTURE(alias.name);
    CHECK(Has(ran.out, "  " + std::string(alias.name) + " "));
  }
}

TEST_CASE("help lists the options of every context and ends with 1") {
  const Ran ran = Run({"help"});
  CHECK(ran.code == 1);
  for (const char* text :
       {"Allowed options", "--settings", "--validate", "--pid", "--raw-argument",
        "First argument has to be one of the following: ",
        "Or one of the following client aliases: "}) {
    CAPTURE(text);
    CHECK(Has(ran.out, text));
  }
  const Ran option = Run({"--help"});
  CHECK(option.code == 1);
  CHECK(Has(option.out, "Allowed options"));
  CHECK(Has(option.out, "Usage: nscp <context>"));
}

TEST_CASE("a first word that is no context is refused") {
  const Ran word = Run({"wibble"});
  CHECK(word.code == 1);
  CHECK(Has(word.err, "Invalid module specified: wibble"));
  CHECK(Has(word.out, "Usage: nscp <context>"));
  const Ran option = Run({"--debug", "settings", "--list"});
  CHECK(option.code == 1);
  CHECK(Has(option.err, "First option should be the \"context\""));
}

TEST_CASE("each context has a help of its own") {
  const struct {
    const char* context;
    const char* option;
  } kRows[] = {{"settings", "--validate"}, {"client", "--query"}, {"service", "--run"}};
  for (const auto& row : kRows) {
    CAPTURE(row.context);
    const Ran ran = Run({row.context, "--help"});
    CHECK(ran.code == 1);
    CHECK(Has(ran.out, std::string("Allowed options (") + row.context + ")"));
    CHECK(Has(ran.out, row.option));
  }
}

TEST_CASE("what this version can't do says so") {
  const Ran ran = Run({"enroll"});
  CHECK(ran.code == 1);
  CHECK(Has(ran.err, "not available in this version"));
}

TEST_CASE("malformed common options are told and passed over") {
  const Ran ran = Run({"client", "--define", "no-colon-or-equals", "--path-override",
                       "no-equals-sign", "--log", "bogus", "--log-backend", "paper",
                       "--no-stderr", "--help"});
  CHECK(ran.code == 1);
  CHECK(Has(ran.out, "Failed to parse: no-colon-or-equals"));
  CHECK(Has(ran.out, "Ignoring malformed --path-override argument"));
  CHECK(Has(ran.out, "Invalid log level: bogus"));
  CHECK(Has(ran.out, "Invalid log backend: paper"));
  CHECK(ran.err.empty());
}

TEST_CASE("an unknown option of the settings is refused, not passed over") {
  const Ran ran = Run({"settings", "--pth", "/a", "--list"});
  CHECK(ran.code == 1);
  CHECK(Has(ran.err, "Unrecognised argument '--pth'"));
}

TEST_CASE("service without an operation shows its help") {
  const Ran ran = Run({"service"});
  CHECK(ran.code == 1);
  CHECK(Has(ran.err, "Allowed options (service)"));
  CHECK(Has(ran.err, "Invalid syntax: missing argument"));
}

TEST_CASE("a command without a module is refused") {
  const Ran ran = Run({"client", "--exec", "x"});
  CHECK(ran.code == 1);
  CHECK(ran.out == "No module was specified...\n");
}

TEST_CASE_FIXTURE(SettingsFixture, "settings without an action describe the store") {
  const Ran ran = RunHere({});
  CHECK(ran.code == 1);
  CHECK(Has(ran.out, "Allowed options (settings)"));
  CHECK(Has(ran.out, "Current settings instance loaded: \n  INI settings: (ini://"));
}

TEST_CASE_FIXTURE(SettingsFixture, "a value that was set can be shown and removed") {
  CHECK(RunHere({"--path", "/a/b", "--key", "k", "--set", "v w"}).code == 0);
  const IniStyle style = StyleOfNewFiles();
  const std::string end(style.line_end);
  CHECK(folder_.Read("nsclient.ini") == std::string(style.mark) + "; in flight - TODO" +
                                            end + "[/a/b]" + end + end + "k = v w" + end);
  const Ran shown = RunHere({"--show", "--path", "/a/b", "--key", "k"});
  CHECK(shown.code == 0);
  CHECK(shown.out == "v w");
  CHECK(RunHere({"--path", "/a/b", "--key", "k", "--set"}).code == 0);
  CHECK(RunHere({"--show", "--path", "/a/b", "--key", "k"}).out.empty());
}

TEST_CASE_FIXTURE(SettingsFixture, "set and show refuse half of an address") {
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"--set", "x"},
                                             {"--set", "x", "--path", "/q"},
                                             {"--set", "x", "--key", "k"},
                                             {"--show", "--path", "/q"},
                                             {"--show", "--key", "k"}}) {
    const Ran ran = RunHere(words);
    CHECK(ran.code == 255);
    CHECK(Has(ran.err, "Invalid command line please use --path and --key with "));
  }
  CHECK_FALSE(std::filesystem::exists(folder_.File("nsclient.ini")));
}

TEST_CASE_FIXTURE(SettingsFixture, "a list has children first and masks passwords") {
  folder_.Write("nsclient.ini",
                "[/a]\nk = 1\n[/a/b]\nk = 2\n[/settings/default]\npassword = geheim\n");
  const Ran all = RunHere({"--list"});
  CHECK(all.code == 0);
  CHECK(all.out == "/a/b.k=2\n/a.k=1\n/settings/default.password=***\n");
  CHECK(RunHere({"--list", "--path", "/a/b"}).out == "/a/b.k=2\n");
  CHECK(RunHere({"--show", "--path", "/settings/default", "--key", "password"}).out ==
        "***");
}

TEST_CASE_FIXTURE(SettingsFixture, "validation tells unknown paths and never fails") {
  folder_.Write("nsclient.ini", "[/modules]\n[/settings/wibble]\na = b\n");
  const Ran ran = RunHere({"--validate"});
  CHECK(ran.code == 0);
  CHECK(ran.err == "Invalid path: /settings/wibble\n");
  folder_.Write("nsclient.ini", "[/modules]\n");
  const Ran healthy = RunHere({"--validate"});
  CHECK(healthy.code == 0);
  CHECK(healthy.err.empty());
  CHECK(healthy.out.empty());
}

TEST_CASE_FIXTURE(SettingsFixture, "sorting keeps comments and puts modules first") {
  folder_.Write("nsclient.ini", "[/b]\n; why\nz = 1\na = 2\n[/modules]\nX = enabled\n");
  const Ran ran = RunHere({"--sort"});
  CHECK(ran.code == 0);
  CHECK(Has(ran.out, "Sorted settings written to: ini://"));
  const std::string text = folder_.Read("nsclient.ini");
  CHECK(text.find("[/modules]") < text.find("[/b]"));
  CHECK(text.find("a = 2") < text.find("; why"));
}

TEST_CASE_FIXTURE(SettingsFixture, "generating to the terminal changes nothing") {
  folder_.Write("nsclient.ini", "[/a]\nk = 1\n");
  const Ran ran = RunHere({"--generate", "stdout"});
  CHECK(ran.code == 0);
  CHECK(Has(ran.out, "[/a]"));
  CHECK(Has(ran.out, "k = 1"));
  CHECK(folder_.Read("nsclient.ini") == "[/a]\nk = 1\n");
}

TEST_CASE_FIXTURE(SettingsFixture, "a module that does not exist is not activated") {
  const Ran ran = RunHere({"--activate-module", "NoSuchModule"});
  CHECK(ran.code == 255);
  CHECK(Has(ran.err, "Failed to load module (Wont activate): NoSuchModule"));
  CHECK_FALSE(std::filesystem::exists(folder_.File("nsclient.ini")));
}

TEST_CASE_FIXTURE(SettingsFixture, "migration copies all and makes the target first") {
  folder_.Write("nsclient.ini", "[/settings/default]\npassword = geheim\n");
  const std::string target = "ini://" + folder_.File("other.ini");
  CHECK(RunHere({"--migrate-to", target}).code == 1);
  CHECK(Has(folder_.Read("other.ini"), "password = geheim"));
  CHECK(Has(folder_.Read("boot.ini"), "1 = " + target));
}

TEST_CASE_FIXTURE(SettingsFixture, "switching makes the store and names it first") {
  const std::string target = "ini://" + folder_.File("next.ini");
  const Ran ran = RunHere({"--switch", target});
  CHECK(ran.code == 0);
  CHECK(Has(ran.out, "INI settings: (" + target));
  CHECK(folder_.Read("next.ini").empty());
  CHECK(std::filesystem::exists(folder_.File("next.ini")));
  CHECK(Has(folder_.Read("boot.ini"), "1 = " + target));
}

TEST_CASE_FIXTURE(SettingsFixture, "a store of a kind that is not there is told") {
  const Ran ran = RunHere({"--settings", "wibble://x", "--list"});
  CHECK(ran.code == 255);
  CHECK(Has(ran.err, "Failed initialize settings instance"));
}

}  // namespace
}  // namespace nscp::kernel
