// Where performance counters come from: PDH on Windows (pdh_source_win32.h), a table in
// tests. A source may be used by many threads; a query belongs to one at a time.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "workers/check_system/counter_path.h"

namespace nscp::check_system {

// Counters that are read together, once for each Collect.
class CounterQuery {
 public:
  using Id = size_t;
  virtual ~CounterQuery() = default;

  // `names` is kEnglish or kLocal. NotFound: there is no such counter.
  virtual Result<Id> Add(const std::string& path, CounterNames names) = 0;
  // The others keep their ids.
  virtual void Remove(Id id) = 0;
  virtual Status Collect() = 0;
  // Of the last Collect. Nothing while there is one sample of what needs two.
  virtual Result<std::optional<double>> Value(Id id, const CounterFormat& format) = 0;
};

struct CounterObject {
  std::vector<std::string> counters;
  std::vector<std::string> instances;  // empty where it has none
};

class CounterSource {
 public:
  virtual ~CounterSource() = default;

  virtual Result<std::unique_ptr<CounterQuery>> Open() = 0;
  // The paths that one with '*' stands for, in the language of Windows; at most
  // kMaxCounters.
  virtual Result<std::vector<std::string>> Expand(const std::string& path) = 0;
  // The local name of an index, and the other way round. An empty machine is this one.
  virtual Result<std::string> NameOf(const std::string& machine, uint32_t index) = 0;
  virtual Result<uint32_t> IndexOf(const std::string& machine,
                                   const std::string& name) = 0;
  // Of the English names of this machine.
  virtual Result<CounterIndexes> EnglishIndexes() = 0;
  virtual Result<std::vector<std::string>> Objects(const std::string& machine) = 0;
  virtual Result<CounterObject> Object(const std::string& machine,
                                       const std::string& name) = 0;

  static constexpr size_t kMaxCounters = 10000;
};

// "<doing>: <what the code means, and what to do> (error 0xC0000BB9)". `code` is of PDH;
// NotFound where what was asked for is not there. Source: pdhmsg.h.
Status CounterError(const std::string& doing, uint32_t code);

}  // namespace nscp::check_system
