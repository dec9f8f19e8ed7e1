#include <doctest/doctest.h>

#include <thread>

#include "kernel/settings/settings_testing.h"

namespace nscp::kernel {
namespace {

using namespace settings_testing;

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

TEST_CASE("a change that is taken back is none") {
  const TempFolder temp;
  const auto settings = Open(temp.Write("x.ini", "[/a]\nb = 1\n"));
  REQUIRE(Set(*settings, "/a", "b", "2").ok());
  REQUIRE(Set(*settings, "/a", "b", "1").ok());
  REQUIRE(Set(*settings, "/new", "k", "v").ok());
  REQUIRE(Set(*settings, "/new", "k", "").ok());
  CHECK_FALSE(settings->GetStatus().has_changed());
}

TEST_CASE("removing what was never there is shown, and is all that is shown of it") {
  const TempFolder temp;
  const auto settings = Open(temp.Write("x.ini", "[/a]\nb = 1\n"));
  v1::DeleteSettingsRequest request;
  request.add_removals()->set_path("/a");
  request.mutable_removals(0)->set_key("never");
  REQUIRE(settings->Delete(request).ok());
  v1::DiffSettingsRequest all;
  all.set_recursive(true);
  const auto diff = settings->Diff(all);
  REQUIRE(diff.differences_size() == 1);
  const v1::SettingDifference& item = diff.differences(0);
  CHECK(item.change() == v1::SettingDifference::REMOVED);
  CHECK(item.key() == "never");
  CHECK(item.old_value().empty());
  CHECK(item.new_value().empty());
  REQUIRE(settings->Save().ok());
  CHECK(temp.Read("x.ini") == "[/a]\nb = 1\n");
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
  CHECK(temp.Read("x.ini") == "; in flight - TODO\n[/a]\n\nx = 1\n");
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
        CHECK(Set(*settings, "/a", key, "v", true).ToString() == Status::Ok().ToString());
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  CHECK(Open(file)->Keys("/a").size() == kWriters * kKeys);
}

TEST_CASE("a save does not overwrite what somebody else has set the same key to") {
  const TempFolder temp;
  const auto settings = Open(temp.Write("x.ini", "[/a]\nb = 1\nc = 1\n"));
  REQUIRE(Set(*settings, "/a", "b", "2").ok());
  REQUIRE(Set(*settings, "/a", "c", "2").ok());
  const std::string by_hand = "[/a]\nb = secret by hand\nc = 1\n";
  temp.Write("x.ini", by_hand);
  const Status refused = settings->Save();
  CHECK(refused.code() == Code::kFailedPrecondition);
  CHECK(refused.message().find("\"b\" in [/a] of " + temp.File("x.ini")) !=
        std::string::npos);
  CHECK(refused.message().find("secret") == std::string::npos);
  CHECK(temp.Read("x.ini") == by_hand);
  CHECK(settings->GetStatus().has_changed());
  // Set anew it is meant.
  REQUIRE(Set(*settings, "/a", "b", "3", true).ok());
  REQUIRE(settings->Save().ok());
  CHECK(temp.Read("x.ini") == "[/a]\nb = 3\nc = 2\n");
}

TEST_CASE("a save that wants what somebody else wrote already is no conflict") {
  const TempFolder temp;
  const auto settings = Open(temp.Write("x.ini", "[/a]\nb = 1\nc = 1\n"));
  REQUIRE(Set(*settings, "/a", "b", "2").ok());
  REQUIRE(Remove(*settings, "/a", "c", false).ok());
  temp.Write("x.ini", "[/a]\nb=2\n");
  REQUIRE(settings->Save().ok());
  CHECK(temp.Read("x.ini") == "[/a]\nb=2\n");
}

TEST_CASE("a path that is removed does not take along what was added to it by hand") {
  const TempFolder temp;
  const auto settings = Open(temp.Write("x.ini", "[/a]\nb = 1\n"));
  REQUIRE(Remove(*settings, "/a", "", true).ok());
  temp.Write("x.ini", "[/a]\nb = 1\nnew = by hand\n");
  const Status refused = settings->Save();
  CHECK(refused.code() == Code::kFailedPrecondition);
  CHECK(refused.message().find("\"new\" in [/a]") != std::string::npos);
  CHECK(temp.Read("x.ini") == "[/a]\nb = 1\nnew = by hand\n");
}

TEST_CASE("a file that is gone or empty since it was read is not made of one key") {
  const TempFolder temp;
  for (const bool empty : {false, true}) {
    CAPTURE(empty);
    const auto settings = Open(temp.Write("x.ini", "[/a]\nb = 1\nc = 1\n"));
    std::filesystem::remove(temp.File("x.ini"));
    if (empty) temp.Write("x.ini", "");
    const Status refused = Set(*settings, "/a", "b", "2", true);
    CHECK(refused.code() == Code::kFailedPrecondition);
    CHECK(refused.message().find(temp.File("x.ini")) != std::string::npos);
    CHECK(std::filesystem::exists(temp.File("x.ini")) == empty);
    // A load takes over that it is empty.
    REQUIRE(settings->Load().ok());
    REQUIRE(Set(*settings, "/a", "b", "2", true).ok());
    CHECK(settings->Value("/a", "b") == std::optional<std::string>("2"));
  }
}

TEST_CASE("an editor that writes the file anew at that moment is waited for") {
  const TempFolder temp;
  const auto settings = Open(temp.Write("x.ini", "[/a]\nb = 1\nc = 1\n"));
  temp.Write("x.ini", "");
  std::thread editor([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    temp.Write("x.ini", "[/a]\nb = 1\nc = by hand\n");
  });
  const Status saved = Set(*settings, "/a", "b", "2", true);
  editor.join();
  CHECK(saved.ToString() == Status::Ok().ToString());
  CHECK(temp.Read("x.ini") == "[/a]\nb = 2\nc = by hand\n");
}

TEST_CASE("a file that could not be read again is not written") {
  const TempFolder temp;
  const auto settings = Open(temp.File("x.ini"));
  const std::string big(kMaxSettingBytes, 'v');
  Status status;
  int keys = 0;
  for (; status.ok() && keys < 20; ++keys) {
    status = Set(*settings, "/a", std::to_string(keys), big, true);
  }
  CHECK(status.code() == Code::kResourceExhausted);
  CHECK(Open(temp.File("x.ini"))->Keys("/a").size() == static_cast<size_t>(keys) - 1);
}

TEST_CASE(
    "a login password that somebody wrote by hand is hashed by a save of everything") {
  const TempFolder temp;
  const std::string other = temp.Write("o.ini", "[/web/users/c]\npassword = three\n");
  const std::string text =
      "[/includes]\no = " + other +
      "\n[/WEB/users/a]\nPassword = one\n[/web/users/b]\npassword = pbkdf2-sha256$x\n";
  for (const bool sorts : {false, true}) {
    CAPTURE(sorts);
    const auto settings = Open(temp.Write("x.ini", text));
    REQUIRE((sorts ? settings->SortStore() : settings->SaveAll({})).ok());
    const std::string saved = temp.Read("x.ini");
    CHECK(saved.find("Password = pbkdf2-sha256$eno\n") != std::string::npos);
    CHECK(saved.find("password = pbkdf2-sha256$x\n") != std::string::npos);
    CHECK(temp.Read("o.ini") == "[/web/users/c]\npassword = pbkdf2-sha256$eerht\n");
  }
}

TEST_CASE("a new section is told to be in flight, and none stays behind when it goes") {
  const TempFolder temp;
  const auto settings = Open(temp.Write("x.ini", ""));
  REQUIRE(Set(*settings, "/a", "b", "c", true).ok());
  const std::string once = "; in flight - TODO\n[/a]\n\nb = c\n";
  CHECK(temp.Read("x.ini") == once);
  for (int i = 0; i < 3; ++i) {
    REQUIRE(Remove(*settings, "/a", "", true, true).ok());
    CHECK(temp.Read("x.ini").empty());
    REQUIRE(Set(*settings, "/a", "b", "c", true).ok());
    CHECK(temp.Read("x.ini") == once);
  }
}

}  // namespace
}  // namespace nscp::kernel
