#include <doctest/doctest.h>

#include "kernel/settings/settings_testing.h"

namespace nscp::kernel {
namespace {

using namespace settings_testing;

TEST_CASE(
    "a change is seen at once, is not on disk before the save, and then is one line") {
  const TempFolder temp;
  const std::string before = "; mine\n[/A]\nb=1\nnoise\nc = 2\n";
  const std::string file = temp.Write("x.ini", before);
  const auto settings = Open(file);
  REQUIRE(Set(*settings, "/a", "B", "9").ok());
  CHECK(settings->GetStatus().has_changed());
  CHECK(Listed(*settings, "/a") == "/A:b=9|/A:c=2|");
  CHECK(Differences(*settings) == "MODIFIED /a:B 1>9|");
  CHECK(temp.Read("x.ini") == before);
  REQUIRE(settings->Save().ok());
  CHECK(temp.Read("x.ini") == "; mine\n[/A]\nb = 9\nnoise\nc = 2\n");
  CHECK_FALSE(settings->GetStatus().has_changed());
  CHECK(Differences(*settings).empty());
}

TEST_CASE("includes come after what includes them, nested, each once, cycles end") {
  const TempFolder temp;
  temp.Write("more.ini",
             "[/a]\nx = more\ny = more\n[/includes]\nloop = main.ini\nn = nested.ini\n");
  temp.Write("nested.ini", "[/a]\ny = nested\nz = nested\n");
  const std::string file = temp.Write(
      "main.ini", "[/includes]\none = more.ini\ngone = no-such.ini\n[/a]\nx = main\n");
  const auto settings = Open(file);
  CHECK(Listed(*settings, "/a") == "/a:x=main|/a:y=more|/a:z=nested|");
  REQUIRE(settings->Diagnostics().size() == 1);
  CHECK(settings->Diagnostics()[0].text.find("gone") != std::string::npos);
  // A key of an include is changed there, a new one goes to the main file.
  REQUIRE(Set(*settings, "/a", "z", "9").ok());
  REQUIRE(Set(*settings, "/a", "fresh", "1").ok());
  REQUIRE(settings->Save().ok());
  CHECK(temp.Read("nested.ini") == "[/a]\ny = nested\nz = 9\n");
  CHECK(IniFile::Parse(temp.Read("main.ini")).Get("/a", "fresh"));
  CHECK(temp.Read("more.ini").find("fresh") == std::string::npos);
  // Gone means gone, whatever an include says.
  REQUIRE(Remove(*settings, "/a", "y", false, true).ok());
  CHECK_FALSE(settings->Value("/a", "y"));
  REQUIRE(settings->Load().ok());
  CHECK_FALSE(settings->Value("/a", "y"));
}

TEST_CASE("a folder as a store is all its files") {
  const TempFolder temp;
  temp.Write("d/10.ini", "[/a]\nx = 10\n");
  temp.Write("d/20.ini", "[/a]\nx = 20\ny = 20\n");
  temp.Write("d/.hidden", "[/a]\nh = 1\n");
  CHECK(Listed(*Open("ini://" + temp.File("d")), "/a") == "/a:x=10|/a:y=20|");
}

TEST_CASE("sensitive values are masked in any spelling, empty ones stay empty") {
  const auto settings = Open("dummy");
  REQUIRE(Set(*settings, "/other", "Password", "s3cret").ok());
  REQUIRE(Set(*settings, "/web", "TOKEN", "s3cret").ok());
  CHECK(Listed(*settings, "") == "/other:Password=***|/web:TOKEN=***|");
  CHECK(Listed(*settings, "", true, false, true).find("s3cret") != std::string::npos);
  CHECK(Differences(*settings).find("s3cret") == std::string::npos);
  v1::DescribeSettingsRequest request;
  request.set_recursive(true);
  const auto answer = settings->Describe(request);
  REQUIRE(answer.ok());
  for (const auto& item : answer->descriptions()) {
    CAPTURE(item.key());
    CHECK(item.value().find("s3cret") == std::string::npos);
    CHECK(item.description().default_value().find("secret") == std::string::npos);
  }
}

TEST_CASE("a value comes from its key, else the parent, else the default") {
  const auto settings = Open("dummy");
  CHECK(settings->Effective("/web", "hosts") == "127.0.0.1");
  CHECK(Listed(*settings, "/web", true, true) == "/web:hosts=127.0.0.1|/web:token=***|");
  REQUIRE(Set(*settings, "/default", "hosts", "10.0.0.1").ok());
  CHECK(settings->Effective("/WEB", "Hosts") == "10.0.0.1");
  REQUIRE(Set(*settings, "/web", "hosts", "::1").ok());
  CHECK(settings->Effective("/web", "hosts") == "::1");
  CHECK(settings->Effective("/web", "unknown").empty());
}

TEST_CASE("descriptions hold what is registered and what stands there besides") {
  const auto settings = Open("dummy");
  REQUIRE(Set(*settings, "/web", "odd", "1").ok());
  v1::DescribeSettingsRequest request;
  request.set_path("/WEB");
  const auto answer = settings->Describe(request);
  REQUIRE(answer.ok());
  std::string text;
  for (const auto& item : answer->descriptions()) {
    text += item.key() + (item.registered() ? "+" : "-") + item.value() + "|";
  }
  CHECK(text == "+|hosts+127.0.0.1|token+***|odd-1|");
  request.set_path("/we");
  CHECK(settings->Describe(request).status().code() == Code::kNotFound);
  request.set_recursive(true);
  REQUIRE(settings->Describe(request).ok());
  CHECK(settings->Describe(request)->descriptions_size() == answer->descriptions_size());
  request.set_path("/nothing");
  CHECK(settings->Describe(request).status().message() == "Key not found: /nothing");
}

TEST_CASE("paths that nobody knows are told") {
  const auto settings = Open("dummy");
  REQUIRE(Set(*settings, "/web/users/x", "role", "full").ok());
  REQUIRE(Set(*settings, "/typo", "k", "v").ok());
  CHECK(settings->UnknownPaths() == std::vector<std::string>{"/typo"});
}

TEST_CASE("a definition of this process is seen and never saved") {
  const TempFolder temp;
  const auto settings = Open(temp.Write("x.ini", "[/a]\nb = 1\n"));
  REQUIRE(settings->Define("/a", "b", "2").ok());
  CHECK(settings->Value("/a", "b") == std::optional<std::string>("2"));
  CHECK(Differences(*settings).empty());
  REQUIRE(Set(*settings, "/a", "c", "3", true).ok());
  CHECK(temp.Read("x.ini") == "[/a]\nb = 1\nc = 3\n");
}

TEST_CASE("each change is told once, masked") {
  std::string told;
  SettingsOptions options{"", PathTokens("/x", {}), {}, {}, {}};
  options.on_change = [&told](const std::vector<v1::SettingEntry>& entries) {
    for (const auto& e : entries)
      told += e.path() + ":" + e.key() + "=" + e.value() + "|";
  };
  const auto settings = Open("dummy", options);
  REQUIRE(Set(*settings, "/a", "password", "x").ok());
  REQUIRE(Set(*settings, "/a", "k", "1").ok());
  REQUIRE(Set(*settings, "/a", "k", "1").ok());
  REQUIRE(Remove(*settings, "/a", "k", false).ok());
  CHECK(told == "/a:password=***|/a:k=1|/a:k=|");
}

TEST_CASE("a store that can't be read says why, and no more of its address than it may") {
  const TempFolder temp;
  const auto refused = [&](const std::string& context) {
    return Settings::Open({context, PathTokens("/x", {}), {}, {}, {}}, kKnown)
        .status()
        .message();
  };
  CHECK(refused(temp.Write("wide.ini", "\xFF\xFE[\0")).find("UTF-16") !=
        std::string::npos);
  CHECK(refused("https://host/x?token=s3cret").find("s3cret") == std::string::npos);
}

TEST_CASE("a fetched store is read and never written") {
  const TempFolder temp;
  const std::string cached = temp.Write("cached.ini", "[/a]\nb = 1\n");
  SettingsOptions options{"", PathTokens("/x", {}), {}, {}, {}};
  options.fetch = [&](const std::string&) {
    return Result<FetchedStore>(FetchedStore{cached, ""});
  };
  const auto settings = Open("https://host/x.ini?secret", options);
  CHECK(settings->GetStatus().type() == "http");
  CHECK(settings->GetStatus().context() == "https://host/x.ini");
  CHECK(settings->Value("/a", "b") == std::optional<std::string>("1"));
  CHECK(Set(*settings, "/a", "b", "2", true).code() == Code::kFailedPrecondition);
  CHECK(temp.Read("cached.ini") == "[/a]\nb = 1\n");
}

TEST_CASE(
    "what stands in [/modules] without a manifest is described as a module's switch") {
  const TempFolder temp;
  const auto settings = Open(temp.Write("x.ini", "[/Modules]\nouter = WEBServer\n"));
  v1::DescribeSettingsRequest request;
  request.set_path("/modules");
  const auto found = settings->Describe(request);
  REQUIRE(found.ok());
  REQUIRE(found->descriptions_size() == 2);
  const auto& item = found->descriptions(1);
  CHECK(item.key() == "outer");
  CHECK(item.value() == "WEBServer");
  CHECK(item.registered());
  CHECK(item.description().type() == v1::BOOL);
  CHECK(item.description().title() == "Load on startup");
  CHECK(item.description().default_value() == "false");
}

}  // namespace
}  // namespace nscp::kernel
