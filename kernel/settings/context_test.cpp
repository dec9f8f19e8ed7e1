#include "kernel/settings/context.h"

#include <doctest/doctest.h>

#include "kernel/settings/boot.h"
#include "kernel/settings/settings_testing.h"

namespace nscp::kernel {
namespace {

using namespace settings_testing;

TEST_CASE("every spelling of a context names its type and place") {
  struct Case {
    const char *context, *type, *place;
  };
  const Case cases[] = {
      {"", "ini", "${default-ini}"},
      {"ini", "ini", "${default-ini}"},
      {"ini://", "ini", "${default-ini}"},
      {"ini:///etc/x.ini", "ini", "/etc/x.ini"},
      {"ini://${etc}/d", "ini", "${etc}/d"},
      {"/etc/x.ini", "ini", "/etc/x.ini"},
      {"x.ini", "ini", "x.ini"},
      {" x.ini ", "ini", "x.ini"},
      {"C:/x.ini", "ini", "C:/x.ini"},
      {"dummy", "dummy", ""},
      {"dummy://", "dummy", ""},
      {"http://h/x", "http", "http://h/x"},
      {"https://h/x?a=b", "http", "https://h/x?a=b"},
      {"registry", "registry", "HKEY_LOCAL_MACHINE/software/NSClient++"},
      {"reg", "registry", "HKEY_LOCAL_MACHINE/software/NSClient++"},
      {"registry://HKCU/x", "registry", "HKCU/x"},
      {"old", "old", "${exe-path}/nsc.ini"},
      {"old://${exe-path}/nsc.ini", "old", "${exe-path}/nsc.ini"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.context);
    const auto parsed = ParseContext(c.context);
    REQUIRE(parsed.ok());
    CHECK(StoreTypeName(parsed->type) == c.type);
    CHECK(parsed->place == c.place);
  }
  const auto unknown = ParseContext("ftp://host/x?token=s3cret");
  CHECK(unknown.status().message().find("Undefined settings protocol: ftp") == 0);
  CHECK(unknown.status().message().find("s3cret") == std::string::npos);
}

TEST_CASE("a URL is shown without what may be a secret") {
  const std::pair<const char*, const char*> cases[] = {
      {"https://h/x.ini?token=s3cret", "https://h/x.ini"},
      {"https://h/x.ini#s3cret", "https://h/x.ini"},
      {"http://me:s3cret@h:80/x", "http://h:80/x"},
      {"http://me:s3c@ret@h/x@y", "http://h/x@y"},
      {"http://me:s3cret@h", "http://h"},
      {"/a/b?c@d", "/a/b?c@d"},
  };
  for (const auto& [context, shown] : cases) CHECK(ShownContext(context) == shown);
}

TEST_CASE("each type of store has its description and says whether it can be saved") {
  const TempFolder temp;
  const std::string file = temp.Write("x.ini", "[/a]\nb = 1\n");
  const std::string old = temp.Write("nsc.ini", "[NRPE]\nport=1\n");
  SettingsOptions options{"", PathTokens(temp.path(), {}), {}, {}, {}};
  options.fetch = [&](const std::string&) {
    return Result<FetchedStore>(FetchedStore{file, ""});
  };
  struct Case {
    std::string context, type, description;
    bool editable;
  };
  const Case cases[] = {
      {file, "ini", "INI settings: (ini://" + file + ", " + file + ")", true},
      {"ini://" + file, "ini", "INI settings: (ini://" + file + ", " + file + ")", true},
      {"https://me:pw@h/x.ini?s3cret", "http",
       "HTTP settings: (https://h/x.ini, " + file + ")", false},
      {"old://" + old, "old", "Old settings: (old://" + old + ", " + old + ")", false},
      {"dummy", "dummy", "dummy settings", true},
  };
  for (const Case& c : cases) {
    CAPTURE(c.context);
    const auto settings = Open(c.context, options);
    const auto status = settings->GetStatus();
    CHECK(status.type() == c.type);
    CHECK(status.description() == c.description);
    CHECK(status.editable() == c.editable);
    CHECK(Set(*settings, "/new", "key", "1", true).ok() == c.editable);
  }
}

TEST_CASE("a copy that is old is told, and an include that can't be fetched is ignored") {
  const TempFolder temp;
  const std::string file =
      temp.Write("x.ini", "[/includes]\na = https://h/gone?s3cret\nb = ftp://h/x\n");
  SettingsOptions options{"", PathTokens(temp.path(), {}), {}, {}, {}};
  options.fetch = [&](const std::string& url) -> Result<FetchedStore> {
    if (url == "https://h/main") return FetchedStore{file, "the copy is old"};
    return Status::Unavailable("no answer");
  };
  const auto settings = Open("https://h/main", options);
  std::string notes;
  for (const IniDiagnostic& note : settings->Diagnostics()) notes += note.text + "|";
  CHECK(notes.find("the copy is old|") == 0);
  CHECK(notes.find("\"a\" (https://h/gone) is ignored: no answer|") != std::string::npos);
  CHECK(notes.find("Undefined settings protocol: ftp") != std::string::npos);
  CHECK(notes.find("s3cret") == std::string::npos);
}

TEST_CASE("what a remote store includes from this machine can be changed") {
  const TempFolder temp;
  const std::string own = temp.Write("own.ini", "[/a]\nmine = 1\n");
  const std::string copy =
      temp.Write("copy.ini", "[/a]\ntheirs = 1\n[/includes]\no = " + own + "\n");
  SettingsOptions options{"", PathTokens(temp.path(), {}), {}, {}, {}};
  options.fetch = [&](const std::string&) {
    return Result<FetchedStore>(FetchedStore{copy, ""});
  };
  const auto settings = Open("https://h/x", options);
  REQUIRE(Set(*settings, "/a", "mine", "2", true).ok());
  CHECK(temp.Read("own.ini") == "[/a]\nmine = 2\n");
  const Status refused = Set(*settings, "/a", "theirs", "2", true);
  CHECK(refused.code() == Code::kFailedPrecondition);
  CHECK(refused.message().find("read only") != std::string::npos);
}

TEST_CASE("the first store that opens is taken, and the failures before it are told") {
  const TempFolder temp;
  const std::string good = temp.Write("good.ini", "[/a]\nb = 1\n");
  const std::string wide = temp.Write("wide.ini", std::string("\xFF\xFE[\0", 4));
  const SettingsOptions options{"", PathTokens(temp.path(), {}), {}, {}, {}};
  const auto opened = OpenFirstStore({"https://h/x?s3cret", wide, good}, options, kKnown);
  REQUIRE(opened.ok());
  CHECK(opened->context == good);
  REQUIRE(opened->failures.size() == 2);
  for (const std::string& failure : opened->failures) {
    CHECK(failure.find("Failed to initialize settings: ") == 0);
    CHECK(failure.find("s3cret") == std::string::npos);
  }
  const auto none = OpenFirstStore({wide, "https://h/x"}, options, kKnown);
  CHECK(none.status().message().find("UTF-16") != std::string::npos);
}

TEST_CASE("a reload keeps what nobody has saved") {
  const TempFolder temp;
  const auto settings = Open(temp.Write("x.ini", "[/a]\nb = 1\n"));
  REQUIRE(Set(*settings, "/a", "c", "2").ok());
  temp.Write("x.ini", "[/a]\nb = 9\n");
  CHECK(settings->LoadUnlessChanged().value_or(true) == false);
  CHECK(Listed(*settings, "/a") == "/a:b=1|/a:c=2|");
  REQUIRE(settings->Save().ok());
  CHECK(settings->LoadUnlessChanged().value_or(false) == true);
  CHECK(Listed(*settings, "/a") == "/a:b=9|/a:c=2|");
}

TEST_CASE("boot.ini says how remote stores are fetched, and what is odd in it is told") {
  const TempFolder temp;
  const PathTokens tokens(temp.path(), {{"boot-conf", temp.File("boot.ini")}});
  const auto plain = ReadBootConfig(tokens);
  REQUIRE(plain.ok());
  CHECK(plain->tls.version == "1.3");
  CHECK(plain->tls.verify_mode == "peer");
  CHECK(plain->tls.ca == "${ca-path}");
  CHECK(plain->proxy.url.empty());
  CHECK(plain->warnings.empty());
  std::string list = "[settings]\n";
  for (int i = 21; i >= 0; --i) {
    list += std::to_string(i) + " = s" + std::to_string(i) + "\n";
  }
  temp.Write("boot.ini", list +
                             "[tls]\nversion = 1.2\nverify mode =\nca = /ca.pem\n"
                             "[proxy]\nurl = http://u:p@proxy:3128/\nno_proxy = .local\n"
                             "[layout]\nmode = strange\n"
                             "[paths]\na = ${b}\nb = ${a}\ngood = ${temp}/x\n");
  const auto boot = ReadBootConfig(tokens);
  REQUIRE(boot.ok());
  REQUIRE(boot->contexts.size() == 20);
  CHECK(boot->contexts.front() == "s0");
  CHECK(boot->contexts.back() == "s19");
  CHECK(boot->tls.version == "1.2");
  CHECK(boot->tls.verify_mode.empty());
  CHECK(boot->tls.ca == "/ca.pem");
  CHECK(boot->proxy.url == "http://u:p@proxy:3128/");
  CHECK(boot->proxy.no_proxy == ".local");
  REQUIRE(boot->warnings.size() == 3);
  CHECK(boot->warnings[1].find("[paths] a") == 0);
  CHECK(boot->warnings[2].find("[paths] b") == 0);
  CHECK(boot->warnings[0].find("\"strange\"") != std::string::npos);
}

TEST_CASE("an old file is looked for only where nothing is listed") {
  const TempFolder temp;
  temp.Write("nsc.ini", "");
  PathTokens::Table table = {{"boot-conf", temp.File("boot.ini")}};
  table["old-ini"] = "${exe-path}/nsc.ini";
  const PathTokens tokens(temp.path(), table);
  CHECK(StoresToTry({}, "", tokens) == std::vector<std::string>{"old"});
  CHECK(StoresToTry({}, "mine", tokens) == std::vector<std::string>{"mine"});
  BootConfig listed;
  listed.contexts = {"ini://" + temp.File("gone.ini")};
  CHECK(StoresToTry(listed, "", tokens) == std::vector<std::string>{"ini"});
}

}  // namespace
}  // namespace nscp::kernel
