#include "kernel/remote/remote_stores.h"

#include <doctest/doctest.h>

#include <fstream>

#include "proto/cpp/sha256.h"
#include "proto/cpp/text.h"
#include "tests/unit/temp_folder.h"

namespace nscp::kernel {
namespace {

using testing::TempFolder;

// A server in memory: URL -> body.
struct World {
  const TempFolder temp;
  std::map<std::string, std::string> pages;
  std::vector<std::string> asked;
  std::string warnings;
  fetch::FetchRequest last;

  RemoteStores::Options Options() {
    RemoteStores::Options options{
        PathTokens(temp.path(), {{"cache-folder", temp.File("cache")},
                                 {"shared-path", temp.File("shared")},
                                 {"scripts", temp.File("scripts")},
                                 {"ca-path", "/ca.pem"}}),
        {},
        {},
        SplitHostName("Web1.Example.com"),
        {},
        {},
        {}};
    options.warn = [this](const std::string& text) { warnings += text + "|"; };
    options.download = [this](const fetch::FetchRequest& request,
                              const std::string& file) {
      asked.push_back(request.url);
      last = request;
      const auto page = pages.find(request.url);
      if (page == pages.end()) return Status::Unavailable("no answer");
      std::ofstream(file, std::ios::binary) << page->second;
      return Status::Ok();
    };
    return options;
  }
};

TEST_CASE("a copy is named after the file, and the query by its hash") {
  CHECK(CopyOf("https://h/a/b.ini", "/c").value_or("") == "/c/b.ini");
  CHECK(CopyOf("https://h/a/b.ini?", "/c").value_or("") == "/c/b.ini");
  CHECK(CopyOf("https://h/a/b.ini?x=y", "/c").value_or("") ==
        "/c/b.ini-" + Sha256Hex("x=y").substr(0, 16));
  CHECK(CopyOf("https://h", "/c").value_or("") == "/c/cached.ini");
  CHECK(CopyOf("https://h/a/", "/c").value_or("") == "/c/cached.ini");
  CHECK(CopyOf("https://h/a/..", "/c").value_or("") == "/c/cached.ini");
  CHECK(CopyOf("https://h/%2e%2e%2fx", "/c").value_or("") == "/c/_2e_2e_2fx");
  CHECK_FALSE(CopyOf("h", "/c").ok());
}

TEST_CASE("the names of the host stand in the address in any case") {
  const HostNames names = SplitHostName("Web1.Example.com");
  CHECK(WithHostNames("${hostname}/${host_lc}/${domain_uc}/${host}${other}", names) ==
        "Web1.Example.com/web1/EXAMPLE.COM/Web1${other}");
  CHECK(SplitHostName("alone").domain.empty());
}

TEST_CASE("what is fetched is kept, and taken with a warning where it can't be fetched") {
  World world;
  world.pages["https://h/web1.ini"] = "[/a]\nb = 1\n";
  RemoteStores stores(world.Options());
  const auto fetched = stores.Fetch("https://h/${host_lc}.ini");
  REQUIRE(fetched.ok());
  CHECK(fetched->file == world.temp.File("cache/web1.ini"));
  CHECK(fetched->warning.empty());
  CHECK(world.temp.Read("cache/web1.ini") == "[/a]\nb = 1\n");
  CHECK(world.last.verify);
  CHECK(world.last.ca_file == "/ca.pem");
  world.pages.clear();
  const auto old = stores.Fetch("https://h/${host_lc}.ini");
  REQUIRE(old.ok());
  CHECK(old->warning.find("no answer; the copy of the last time is used") == 0);
  const auto none = stores.Fetch("https://h/other.ini");
  CHECK(none.status().message() == "no answer");
}

TEST_CASE("a certificate that is not checked is told, and a proxy is passed on") {
  World world;
  world.pages["https://h/x.ini"] = "";
  auto options = world.Options();
  options.tls.verify_mode = "none";
  options.tls.version = "1.2";
  options.proxy = {"http://p:1/", ".local"};
  RemoteStores stores(std::move(options));
  REQUIRE(stores.Fetch("https://h/x.ini").ok());
  CHECK_FALSE(world.last.verify);
  CHECK(world.last.tls_version == "1.2");
  CHECK(world.last.proxy == "http://p:1/");
  CHECK(world.last.no_proxy == ".local");
  CHECK(world.warnings.find("not checked") != std::string::npos);
}

TEST_CASE("attachments are fetched beside the settings, and one that fails is told") {
  World world;
  world.pages["http://h/x.ini"] =
      "[/attachments]\n${scripts}/a.sh = http://h/a\nrelative.txt = http://h/b\n"
      "gone = http://h/gone\nunzip:${scripts} = http://h/b\n";
  world.pages["http://h/a"] = "script";
  world.pages["http://h/b"] = "no zip";
  RemoteStores stores(world.Options());
  REQUIRE(stores.Fetch("http://h/x.ini").ok());
  CHECK(world.temp.Read("scripts/a.sh") == "script");
  CHECK(world.temp.Read("shared/relative.txt") == "no zip");
  CHECK(world.warnings.find("\"gone\"") != std::string::npos);
  CHECK(world.warnings.find("\"unzip:${scripts}\"") != std::string::npos);
  CHECK(world.warnings.find("\"relative.txt\"") == std::string::npos);
}

TEST_CASE("a change of the settings or of an attachment is seen, the same is not") {
  World world;
  world.pages["http://h/x.ini"] = "[/attachments]\n${scripts}/a = http://h/a\n";
  world.pages["http://h/a"] = "1";
  RemoteStores stores(world.Options());
  CHECK_FALSE(stores.HasChanged());  // nothing was asked for
  CHECK(world.asked.empty());
  REQUIRE(stores.Fetch("http://h/x.ini").ok());
  CHECK_FALSE(stores.HasChanged());
  world.pages["http://h/a"] = "2";
  CHECK(stores.HasChanged());
  CHECK(world.temp.Read("scripts/a") == "2");
  CHECK(stores.HasChanged());  // until it is taken
  REQUIRE(stores.Fetch("http://h/x.ini").ok());
  CHECK_FALSE(stores.HasChanged());
  world.pages["http://h/x.ini"] += "[/a]\n";
  CHECK(stores.HasChanged());
}

TEST_CASE("an attachment that is away for a while is no change and told once") {
  World world;
  world.pages["http://h/x.ini"] = "[/attachments]\n${scripts}/a = http://h/a\n";
  world.pages["http://h/a"] = "1";
  RemoteStores stores(world.Options());
  REQUIRE(stores.Fetch("http://h/x.ini").ok());
  world.pages.erase("http://h/a");
  CHECK_FALSE(stores.HasChanged());
  CHECK_FALSE(stores.HasChanged());
  CHECK(Split(world.warnings, '|').size() == 2);
  world.pages["http://h/a"] = "1";
  CHECK_FALSE(stores.HasChanged());
  world.pages["http://h/a"] = "2";
  CHECK(stores.HasChanged());
}

TEST_CASE("a page that is no settings file replaces nothing") {
  World world;
  world.pages["http://h/x.ini"] = "[/a]\nb = 1\n";
  RemoteStores stores(world.Options());
  REQUIRE(stores.Fetch("http://h/x.ini").ok());
  world.pages["http://h/x.ini"] = "<html><body>Log in</body></html>";
  CHECK_FALSE(stores.HasChanged());
  const auto again = stores.Fetch("http://h/x.ini");
  REQUIRE(again.ok());
  CHECK(again->warning.find("is no settings file") != std::string::npos);
  CHECK(world.temp.Read("cache/x.ini") == "[/a]\nb = 1\n");
}

TEST_CASE("a store that was opened from its copy is a change once its server is back") {
  World world;
  world.pages["http://h/x.ini"] = "[/a]\nb = 1\n";
  REQUIRE(RemoteStores(world.Options()).Fetch("http://h/x.ini").ok());
  const std::string page = world.pages["http://h/x.ini"];
  world.pages.clear();
  RemoteStores stores(world.Options());
  REQUIRE(stores.Fetch("http://h/x.ini").ok());
  CHECK_FALSE(stores.HasChanged());
  world.pages["http://h/x.ini"] = page + "c = 2\n";
  CHECK(stores.HasChanged());
}

TEST_CASE("a server that is away changes nothing and is told once") {
  World world;
  world.pages["http://h/x.ini"] = "";
  RemoteStores stores(world.Options());
  REQUIRE(stores.Fetch("http://h/x.ini").ok());
  world.pages.clear();
  CHECK_FALSE(stores.HasChanged());
  CHECK_FALSE(stores.HasChanged());
  CHECK(Split(world.warnings, '|').size() == 2);
  stores.Cancel();
  world.asked.clear();
  CHECK_FALSE(stores.HasChanged());
  CHECK(world.asked.empty());
}

TEST_CASE("a server that let one download wait for nothing is left alone for a while") {
  World world;
  auto options = world.Options();
  std::chrono::steady_clock::time_point now;
  options.now = [&now] { return now; };
  options.download = [&](const fetch::FetchRequest& request, const std::string&) {
    world.asked.push_back(request.url);
    now += StartsWith(request.url, "http://slow/") ? kSlowFailure
                                                   : std::chrono::milliseconds(1);
    return Status::Unavailable("no answer");
  };
  RemoteStores stores(std::move(options));
  CHECK_FALSE(stores.Fetch("http://quick/a.ini").ok());
  CHECK_FALSE(stores.Fetch("http://quick/a.ini").ok());
  CHECK_FALSE(stores.Fetch("http://slow/a.ini").ok());
  const auto second = stores.Fetch("http://slow/b.ini?s3cret");
  CHECK(second.status().message().find("left alone") != std::string::npos);
  CHECK(second.status().message().find("s3cret") == std::string::npos);
  CHECK(world.asked.size() == 3);
  now += kServerPause;
  CHECK_FALSE(stores.Fetch("http://slow/b.ini").ok());
  CHECK(world.asked.size() == 4);
}

}  // namespace
}  // namespace nscp::kernel
