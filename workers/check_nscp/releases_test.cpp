// Versions, lists of releases and what is kept of them.
#include "workers/check_nscp/releases.h"

#include <doctest/doctest.h>

#include "json/value.h"
#include "workers/check_nscp/update_check.h"
#include "workers/check_nscp/update_source.h"
#include "workers/checks/fake_call.h"

namespace nscp::check_nscp {
namespace {

// Made after the documentation of GitHub's REST API ("List releases"), cut to the fields
// that matter and some that do not.
constexpr char kList[] = R"([
  {"tag_name": "0.18.0-rc2", "draft": true, "prerelease": true},
  {"tag_name": "0.17.1-rc1", "draft": false, "prerelease": true, "assets": [{"size": 1}],
   "published_at": "2026-11-20T10:00:00Z", "html_url": "https://x/0.17.1-rc1"},
  {"tag_name": "nightly", "draft": false, "prerelease": false},
  {"tag_name": "v0.16.9", "draft": false, "prerelease": false, "body": null},
  {"tag_name": "v0.16.10", "draft": false, "prerelease": false,
   "published_at": "2026-11-01T10:00:00Z", "html_url": "https://x/0.16.10"}])";

TEST_CASE("a version is numbers, a suffix and a date") {
  const Version agent = ParseVersion("0.16.4 2026-11-21");
  CHECK(agent.text == "0.16.4");
  CHECK(agent.date == "2026-11-21");
  CHECK(agent.numbers == std::array<int64_t, 4>{0, 16, 4, 0});
  const Version tag = ParseVersion("v1.2.3.4.5-rc1+abc");
  CHECK(tag.numbers == std::array<int64_t, 4>{1, 2, 3, 4});
  CHECK(tag.suffix == "rc1");
  CHECK(ParseVersion("2.").numbers[0] == 2);
  for (const char* none : {"", "nightly", "99999999999999999999"}) {
    CHECK_FALSE(ParseVersion(none).valid);
  }
}

TEST_CASE("which version is newer") {
  const struct {
    const char* newer;
    const char* older;
  } rows[] = {{"0.16.10", "0.16.9"}, {"1.0", "0.99.99"},      {"0.17.0", "0.17.0-rc1"},
              {"1.0.0.1", "1.0"},    {"1.0-rc10", "1.0-rc9"}, {"1.0-rc1", "1.0-beta2"},
              {"1.0-rc1", "1.0-rc"}};
  for (const auto& row : rows) {
    CAPTURE(row.newer);
    CHECK(IsNewer(ParseVersion(row.newer), ParseVersion(row.older)));
    CHECK_FALSE(IsNewer(ParseVersion(row.older), ParseVersion(row.newer)));
  }
  CHECK_FALSE(IsNewer(ParseVersion("v1.0+a"), ParseVersion("1.0.0")));
}

TEST_CASE("the newest release of a list, drafts and tags without a number left out") {
  const auto releases = ParseReleases(kList);
  REQUIRE(releases.ok());
  CHECK(releases->Latest(false)->version.text == "0.16.10");
  CHECK(releases->Latest(true)->version.text == "0.17.1-rc1");
  const auto one = ParseReleases(R"({"tag_name": "v2.0"})");
  CHECK(one->Latest(true)->version.text == "2.0");
  CHECK(ParseReleases("[]")->Latest(true) == nullptr);
  CHECK(ParseReleases(R"([1, null, "x", [], {"tag_name": 7}])")->Latest(true) == nullptr);
  for (const char* bad : {"", "<html>", "{}", R"({"message": "rate limit"})", "7"}) {
    CHECK(ParseReleases(bad).status().code() == Code::kInvalidArgument);
  }
}

TEST_CASE("what is kept comes back as it was") {
  Releases releases = *ParseReleases(kList);
  releases.url = "https://x/\"y\"";
  releases.checked_at = 1700000000;
  const auto again = DecodeReleases(EncodeReleases(releases));
  REQUIRE(again.ok());
  CHECK(again->url == releases.url);
  CHECK(again->checked_at == releases.checked_at);
  CHECK(again->stable->page == "https://x/0.16.10");
  CHECK(again->experimental->published == "2026-11-20T10:00:00Z");
  CHECK_FALSE(DecodeReleases("{").ok());
}

struct Fixture {
  sdk::Settings Make(std::vector<std::pair<std::string, std::string>> changes = {}) {
    std::vector<sdk::Settings::Entry> entries;
    const std::string path = "/settings/nscp/check/update";
    for (const auto& [key, value] : std::vector<std::pair<std::string, std::string>>{
             {"cache hours", "24"},
             {"url", "https://x/r"},
             {"tls version", "tlsv1.2+"},
             {"verify mode", "peer"},
             {"check experimental", "false"}}) {
      entries.push_back({path, key, value});
      for (const auto& change : changes) {
        if (change.first == key) entries.back().value = change.second;
      }
    }
    return sdk::Settings(entries);
  }
  sdk::CheckResult Ask(std::vector<std::pair<std::string, std::string>> changes = {},
                       const char* running = "0.16.9 2026-01-01") {
    checks::Environment environment;
    environment.now = now;
    return check.Run({}, environment, ParseVersion(running),
                     UpdateSettings::Read(Make(std::move(changes))), source,
                     std::chrono::steady_clock::now() + std::chrono::seconds(10));
  }
  std::string Text(std::vector<std::pair<std::string, std::string>> changes = {}) {
    return sdk::FormatPlain(Ask(std::move(changes)));
  }

  int64_t now = 1700000000;
  int downloads = 0;
  Result<std::string> answer = std::string(kList);
  checks::FakeHost host;
  UpdateSource source{host, [this](const UpdateSettings&, std::chrono::milliseconds) {
                        ++downloads;
                        return answer;
                      }};
  UpdateCheck check;
};

constexpr char kPerf[] = "|'version_update_available'=1;1;1";

TEST_CASE("a newer release is critical, and its list is asked for once a day") {
  Fixture f;
  CHECK(f.Ask().state == sdk::State::kCritical);
  CHECK(f.Text() == std::string("CRITICAL: 0.16.9 (latest: 0.16.10)") + kPerf);
  CHECK(f.Text({{"check experimental", "yes"}}) ==
        std::string("CRITICAL: 0.16.9 (latest: 0.17.1-rc1)") + kPerf);
  CHECK(f.Ask({}, "0.16.10").state == sdk::State::kOk);
  f.now += 24 * 3600 - 1;
  f.Ask();
  CHECK(f.downloads == 1);
  f.now += 1;
  f.Ask();
  CHECK(f.downloads == 2);
  f.Ask({{"url", "https://other/r"}});
  CHECK(f.downloads == 3);
}

TEST_CASE("what is kept outlives the process") {
  Fixture f;
  f.Ask();
  Fixture g;
  g.host.stored = f.host.stored;
  CHECK(g.Ask().state == sdk::State::kCritical);
  CHECK(g.downloads == 0);
  Fixture damaged;
  damaged.host.stored["update"]["releases"] = "{";
  CHECK(damaged.Ask().state == sdk::State::kCritical);
  CHECK(damaged.downloads == 1);
  Fixture broken;
  broken.host.store_answer = Status::Unavailable("the disk is full");
  CHECK(broken.Ask().state == sdk::State::kCritical);
  CHECK(broken.host.log.size() == 2);
}

TEST_CASE(
    "a server that fails is not asked at each check, and an old list says its age") {
  Fixture f;
  f.answer = Status::Unavailable("downloading https://x/r: refused");
  CHECK(f.Text() == "asking for the newest release: downloading https://x/r: refused");
  f.Ask();
  CHECK(f.downloads == 1);
  f.now += kRetrySeconds;
  f.answer = std::string(kList);
  CHECK(f.Ask().state == sdk::State::kCritical);
  CHECK(f.downloads == 2);
  f.now += 25 * 3600;
  f.answer = std::string("<html>");
  CHECK(
      f.Text().find("CRITICAL: 0.16.9 (latest: 0.16.10) (known for 1d 01:00, since then: "
                    "reading JSON") == 0);
  f.Ask();
  CHECK(f.downloads == 3);
}

TEST_CASE("settings that make no sense are named") {
  Fixture f;
  const struct {
    const char* key;
    const char* value;
    const char* text;
  } rows[] = {{"url", " ", "url under"},
              {"tls version", "sslv3", "'sslv3' is not spoken"},
              {"verify mode", "perr", "'perr' is not known"}};
  for (const auto& row : rows) {
    const auto result = f.Ask({{row.key, row.value}});
    CHECK(result.state == sdk::State::kUnknown);
    CHECK(result.lines[0].message.find(row.text) != std::string::npos);
  }
  CHECK_FALSE(UpdateSettings::Read(f.Make({{"verify mode", "none"}}))->verify);
  CHECK(UpdateSettings::Read(f.Make({{"verify mode", "peer-cert"}}))->verify);
  CHECK(f.downloads == 0);
  f.answer = std::string("[]");
  CHECK(f.Text() == "No release is listed at https://x/r");
}

}  // namespace
}  // namespace nscp::check_nscp
