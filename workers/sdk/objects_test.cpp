#include "workers/sdk/objects.h"

#include <doctest/doctest.h>

namespace nscp::sdk {
namespace {

using Entries = std::vector<Settings::Entry>;

const std::string kPath = "/settings/x/targets";

// "name(alias)=value{key:value ...} " for each object.
std::string Shown(const ObjectList& list) {
  std::string text;
  for (const SettingsObject& object : list.objects) {
    text += object.name + "(" + object.alias + ")=" + object.value + "{";
    for (const Property& own : object.properties) text += own.key + ":" + own.value + " ";
    text += "} ";
  }
  return text;
}

ObjectList Read(Entries entries) {
  return ReadObjects(Settings(std::move(entries)), kPath);
}

TEST_CASE("an object is a section, a line, or both; parents lend what it lacks") {
  struct Case {
    const char* what;
    Entries entries;
    const char* shown;
  };
  const Case cases[] = {
      {"nothing", {}, ""},
      {"a line", {{kPath, "a", "host:1"}}, "a(a)=host:1{} "},
      {"a section with options of its own",
       {{kPath + "/a", "host", "h"}, {kPath + "/a", "odd key", "v"}},
       "a(a)={host:h odd key:v } "},
      {"both are one object, in any case",
       {{kPath, "A", "v"}, {kPath + "/a", "host", "h"}},
       "a(a)=v{host:h } "},
      {"sections come before lines",
       {{kPath, "z", "1"}, {kPath + "/a", "k", "2"}},
       "a(a)={k:2 } z(z)=1{} "},
      {"default lends to all and is nobody",
       {{kPath + "/Default", "host", "d"},
        {kPath + "/a", "port", "1"},
        {kPath, "b", "x"}},
       "a(a)={port:1 host:d } b(b)=x{host:d } "},
      {"own values count, an empty one inherits",
       {{kPath + "/default", "host", "d"},
        {kPath + "/default", "port", "1"},
        {kPath + "/a", "HOST", "own"},
        {kPath + "/a", "port", ""}},
       "a(a)={HOST:own port:1 } "},
      {"a template lends and is nobody; templates have parents",
       {{kPath + "/default", "x", "d"},
        {kPath + "/t", "is template", "true"},
        {kPath + "/t", "host", "t"},
        {kPath + "/u", "is template", "1"},
        {kPath + "/u", "parent", "T"},
        {kPath + "/u", "port", "u"},
        {kPath + "/a", "parent", "u"}},
       "a(a)={port:u host:t x:d } "},
      {"an active object may be a parent; its alias and switch are its own",
       {{kPath + "/a", "alias", "Anna"},
        {kPath + "/a", "host", "h"},
        {kPath + "/b", "parent", "a"}},
       "a(Anna)={host:h } b(b)={host:h } "},
      {"a parent that is not there is an empty template",
       {{kPath + "/default", "host", "d"}, {kPath + "/a", "parent", "nobody"}},
       "a(a)={host:d } "},
      {"its own parent: inherits nothing",
       {{kPath + "/default", "host", "d"}, {kPath + "/a", "parent", "A"}},
       "a(a)={} "},
      {"default may name a parent",
       {{kPath + "/default", "parent", "t"},
        {kPath + "/t", "parent", "t"},
        {kPath + "/t", "host", "t"},
        {kPath + "/t", "is template", "yes"},
        {kPath + "/a", "k", "v"}},
       "a(a)={k:v host:t } "},
      {"what lies deeper, and beside, is not its own",
       {{kPath + "/a/deep", "k", "v"},
        {kPath + "x/b", "k", "v"},
        {"/settings/x", "c", "v"}},
       "a(a)={} "},
  };
  for (const Case& c : cases) {
    CAPTURE(c.what);
    const ObjectList list = Read(c.entries);
    CHECK(Shown(list) == c.shown);
    CHECK(list.problems.empty());
  }
  CHECK(Read({{kPath + "/a", "Port", "7"}}).objects[0].Get("PORT", "1") == "7");
  CHECK(Read({{kPath + "/a", "Port", "7"}}).objects[0].Get("host", "here") == "here");
}

TEST_CASE("a circle of parents is told, and gives what it gave before") {
  const ObjectList list = Read({{kPath + "/a", "parent", "b"},
                                {kPath + "/a", "own", "a"},
                                {kPath + "/b", "parent", "C"},
                                {kPath + "/b", "is template", "true"},
                                {kPath + "/b", "more", "b"},
                                {kPath + "/c", "parent", "a"},
                                {kPath + "/c", "is template", "true"},
                                {kPath + "/c", "own", "c"}});
  CHECK(Shown(list) == "a(a)={own:a more:b } ");
  REQUIRE(list.problems.size() == 1);
  CHECK(list.problems[0] ==
        "'a' below " + kPath + ": its parents form a circle (a, b, C, a)");
  // Through "default" too.
  CHECK(Read({{kPath + "/default", "parent", "a"}, {kPath + "/a", "k", "v"}})
            .problems.size() == 1);
}

TEST_CASE("a chain of parents and the number of objects are bounded") {
  Entries chain;
  const size_t last = kMaxObjectParents + 3;
  for (size_t i = 0; i < last; ++i) {
    const std::string path = kPath + "/o" + std::to_string(i);
    chain.push_back({path, "parent", "o" + std::to_string(i + 1)});
    chain.push_back({path, "k" + std::to_string(i), "v"});
    if (i > 0) chain.push_back({path, "is template", "true"});
  }
  const ObjectList deep = Read(chain);
  REQUIRE(deep.objects.size() == 1);
  CHECK(deep.objects[0].properties.size() == kMaxObjectParents + 1);
  REQUIRE(deep.problems.size() == 1);
  CHECK(deep.problems[0] == "'o0' below " + kPath + " has more than 16 parents");

  Entries many;
  for (size_t i = 0; i < kMaxObjects + 5; ++i)
    many.push_back({kPath, std::to_string(i), "v"});
  const ObjectList full = Read(many);
  CHECK(full.objects.size() == kMaxObjects);
  CHECK(full.problems.size() == 1);
}

}  // namespace
}  // namespace nscp::sdk
