#include "kernel/settings/settings.h"

#include <doctest/doctest.h>

#include <thread>

#include "kernel/settings/atomic_file.h"
#include "proto/cpp/text.h"
#include "tests/unit/temp_folder.h"

namespace nscp::kernel {
namespace {

using testing::TempFolder;

// One hashed password in an object, one key with parent and default, one sensitive key.
class Known final : public Descriptions {
 public:
  std::optional<v1::SettingsKey> FindKey(std::string_view path,
                                         std::string_view key) const override {
    for (const auto& item : All()) {
      if (FoldPath(item.path()) == FoldPath(path) && EqualsIgnoreCase(item.key(), key) &&
          !item.key().empty()) {
        return item.description();
      }
    }
    if (StartsWith(FoldPath(path), "/web/users/") && EqualsIgnoreCase(key, "password")) {
      v1::SettingsKey password;
      password.set_key("password");
      password.set_type(v1::PASSWORD);
      password.set_hashed(true);
      password.set_default_value("pbkdf2-sha256$1$00$11");
      return password;
    }
    return std::nullopt;
  }
  bool KnowsPath(std::string_view path) const override {
    return IsUnder(FoldPath(path), "/web");
  }
  std::vector<v1::SettingDescription> All() const override {
    std::vector<v1::SettingDescription> all;
    const auto add = [&](const char* key, const char* otherwise, const char* parent) {
      v1::SettingDescription item;
      item.set_path("/web");
      item.set_key(key);
      item.mutable_description()->set_key(key);
      item.mutable_description()->set_default_value(otherwise);
      item.mutable_description()->set_parent(parent);
      all.push_back(item);
    };
    add("", "", "");
    add("hosts", "127.0.0.1", "/default");
    add("token", "secret-default", "");
    all.back().mutable_description()->set_sensitive(true);
    return all;
  }
};

const Known kKnown;

std::unique_ptr<Settings> Open(const std::string& context,
                               SettingsOptions options = {
                                   "", PathTokens("/x", {}), {}, {}, {}}) {
  options.context = context;
  options.hash_password = [](std::string_view plain) {
    return Result<std::string>("pbkdf2-sha256$" +
                               std::string(plain.rbegin(), plain.rend()));
  };
  auto settings = Settings::Open(std::move(options), kKnown);
  REQUIRE_MESSAGE(settings.ok(), settings.status().message());
  return std::move(settings).value();
}

Status Set(Settings& settings, const std::string& path, const std::string& key,
           const std::string& value, bool persist = false) {
  v1::UpdateSettingsRequest request;
  auto* entry = request.add_entries();
  entry->set_path(path);
  entry->set_key(key);
  entry->set_value(value);
  request.set_persist(persist);
  return settings.Update(request).status();
}

Result<v1::DeleteSettingsResponse> Remove(Settings& settings, const std::string& path,
                                          const std::string& key, bool recursive,
                                          bool persist = false) {
  v1::DeleteSettingsRequest request;
  auto* removal = request.add_removals();
  removal->set_path(path);
  removal->set_key(key);
  removal->set_recursive(recursive);
  request.set_persist(persist);
  return settings.Delete(request);
}

std::string Listed(const Settings& settings, const std::string& path,
                   bool recursive = true, bool defaults = false, bool clear = false) {
  v1::GetSettingsRequest request;
  request.set_path(path);
  request.set_recursive(recursive);
  request.set_defaults(defaults);
  request.set_clear(clear);
  std::string text;
  const auto answer = settings.Get(request);
  for (const auto& e : answer.entries()) {
    text += e.path() + ":" + e.key() + "=" + e.value() + "|";
  }
  return text;
}

std::string Differences(const Settings& settings) {
  v1::DiffSettingsRequest request;
  request.set_recursive(true);
  std::string text;
  const auto answer = settings.Diff(request);
  for (const auto& d : answer.differences()) {
    text += v1::SettingDifference::Change_Name(d.change()) + " " + d.path() + ":" +
            d.key() + " " + d.old_value() + ">" + d.new_value() + "|";
  }
  return text;
}

TEST_CASE("a missing file is an empty store, made at the first save") {
  const TempFolder temp;
  for (const std::string prefix : {"", "ini://"}) {
    CAPTURE(prefix);
    const std::string name = prefix.empty() ? "plain.ini" : "scheme.ini";
    const auto settings = Open(prefix + temp.File(name));
    CHECK(settings->GetStatus().type() == "ini");
    CHECK(settings->GetStatus().context() == "ini://" + temp.File(name));
    CHECK_FALSE(std::filesystem::exists(temp.File(name)));
    REQUIRE(Set(*settings, "/a", "b", "c").ok());
    CHECK_FALSE(std::filesystem::exists(temp.File(name)));
    REQUIRE(settings->Save().ok());
    CHECK(IniFile::Parse(temp.Read(name)).Get("/a", "b") ==
          std::optional<std::string>("c"));
  }
}

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

TEST_CASE("a change that is taken back is none") {
  const TempFolder temp;
  const auto settings = Open(temp.Write("x.ini", "[/a]\nb = 1\n"));
  REQUIRE(Set(*settings, "/a", "b", "2").ok());
  REQUIRE(Set(*settings, "/a", "b", "1").ok());
  REQUIRE(Set(*settings, "/new", "k", "v").ok());
  REQUIRE(Set(*settings, "/new", "k", "").ok());
  CHECK_FALSE(settings->GetStatus().has_changed());
}

TEST_CASE("a batch with one bad entry changes nothing") {
  const auto settings = Open("dummy");
  v1::UpdateSettingsRequest request;
  auto* good = request.add_entries();
  good->set_path("/a");
  good->set_key("k");
  good->set_value("v");
  auto* bad = request.add_entries();
  bad->set_path("/a");
  bad->set_key("k2");
  bad->set_value("v\n[/modules]\nEvil = enabled");
  const auto answer = settings->Update(request);
  CHECK(answer.status().code() == Code::kInvalidArgument);
  CHECK(answer.status().message().find("/a \"k2\"") != std::string::npos);
  CHECK(answer.status().message().find("Evil") == std::string::npos);
  CHECK(Listed(*settings, "").empty());
}

TEST_CASE("persist writes exactly its keys and leaves other changes in memory") {
  const TempFolder temp;
  const auto settings = Open(temp.Write("x.ini", "[/a]\nb = 1\n"));
  REQUIRE(Set(*settings, "/a", "waits", "1").ok());
  REQUIRE(Set(*settings, "/a", "b", "2", true).ok());
  CHECK(temp.Read("x.ini") == "[/a]\nb = 2\n");
  CHECK(Differences(*settings) == "ADDED /a:waits >1|");
  REQUIRE(Remove(*settings, "/a", "b", false, true).ok());
  CHECK(temp.Read("x.ini") == "[/a]\n");
}

TEST_CASE("what somebody else wrote meanwhile stays") {
  const TempFolder temp;
  const auto settings = Open(temp.Write("x.ini", "[/a]\nb = 1\nc = 1\n"));
  REQUIRE(Set(*settings, "/a", "b", "2").ok());
  temp.Write("x.ini", "; edited by hand\n[/a]\nb = 1\nc = 7\n\n[/new]\nk = v\n");
  CHECK(settings->Value("/a", "c") == std::optional<std::string>("1"));
  REQUIRE(settings->Save().ok());
  CHECK(temp.Read("x.ini") == "; edited by hand\n[/a]\nb = 2\nc = 7\n\n[/new]\nk = v\n");
  REQUIRE(settings->Load().ok());
  CHECK(settings->Value("/a", "c") == std::optional<std::string>("7"));
}

TEST_CASE("load drops what is in memory only") {
  const TempFolder temp;
  const auto settings = Open(temp.Write("x.ini", "[/a]\nb = 1\n"));
  REQUIRE(Set(*settings, "/a", "b", "2").ok());
  REQUIRE(settings->Load().ok());
  CHECK(settings->Value("/A", "B") == std::optional<std::string>("1"));
  CHECK_FALSE(settings->GetStatus().has_changed());
}

TEST_CASE("an empty store is left alone by a save without changes") {
  const TempFolder temp;
  const std::string odd = "noise\r\n[/a]\n\nb=1";
  const auto settings = Open(temp.Write("x.ini", odd));
  REQUIRE(settings->Save().ok());
  CHECK(temp.Read("x.ini") == odd);
}

TEST_CASE("keys, paths and whole trees are removed") {
  const TempFolder temp;
  const std::string text = "[/a]\nx = 1\ny = 2\n\n[/a/b]\nz = 3\n\n[/ab]\nk = v\n";
  const auto settings = Open(temp.Write("x.ini", text));
  CHECK(Remove(*settings, "/a", "X", false)->keys() == 1);
  CHECK(Listed(*settings, "") == "/a:y=2|/a/b:z=3|/ab:k=v|");
  CHECK(Remove(*settings, "/A", "", false)->keys() == 2);
  CHECK(Listed(*settings, "") == "/a/b:z=3|/ab:k=v|");
  REQUIRE(settings->Load().ok());
  CHECK(Remove(*settings, "/a", "", true)->keys() == 5);
  CHECK(Listed(*settings, "") == "/ab:k=v|");
  CHECK(Differences(*settings) ==
        "REMOVED /a/b:z 3>|PATH_REMOVED /a/b: >|REMOVED /a:x 1>|REMOVED /a:y "
        "2>|PATH_REMOVED /a: "
        ">|");
  REQUIRE(settings->Save().ok());
  CHECK(temp.Read("x.ini") == "[/ab]\nk = v\n");
  CHECK(Remove(*settings, "", "", true).status().code() == Code::kInvalidArgument);
}

TEST_CASE("a key set after its path was removed survives the save") {
  const TempFolder temp;
  const auto settings = Open(temp.Write("x.ini", "[/a]\nx = 1\ny = 2\n"));
  REQUIRE(Remove(*settings, "/a", "", true).ok());
  REQUIRE(Set(*settings, "/a", "x", "1").ok());
  CHECK(Listed(*settings, "") == "/a:x=1|");
  REQUIRE(settings->Save().ok());
  CHECK(temp.Read("x.ini") == "[/a]\nx = 1\n");
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

TEST_CASE("the mask written back means as it is") {
  const auto settings = Open("dummy");
  REQUIRE(Set(*settings, "/web", "token", "s3cret").ok());
  REQUIRE(Set(*settings, "/web", "token", "***").ok());
  REQUIRE(Set(*settings, "/web", "hosts", "***").ok());
  CHECK(settings->Value("/web", "token") == std::optional<std::string>("s3cret"));
  CHECK(settings->Value("/web", "hosts") == std::optional<std::string>("***"));
}

TEST_CASE("a login password is hashed at every write, never twice, and only there") {
  const TempFolder temp;
  const auto settings = Open(temp.File("x.ini"));
  REQUIRE(Set(*settings, "/WEB/Users/bob", "password", "abc", true).ok());
  CHECK(settings->Value("/web/users/bob", "password") ==
        std::optional<std::string>("pbkdf2-sha256$cba"));
  CHECK(temp.Read("x.ini").find("abc") == std::string::npos);
  REQUIRE(Set(*settings, "/web/users/bob", "password", "pbkdf2-sha256$given").ok());
  CHECK(settings->Value("/web/users/bob", "password") ==
        std::optional<std::string>("pbkdf2-sha256$given"));
  REQUIRE(Set(*settings, "/default", "password", "abc").ok());
  CHECK(settings->Value("/default", "password") == std::optional<std::string>("abc"));
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

TEST_CASE("two processes that write one file lose nothing") {
  const TempFolder temp;
  const std::string file = temp.Write("x.ini", "");
  constexpr int kWriters = 4, kKeys = 15;
  std::vector<std::thread> writers;
  for (int w = 0; w < kWriters; ++w) {
    writers.emplace_back([&file, w] {
      const auto settings = Open(file);
      for (int k = 0; k < kKeys; ++k) {
        const std::string key = std::to_string(w) + "-" + std::to_string(k);
        CHECK(Set(*settings, "/a", key, "v", true).ok());
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  CHECK(Open(file)->Keys("/a").size() == kWriters * kKeys);
}

TEST_CASE(
    "a store that can't be read says why, and stores that do not exist here are named") {
  const TempFolder temp;
  const auto refused = [&](const std::string& context) {
    return Settings::Open({context, PathTokens("/x", {}), {}, {}, {}}, kKnown)
        .status()
        .message();
  };
  CHECK(refused(temp.Write("wide.ini", "\xFF\xFE[\0")).find("UTF-16") !=
        std::string::npos);
  CHECK(refused("registry://HKLM/x").find("registry") != std::string::npos);
  CHECK(refused("https://host/x?token=s3cret").find("s3cret") == std::string::npos);
}

TEST_CASE("a fetched store is read and never written") {
  const TempFolder temp;
  const std::string cached = temp.Write("cached.ini", "[/a]\nb = 1\n");
  SettingsOptions options{"", PathTokens("/x", {}), {}, {}, {}};
  options.fetch = [&](const std::string&) { return Result<std::string>(cached); };
  const auto settings = Open("https://host/x.ini?secret", options);
  CHECK(settings->GetStatus().type() == "http");
  CHECK(settings->GetStatus().context() == "https://host/x.ini");
  CHECK(settings->Value("/a", "b") == std::optional<std::string>("1"));
  CHECK(Set(*settings, "/a", "b", "2", true).code() == Code::kFailedPrecondition);
  CHECK(temp.Read("cached.ini") == "[/a]\nb = 1\n");
}

}  // namespace
}  // namespace nscp::kernel
