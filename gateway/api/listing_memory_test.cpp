#include "gateway/api/listing_memory.h"

#include <doctest/doctest.h>

#include "gateway/api/api_fixture.h"

namespace nscp::gateway {
namespace {

std::string Found(const ListingMemory& memory, const std::string& key) {
  const auto text = memory.Find(key);
  return text ? *text : "nothing";
}

}  // namespace

TEST_CASE("a text is given until a newer revision is heard, and only while one hears") {
  ListingMemory memory;
  memory.Keep("k", memory.Mark(), 7, "before anything was heard");
  CHECK(Found(memory, "k") == "nothing");
  memory.Heard(7);
  memory.Keep("k", memory.Mark(), 6, "old");
  CHECK(Found(memory, "k") == "nothing");
  memory.Keep("k", memory.Mark(), 8, "ahead of what was heard");
  CHECK(Found(memory, "k") == "ahead of what was heard");
  memory.Heard(8);
  CHECK(Found(memory, "k") == "ahead of what was heard");
  memory.Heard(9);
  CHECK(Found(memory, "k") == "nothing");
  memory.Keep("k", memory.Mark(), 9, "new");
  memory.Deaf();
  CHECK(Found(memory, "k") == "nothing");
  memory.Keep("k", memory.Mark(), 9, "new");
  CHECK(Found(memory, "k") == "nothing");
}

TEST_CASE("what was asked for before a change ended is not kept") {
  ListingMemory memory;
  memory.Heard(1);
  memory.Keep("k", memory.Mark(), 1, "kept");
  uint64_t mark = 0;
  {
    const ListingMemory::Change change(memory);
    mark = memory.Mark();
    CHECK(Found(memory, "k") == "kept");
  }
  CHECK(Found(memory, "k") == "nothing");
  memory.Keep("k", mark, 1, "made while it changed");
  CHECK(Found(memory, "k") == "nothing");
}

TEST_CASE("long keys, long texts and too many of them are not kept") {
  ListingMemory memory;
  memory.Heard(1);
  memory.Keep(std::string(ListingMemory::kMaxKeyBytes + 1, 'k'), memory.Mark(), 1, "x");
  memory.Keep("t", memory.Mark(), 1, std::string(ListingMemory::kMaxTextBytes + 1, 't'));
  CHECK(Found(memory, std::string(ListingMemory::kMaxKeyBytes + 1, 'k')) == "nothing");
  CHECK(Found(memory, "t") == "nothing");
  for (size_t i = 0; i <= ListingMemory::kMaxTexts; ++i) {
    memory.Keep(std::to_string(i), memory.Mark(), 1, "x");
  }
  CHECK(Found(memory, "0") == "nothing");
  CHECK(Found(memory, std::to_string(ListingMemory::kMaxTexts)) == "x");
}

TEST_CASE("a listing is asked for once and again after each change, by anyone") {
  ApiFixture agent;
  int asked = 0;
  agent.kernel.on_ListModules = [&](const v1::ListModulesRequest&) {
    ++asked;
    v1::ListModulesResponse response;
    response.set_revision(3);
    auto& module = *response.add_modules();
    module.set_name("M" + std::to_string(asked));
    module.set_loaded(true);
    return response;
  };
  agent.kernel.on_LoadModule = [](const v1::ModuleRequest&) {
    return v1::ModuleResponse();
  };
  const auto list = [&] { return agent.AsAdmin("GET /api/v2/modules").body; };
  CHECK(list() != list());
  REQUIRE(agent.kernel.module_watch);
  v1::WatchModulesResponse heard;
  heard.set_revision(3);
  agent.kernel.module_watch(heard);
  const std::string kept = list();
  CHECK(list() == kept);
  CHECK(asked == 3);
  CHECK(agent.AsAdmin("GET /api/v1/modules").body != kept);
  CHECK(agent.AsAdmin("GET /api/v2/modules?all=true").body != kept);
  CHECK(asked == 5);
  REQUIRE(agent.AsAdmin("GET /api/v2/modules/M1/commands/load").status == 200);
  CHECK(list() != kept);
  CHECK(asked == 6);
  agent.kernel.module_watch_ended(Status::Unavailable("gone"));
  CHECK(list() != list());
}

}  // namespace nscp::gateway
