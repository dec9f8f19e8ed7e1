#include "kernel/broker/registry.h"

#include <doctest/doctest.h>

namespace nscp::kernel {
namespace {

std::shared_ptr<v1::Manifest> Module(const std::string& name, const std::string& query) {
  auto manifest = std::make_shared<v1::Manifest>();
  manifest->set_name(name);
  v1::QueryName& q = *manifest->add_queries();
  q.set_name(query);
  q.set_description("about " + query);
  q.add_alternatives("CheckOther" + query);
  manifest->add_dynamic()->set_kind(v1::DynamicClass::ALIAS);
  return manifest;
}

v1::RegisterRequest Alias(const std::string& name,
                          v1::DynamicClass::Kind kind = v1::DynamicClass::ALIAS) {
  v1::RegisterRequest request;
  request.add_names()->set_name(name);
  request.mutable_names(0)->set_kind(kind);
  return request;
}

TEST_CASE(
    "names are found in any case, alternatives lead to the query the worker knows") {
  Registry registry;
  registry.Put("A", 1, Module("A", "check_a"));
  REQUIRE(registry.Find("CHECK_A"));
  CHECK(registry.Find("check_a")->slot == "A");
  const auto other = registry.Find("checkothercheck_a");
  REQUIRE(other);
  CHECK(other->command == "check_a");
  CHECK(other->title == "CheckOthercheck_a");
  CHECK(other->kind == v1::NAME_ALIAS);
  CHECK(other->description == "Alternative name for: check_a");
  CHECK_FALSE(registry.Find("check_b"));
  CHECK(registry.List(v1::NAME_QUERY).size() == 1);
  CHECK(registry.List(v1::NAME_ALIAS).size() == 1);
}

TEST_CASE("of two that claim a name the higher rank wins, whoever came first") {
  for (const bool first_a : {true, false}) {
    Registry registry;
    const auto put_a = [&] { registry.Put("A", 1, Module("A", "check_x")); };
    const auto put_b = [&] { registry.Put("B", 2, Module("B", "check_x")); };
    first_a ? put_a() : put_b();
    first_a ? put_b() : put_a();
    CHECK(registry.Find("check_x")->slot == "B");
    registry.Remove("B");
    CHECK(registry.Find("check_x")->slot == "A");
    registry.Remove("A");
    CHECK_FALSE(registry.Find("check_x"));
  }
}

TEST_CASE("dynamic names need their class, a clean name and an instance") {
  Registry registry;
  registry.Put("A", 1, Module("A", "check_a"));
  CHECK(registry.SetNames("A", Alias("my alias")).ok());
  CHECK(registry.Find("MY ALIAS")->kind == v1::NAME_ALIAS);
  CHECK(registry.SetNames("A", Alias("q", v1::DynamicClass::QUERY)).status().code() ==
        Code::kPermissionDenied);
  CHECK(registry.SetNames("A", Alias("a\nb")).status().code() == Code::kInvalidArgument);
  CHECK(registry.SetNames("A", Alias("")).status().code() == Code::kInvalidArgument);
  CHECK(registry.SetNames("B", Alias("x")).status().code() == Code::kNotFound);
  CHECK(registry.Find("my alias"));  // a refused batch changes nothing
  CHECK(registry.SetNames("A", {}).ok());
  CHECK_FALSE(registry.Find("my alias"));  // the whole set is replaced
}

TEST_CASE(
    "a shadowed name is told, and a static name beats a dynamic one of the same module") {
  Registry registry;
  registry.Put("A", 1, Module("A", "check_a"));
  registry.Put("B", 2, Module("B", "check_b"));
  const auto shadowed = registry.SetNames("A", Alias("check_b"));
  REQUIRE(shadowed.ok());
  CHECK(*shadowed == std::vector<std::string>{"check_b"});
  CHECK(registry.SetNames("B", Alias("check_b")).ok());
  CHECK(registry.Find("check_b")->kind == v1::NAME_QUERY);
}

TEST_CASE("a channel may have several listeners") {
  Registry registry;
  auto a = Module("A", "check_a");
  auto b = Module("B", "check_b");
  a->add_channels("NSCA");
  b->add_channels("nsca");
  registry.Put("A", 1, a);
  registry.Put("B", 2, b);
  CHECK(registry.Channel("Nsca") == std::vector<std::string>{"A", "B"});
  CHECK(registry.Channel("none").empty());
  const auto listed = registry.List(v1::NAME_CHANNEL);
  REQUIRE(listed.size() == 1);
  CHECK(listed[0].name() == "nsca");
  CHECK(listed[0].title() == "NSCA");
  CHECK(listed[0].modules_size() == 2);
}

}  // namespace
}  // namespace nscp::kernel
