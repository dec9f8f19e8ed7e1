#include "workers/check_system/counter_reader.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <map>

#include "proto/cpp/text.h"

namespace nscp::check_system {
namespace {

Result<CounterQuery::Id> AddByName(CounterQuery& query, const std::string& path,
                                   CounterNames names) {
  if (names != CounterNames::kAuto) return query.Add(path, names);
  auto english = query.Add(path, CounterNames::kEnglish);
  if (english.ok()) return english;
  auto local = query.Add(path, CounterNames::kLocal);
  // The user's spelling is more often English.
  return local.ok() ? local : english;
}

// A number's name, and an English name's local one; all else stays.
Result<std::string> LocalName(CounterSource& source, const CounterIndexes& english,
                              const std::string& machine, const std::string& name) {
  uint32_t index = 0;
  const char* last = name.data() + name.size();
  const auto [end, error] = std::from_chars(name.data(), last, index);
  if (error == std::errc() && end == last) return source.NameOf(machine, index);
  const auto found = english.find(ToLowerAscii(name));
  if (found == english.end()) return name;
  const auto local = source.NameOf(machine, found->second);
  return local.ok() ? *local : name;
}

Result<std::vector<std::string>> ExpandCounter(CounterSource& source,
                                               const std::string& path,
                                               CounterNames names) {
  auto paths = source.Expand(path);
  const bool is_missing =
      !paths.ok() ? paths.status().code() == Code::kNotFound : paths->empty();
  if (!is_missing || names == CounterNames::kLocal) return paths;
  // PDH expands local names alone.
  const auto local = LocalCounterPath(source, path);
  if (!local.ok() || *local == path) return paths;
  return source.Expand(*local);
}

// What tells a counter from its siblings: the instance, or the counter of `\\object\\*`.
std::string InstanceOf(const std::string& path) {
  const auto parsed = ParseCounterPath(path);
  if (!parsed.ok()) return path;
  return parsed->has_instance ? parsed->instance : parsed->counter;
}

std::vector<CounterReading> ReadValues(CounterQuery& query,
                                       const std::vector<AddedCounter>& sampled,
                                       bool& has_missing) {
  std::vector<CounterReading> readings;
  for (const AddedCounter& one : sampled) {
    CounterReading reading{one.alias, one.counter, one.instance, 0.0};
    const auto value = query.Value(one.id, one.format);
    if (!value.ok()) {
      reading.value = value.status();
    } else if (*value) {
      reading.value = **value;
    } else {
      has_missing = true;
      reading.value = Status::Unavailable("Failed to read counter " + one.counter +
                                          ": it gave no valid value in two samples");
    }
    readings.push_back(std::move(reading));
  }
  return readings;
}

}  // namespace

std::string InstanceAlias(const std::string& alias, const std::string& instance) {
  return instance.empty() ? alias : alias + "_" + instance;
}

Result<std::string> LocalCounterPath(CounterSource& source, const std::string& path) {
  ASSIGN_OR_RETURN(CounterPath parsed, ParseCounterPath(path));
  // A Windows without the English table still knows the numbers.
  const CounterIndexes english = source.EnglishIndexes().value_or({});
  ASSIGN_OR_RETURN(parsed.object,
                   LocalName(source, english, parsed.machine, parsed.object));
  ASSIGN_OR_RETURN(parsed.counter,
                   LocalName(source, english, parsed.machine, parsed.counter));
  return parsed.Text();
}

Result<std::vector<AddedCounter>> AddCounters(CounterSource& source, CounterQuery& query,
                                              const CounterWish& wish,
                                              const std::vector<AddedCounter>& known) {
  ASSIGN_OR_RETURN(const CounterPath parsed, ParseCounterPath(wish.path));
  std::string path = wish.path;
  CounterNames names = wish.names;
  if (wish.expand_index) {
    ASSIGN_OR_RETURN(path, LocalCounterPath(source, path));
    names = CounterNames::kLocal;
  }
  if (!parsed.is_wild()) {
    if (!known.empty()) return known;
    ASSIGN_OR_RETURN(const CounterQuery::Id id, AddByName(query, path, names));
    return std::vector<AddedCounter>{{wish.alias, path, "", wish.format, id}};
  }
  if (!wish.instances) {
    return Status::InvalidArgument("Counter " + path +
                                   " stands for several: ask for its instances, or name "
                                   "one in the place of *");
  }
  ASSIGN_OR_RETURN(const auto paths, ExpandCounter(source, path, names));
  std::map<std::string_view, const AddedCounter*> there;
  for (const AddedCounter& one : known) there[one.counter] = &one;
  std::vector<AddedCounter> added;
  Status error = Status::NotFound("Counter " + path + " has no instance");
  for (const std::string& one : paths) {
    if (const auto found = there.find(one); found != there.end()) {
      added.push_back(*found->second);
      continue;
    }
    const auto id = query.Add(one, CounterNames::kLocal);
    if (!id.ok()) {  // an instance that has gone meanwhile
      error = id.status();
      continue;
    }
    const std::string instance = InstanceOf(one);
    added.push_back(
        {InstanceAlias(wish.alias, instance), one, instance, wish.format, *id});
  }
  if (added.empty()) return error;
  return added;
}

Result<std::vector<CounterReading>> ReadCounters(CounterSource& source,
                                                 const std::vector<CounterWish>& wishes,
                                                 const CounterReadOptions& options) {
  ASSIGN_OR_RETURN(const auto query, source.Open());
  std::vector<AddedCounter> sampled;
  std::vector<CounterReading> failed;
  for (const CounterWish& wish : wishes) {
    auto added = AddCounters(source, *query, wish);
    if (!added.ok()) {
      failed.push_back({wish.alias, wish.path, "", added.status()});
      continue;
    }
    std::move(added->begin(), added->end(), std::back_inserter(sampled));
  }
  if (sampled.empty()) return failed;
  RETURN_IF_ERROR(query->Collect());
  bool has_missing = options.averages;
  std::vector<CounterReading> readings;
  if (!options.averages) readings = ReadValues(*query, sampled, has_missing);
  if (has_missing) {
    if (!options.wait(kCounterInterval)) {
      return Status::Cancelled("The check was stopped between its two samples");
    }
    RETURN_IF_ERROR(query->Collect());
    readings = ReadValues(*query, sampled, has_missing);
  }
  std::move(failed.begin(), failed.end(), std::back_inserter(readings));
  return readings;
}

}  // namespace nscp::check_system
