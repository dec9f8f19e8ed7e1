#include "kernel/core/revision.h"

#include <doctest/doctest.h>

#include <vector>

namespace nscp::kernel {

TEST_CASE("a watcher hears the number now and after each change until it is forgotten") {
  Revision revision;
  std::vector<uint64_t> heard;
  const auto id = revision.Watch([&](uint64_t value) { heard.push_back(value); });
  REQUIRE(id.ok());
  const uint64_t first = revision.value();
  revision.Grow();
  CHECK(heard == std::vector<uint64_t>{first, first + 1});
  revision.Forget(*id);
  revision.Grow();
  CHECK(heard.size() == 2);
  CHECK(revision.value() == first + 2);
}

TEST_CASE("there is a limit of watchers, and room again when one leaves") {
  Revision revision;
  uint64_t last = 0;
  for (size_t i = 0; i < Revision::kMaxWatchers; ++i) {
    const auto id = revision.Watch([](uint64_t) {});
    REQUIRE(id.ok());
    last = *id;
  }
  CHECK(revision.Watch([](uint64_t) {}).status().code() == Code::kResourceExhausted);
  revision.Forget(last);
  CHECK(revision.Watch([](uint64_t) {}).ok());
}

}  // namespace nscp::kernel
