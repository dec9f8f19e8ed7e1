// Reads performance counters now, for one call of a check: indexes become names, paths
// with '*' become their counters, and what needs two samples gets them, up to a second
// apart. Any thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "workers/check_system/counter_source.h"

namespace nscp::check_system {

// What is read of one counter.
struct CounterWish {
  std::string alias;  // what it is called in the answer
  std::string path;
  CounterFormat format;
  CounterNames names = CounterNames::kAuto;
  // A path with '*' is read for each of its instances; otherwise it is an error.
  bool instances = true;
  // Numbers and English names in the path become the names that this Windows has.
  bool expand_index = false;
};

struct CounterReading {
  std::string alias;
  std::string counter;   // the path that was read
  std::string instance;  // of one of several
  Result<double> value = 0.0;
};

// A counter in a query, and what to call it.
struct AddedCounter {
  std::string alias;
  std::string counter;
  std::string instance;
  CounterFormat format;
  CounterQuery::Id id = 0;
};

// Between the two samples of a rate.
constexpr int kCounterInterval = 1000;  // milliseconds
// One of several is called "alias_instance".
std::string InstanceAlias(const std::string& alias, const std::string& instance);

// The same path in the names that this Windows has.
Result<std::string> LocalCounterPath(CounterSource& source, const std::string& path);

// Adds all counters of a wish to a query; none is an error. Those of `known`, of the same
// wish and query, are taken over; one that is no longer there is for the caller to
// remove.
Result<std::vector<AddedCounter>> AddCounters(
    CounterSource& source, CounterQuery& query, const CounterWish& wish,
    const std::vector<AddedCounter>& known = {});

struct CounterReadOptions {
  // Two samples for all of them, also for those that have a value at once.
  bool averages = false;
  // Waits so many milliseconds; false when nobody waits for the answer any more.
  std::function<bool(int)> wait;
};

// A wish that cannot be read gives one reading with the error; other errors are those of
// the counters as a whole.
Result<std::vector<CounterReading>> ReadCounters(CounterSource& source,
                                                 const std::vector<CounterWish>& wishes,
                                                 const CounterReadOptions& options);

}  // namespace nscp::check_system
