#include "workers/simple_cache/simple_cache.h"

#include <doctest/doctest.h>

#include "workers/checks/fake_call.h"
#include "workers/simple_cache/cache.h"

namespace nscp::simple_cache {
namespace {

struct House {
  explicit House(const std::string& index = "${alias-or-command}") {
    sdk::StartContext context;
    context.host = &host;
    context.settings = sdk::Settings({{"/settings/cache", "channel", "CACHE, other"},
                                      {"/settings/cache", "primary index", index}});
    REQUIRE(module->Start(context).ok());
  }
  sdk::SubmitAnswer Submit(const std::string& command, const std::string& alias,
                           const std::string& message, const std::string& source = "") {
    sdk::Submission submission;
    submission.channel = "CACHE";
    submission.result = checks::MakeResult(sdk::State::kCritical, message, "a=1");
    submission.result.command = command;
    submission.alias = alias;
    submission.source = source;
    return module->OnSubmit(submission, call);
  }
  std::string Ask(const std::string& command, std::vector<std::string> arguments = {}) {
    const auto result = module->OnQuery({command, std::move(arguments)}, call);
    return std::string(sdk::StateName(result.state)) + " " + sdk::FormatPlain(result);
  }
  checks::FakeHost host;
  checks::FakeCall call;
  std::unique_ptr<sdk::Module> module = MakeSimpleCache();
};

TEST_CASE("the last result is given as it came") {
  House house;
  REQUIRE(house.host.names.size() == 2);
  CHECK(house.host.names[1].name == "other");
  CHECK(house.Submit("check_cpu", "", "first").message == "message has been cached");
  house.Submit("check_cpu", "", "second");
  house.Submit("check_cpu", "sok", "third");
  CHECK(house.Ask("check_cache", {"command=check_cpu"}) == "CRITICAL second|'a'=1");
  CHECK(house.Ask("checkcache", {"key=check_cpu"}) == "CRITICAL second|'a'=1");
  for (const char* way : {"command=sok", "alias=sok", "key=sok"}) {
    CHECK(house.Ask("check_cache", {way}) == "CRITICAL third|'a'=1");
  }
  CHECK(house.Ask("list_cache") == "OK check_cpu, sok");
}

TEST_CASE("what is not there, and what is not asked for") {
  House house;
  CHECK(house.Ask("check_cache", {"key=none"}) == "UNKNOWN Entry not found");
  CHECK(house.Ask("check_cache", {"key=none", "not-found-msg=later",
                                  "not-found-code=ok"}) == "OK later");
  CHECK(house.Ask("check_cache").rfind("UNKNOWN No key specified\n", 0) == 0);
  CHECK(house.Ask("check_cache").find("not-found-msg=") != std::string::npos);
  CHECK_FALSE(house.Submit("", "", "nameless").accepted);
  CHECK(house.Ask("list_cache") == "OK ");
}

TEST_CASE("an index of one's own") {
  House house("${host}/${channel}/${command}");
  house.Submit("check_cpu", "x", "of web1", "web1");
  CHECK(house.Ask("check_cache", {"key=web1/CACHE/check_cpu"}) ==
        "CRITICAL of web1|'a'=1");
  CHECK(house.Ask("check_cache", {"host=web1", "channel=CACHE", "command=check_cpu"}) ==
        "CRITICAL of web1|'a'=1");
}

TEST_CASE("beyond its bounds the oldest is forgotten") {
  Cache cache;
  for (size_t i = 0; i <= Cache::kMaxEntries; ++i) {
    cache.Put(std::to_string(i), sdk::CheckResult::Of(sdk::State::kOk, "x"));
  }
  CHECK(cache.Keys().size() == Cache::kMaxEntries);
  CHECK_FALSE(cache.Find("0").has_value());
  CHECK(cache.Find("1").has_value());
  const std::string large(Cache::kMaxBytes / 2, 'x');
  cache.Put("a", sdk::CheckResult::Of(sdk::State::kOk, large));
  cache.Put("b", sdk::CheckResult::Of(sdk::State::kOk, large));
  CHECK(cache.Keys() == std::vector<std::string>{"b"});
}

}  // namespace
}  // namespace nscp::simple_cache
