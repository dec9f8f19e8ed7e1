// An expression is compiled once for a call and costs no allocation for an object that
// the filter drops. A program of its own, since it replaces the global operator new.
#include <doctest/doctest.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <string>
#include <vector>

#include "workers/checks/test_objects.h"

namespace {
// Counted in this thread's test only; atomic because the runner may have others.
std::atomic<size_t> allocations{0};
}  // namespace

void* operator new(size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void* operator new(size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size == 0 ? 1 : size);
}
void* operator new[](size_t size) { return operator new(size); }
void* operator new[](size_t size, const std::nothrow_t& tag) noexcept {
  return operator new(size, tag);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, size_t) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept {
  std::free(memory);
}

namespace nscp::checks {
namespace {

constexpr int64_t kObjects = 10000;

// Names are too long to stand inside of a std::string without an allocation.
std::vector<Thing> ManyThings() {
  std::vector<Thing> things = NumberedThings(kObjects);
  for (Thing& thing : things) {
    thing.name = "/var/lib/some/folder/with/a/long/path/" + thing.name;
    thing.date = kTestNow - 60 * thing.number;
    if (thing.number % 3 == 0) thing.maybe = thing.number;
  }
  return things;
}

struct Counted {
  size_t first = 0;   // allocations while the first ten thousand were looked at
  size_t second = 0;  // and while the same were looked at again
  size_t matched = 0;
};

Counted CountFor(const std::vector<std::string>& arguments) {
  static const std::vector<Thing> things = ManyThings();
  static const Check<Thing> check = ThingCheck(ThingDefaults());
  Environment environment;
  environment.now = kTestNow;
  Counted counted;
  const auto pass = [&](Sink<Thing>& sink) {
    const size_t before = allocations;
    for (const Thing& thing : things) sink.Add(thing);
    return allocations - before;
  };
  const auto result =
      check.Run(arguments, environment, [&](const Arguments&, Sink<Thing>& sink) {
        counted.first = pass(sink);
        counted.second = pass(sink);
        counted.matched = sink.count();
        return Status::Ok();
      });
  CHECK(result.state != sdk::State::kUnknown);
  return counted;
}

TEST_CASE("an object that the filter drops costs no allocation") {
  const char* filters[] = {
      "number > 20000",
      "number > 0.5 and real = 9",
      "name = 'x'",
      "name > 'zzz' or name = label",
      "label = '<x>'",
      "name like 'no such part of it'",
      "number like 'x'",
      "real like 'x'",
      "name in ('a', 'b', 'c')",
      "number in (20001, 20002)",
      "not name not in ('a', 'b')",
      "size in (1t, 2t)",
      "name regexp '/var/.*/T[0-9]+'",
      "name not regexp '/var/.*/t[0-9]+'",
      "label regexp '.*nothing.*'",
      "number regexp '[a-z]*'",
      "written > 1h",
      "written < -52w",
      "size > 1t or size < 1b",
      "age > 1w",
      "load > 1000000%",
      "state = 'stopped'",
      "core = 'core 77777' or core = 77777",
      "maybe > 20000",
      "maybe in (20001) or maybe = 'x'",
      "not is_big() and size > 1k",
      "letter(0) = 'x' or letter(neg(-1)) = 'x'",
      "format_bytes(size) = 'x' or convert_bytes(size, 'k') < 0",
      "scale(neg(number), 2) > 0",
      "count > 0",
      "list like 'x' or total < 0",
      "neg(written) = 5m and neg(number) > 0",
  };
  for (const char* filter : filters) {
    const std::string text = filter;
    CAPTURE(text);
    const Counted counted = CountFor({"filter=" + text});
    CHECK(counted.matched == 0);
    CHECK(counted.second == 0);
    // The first objects may fill what is used again for the others.
    CHECK(counted.first < 100);
  }
}

TEST_CASE("what is not listed, judged or measured is not kept either") {
  // One row for each object: its text, and the growth of the list of rows.
  const Counted counted = CountFor({"detail-syntax=none", "top-syntax=%(count)"});
  CHECK(counted.matched == 2 * kObjects);
  CHECK(counted.first < 100);
}

TEST_CASE("an object that is kept costs few allocations, each for what is kept") {
  // The text in the list; the object and its name; the label of the value.
  const Counted counted = CountFor({"warn=number > 20000"});
  CHECK(counted.matched == 2 * kObjects);
  CHECK(counted.second < 4 * kObjects);
}

}  // namespace
}  // namespace nscp::checks
