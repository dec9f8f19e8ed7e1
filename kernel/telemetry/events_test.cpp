#include "kernel/telemetry/events.h"

#include <doctest/doctest.h>

#include "kernel/telemetry/metrics.h"

namespace nscp::kernel {
namespace {

v1::EmitEventsRequest Emitted(const std::string& name, size_t bytes = 1) {
  v1::EmitEventsRequest request;
  auto* event = request.add_events();
  event->set_name(name);
  (*event->mutable_data())["k"] = std::string(bytes, 'v');
  return request;
}

TEST_CASE("patterns are all, a prefix, or one name") {
  struct Case {
    const char *pattern, *name;
    bool matches;
  };
  const Case cases[] = {
      {"*", "system.cpu:a", true},           {"system.*", "system.cpu", true},
      {"system.*", "systemd", false},        {"system.cpu", "system.cpu", true},
      {"system.cpu", "system.cpu:a", false}, {"", "x", false}};
  for (const Case& c : cases) {
    CAPTURE(c.pattern);
    CHECK(EventMatches(c.pattern, c.name) == c.matches);
  }
}

TEST_CASE("the last thousand events are kept, and taking them empties the ring") {
  EventRing ring;
  for (size_t i = 0; i < kMaxEvents + 5; ++i) REQUIRE(ring.Emit(Emitted("e"), 77).ok());
  const auto list = ring.List();
  REQUIRE(list.size() == kMaxEvents);
  CHECK(list.front().index() == 6);
  CHECK(list.front().time_ms() == 77);
  CHECK(ring.Take().size() == kMaxEvents);
  CHECK(ring.Take().empty());
  REQUIRE(ring.Emit(Emitted("e"), 0).ok());
  CHECK(ring.List().front().index() == kMaxEvents + 6);
}

TEST_CASE("an event without a name or too large is refused with all its batch") {
  EventRing ring;
  v1::EmitEventsRequest request = Emitted("good");
  request.add_events();
  CHECK(ring.Emit(request, 0).code() == Code::kInvalidArgument);
  CHECK(ring.Emit(Emitted("big", kMaxEventBytes), 0).code() == Code::kResourceExhausted);
  CHECK(ring.List().empty());
}

TEST_CASE("watchers hear each event with its index") {
  EventRing ring;
  uint64_t heard = 0;
  const auto watch =
      ring.Subscribe([&heard](const auto& event) { heard = event->index(); });
  REQUIRE(ring.Emit(Emitted("e"), 0).ok());
  CHECK(heard == 1);
}

TEST_CASE("the metrics of a source are replaced, joined with the others', and removed") {
  MetricsStore store;
  v1::Metric metric;
  metric.set_bundle("system");
  REQUIRE(store.Set("a", {metric, metric}).ok());
  REQUIRE(store.Set("b", {metric}).ok());
  CHECK(store.Snapshot().metrics_size() == 0);
  CHECK(store.Snapshot().time_ms() == 0);
  int64_t told = 0;
  const auto watch =
      store.Subscribe([&told](const v1::MetricsSnapshotResponse& snapshot) {
        told = snapshot.time_ms();
      });
  store.Publish(5);
  CHECK(told == 5);
  CHECK(store.Snapshot().metrics_size() == 3);
  REQUIRE(store.Set("a", {metric}).ok());
  store.Remove("b");
  // Half a round is shown to nobody.
  CHECK(store.Snapshot().metrics_size() == 3);
  store.Publish(6);
  CHECK(store.Snapshot().metrics_size() == 1);
  CHECK_FALSE(store.Set("a", std::vector<v1::Metric>(kMaxMetricsOfSource + 1)).ok());
  store.Publish(7);
  CHECK(static_cast<size_t>(store.Snapshot().metrics_size()) == kMaxMetricsOfSource);
}

TEST_CASE("tags have bounds, and an empty value removes") {
  Tags tags;
  const auto set = [&tags](const std::string& name, const std::string& value) {
    v1::SetTagRequest request;
    request.set_name(name);
    request.set_value(value);
    return tags.Set(request);
  };
  CHECK(set("b", "2").ok());
  CHECK(set("a", "1").ok());
  REQUIRE(tags.List().tags_size() == 2);
  CHECK(tags.List().tags(0).name() == "a");
  CHECK(set("a", "").ok());
  CHECK(tags.List().tags_size() == 1);
  CHECK_FALSE(set("", "x").ok());
  CHECK(set(std::string(kMaxTagName, 'n'), std::string(kMaxTagValue, 'v')).ok());
  CHECK_FALSE(set(std::string(kMaxTagName + 1, 'n'), "v").ok());
  CHECK_FALSE(set("n", std::string(kMaxTagValue + 1, 'v')).ok());
  for (size_t i = 2; i < kMaxTags; ++i) CHECK(set("t" + std::to_string(i), "v").ok());
  CHECK(set("one more", "v").code() == Code::kResourceExhausted);
  CHECK(set("b", "changed").ok());
}

}  // namespace
}  // namespace nscp::kernel
