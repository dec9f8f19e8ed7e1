// For tests: performance counters that answer from a table.
#pragma once

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "proto/cpp/text.h"
#include "workers/check_system/counter_source.h"

namespace nscp::check_system {

// Values that each Collect gives in turn, the last one again and again; NaN is a rate
// without its second sample. Paths in the language of this "Windows" are `local`.
class FakeCounters final : public CounterSource {
 public:
  struct Counter {
    std::vector<double> values;
    bool english = true;
    bool local = true;
    uint32_t error = 0;  // of reading it
  };

  Result<std::unique_ptr<CounterQuery>> Open() override {
    if (!open_error.ok()) return open_error;
    return std::unique_ptr<CounterQuery>(std::make_unique<Query>(*this));
  }
  Result<std::vector<std::string>> Expand(const std::string& path) override {
    const auto found = expansions.find(path);
    if (found != expansions.end()) return found->second;
    return CounterError("Failed to expand counter " + path, 0xC0000BB9);
  }
  Result<std::string> NameOf(const std::string&, uint32_t index) override {
    const auto found = names.find(index);
    if (found != names.end()) return found->second;
    return CounterError("Failed to look up counter index " + std::to_string(index),
                        0xC0000BD4);
  }
  Result<uint32_t> IndexOf(const std::string&, const std::string& name) override {
    for (const auto& [index, text] : names) {
      if (EqualsIgnoreCase(text, name)) return index;
    }
    return CounterError("Failed to look up counter name " + name, 0xC0000BD4);
  }
  Result<CounterIndexes> EnglishIndexes() override { return english; }
  Result<std::vector<std::string>> Objects(const std::string& machine) override {
    if (!machine.empty()) {
      return CounterError("Failed to list the objects with counters", 0xC0000BC3);
    }
    std::vector<std::string> list;
    for (const auto& [name, object] : objects) list.push_back(name);
    return list;
  }
  Result<CounterObject> Object(const std::string&, const std::string& name) override {
    const auto found = objects.find(name);
    if (found != objects.end()) return found->second;
    return CounterError("Failed to list the counters of " + name, 0xC0000BB8);
  }

  std::map<std::string, Counter> counters;
  std::map<std::string, std::vector<std::string>> expansions;
  std::map<uint32_t, std::string> names;
  CounterIndexes english;
  std::map<std::string, CounterObject> objects;
  Status open_error;
  Status collect_error;
  int collects = 0;
  size_t removed = 0;

 private:
  class Query final : public CounterQuery {
   public:
    explicit Query(FakeCounters& all) : all_(all) {}
    Result<Id> Add(const std::string& path, CounterNames names) override {
      const auto found = all_.counters.find(path);
      const bool is_there =
          found != all_.counters.end() &&
          (names == CounterNames::kEnglish ? found->second.english : found->second.local);
      if (!is_there) return CounterError("Failed to add counter " + path, 0xC0000BB9);
      paths_.push_back(path);
      return paths_.size() - 1;
    }
    void Remove(Id id) override {
      paths_.at(id).clear();
      ++all_.removed;
    }
    Status Collect() override {
      ++all_.collects;
      ++collects_;
      return all_.collect_error;
    }
    Result<std::optional<double>> Value(Id id, const CounterFormat& format) override {
      const std::string& path = paths_.at(id);
      const auto found = all_.counters.find(path);
      if (found == all_.counters.end() || found->second.error != 0) {
        return CounterError("Failed to read counter " + path, found == all_.counters.end()
                                                                  ? 0x800007D1
                                                                  : found->second.error);
      }
      const auto& values = found->second.values;
      const size_t at = std::min(collects_, values.size()) - 1;
      if (std::isnan(values[at])) return std::optional<double>();
      const double value = values[at] * (format.thousand ? 1000 : 1);
      return std::optional<double>(
          format.type == CounterType::kDouble ? value : std::trunc(value));
    }

   private:
    FakeCounters& all_;
    std::vector<std::string> paths_;
    size_t collects_ = 0;
  };
};

}  // namespace nscp::check_system
