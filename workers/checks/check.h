// A filter check of objects of type T: its options, its keywords, and Run, which reads
// one call's arguments, lets the check collect its objects, and judges them.
//
// A Check is built at the module's start and then only read: Run may be called from many
// threads at a time.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "workers/checks/filter.h"

namespace nscp::checks {

// Takes the objects that a check collects. Belongs to one run.
template <class T>
class Sink {
 public:
  explicit Sink(Filter& filter) : filter_(filter) {}

  // False: no more objects are wanted (a bound is met, or nobody waits any more). An
  // object given by reference is copied only if it must be kept, so a collector may fill
  // the same one again and again.
  bool Add(T&& object) {
    const Filter::Seen seen = filter_.Examine(&object);
    if (seen == Filter::Seen::kKeep) {
      kept_.emplace_back(filter_.count() - 1, std::move(object));
    }
    return seen != Filter::Seen::kStop;
  }
  bool Add(const T& object) {
    const Filter::Seen seen = filter_.Examine(&object);
    if (seen == Filter::Seen::kKeep) kept_.emplace_back(filter_.count() - 1, object);
    return seen != Filter::Seen::kStop;
  }
  // How many have matched the filter so far.
  size_t count() const { return filter_.count(); }
  // Whether anything in this call looks at the keyword.
  bool Uses(std::string_view keyword) const { return filter_.Uses(keyword); }

 private:
  template <class>
  friend class Check;
  Filter& filter_;
  std::deque<std::pair<size_t, T>> kept_;
};

template <class T>
class Check {
 public:
  // An error becomes the UNKNOWN answer, its message unchanged.
  using Collect = std::function<Status(const Arguments&, Sink<T>&)>;
  // Changes the request before it is compiled, such as dropping a default filter.
  using Prepare = std::function<void(const Arguments&, FilterRequest&)>;

  // `options` holds the check's own; the common ones are added.
  Check(OptionTable options, const FilterDefaults& defaults, Keywords<T> keywords,
        Prepare prepare = {})
      : options_(std::move(options)),
        keywords_(std::move(keywords)),
        summary_(SummaryKeywords()),
        prepare_(std::move(prepare)) {
    AddFilterOptions(options_, defaults);
    std::vector<Field> fields = keywords_.Fields();
    for (Field& field : summary_.Fields()) fields.push_back(std::move(field));
    options_.Fields(std::move(fields));
  }

  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const Environment& environment, const Collect& collect) const {
    OptionTable::Outcome outcome = options_.Parse(arguments);
    if (auto* answer = std::get_if<sdk::CheckResult>(&outcome)) return std::move(*answer);
    return RunParsed(std::get<Arguments>(outcome), environment, collect);
  }

  // For a check that reads its arguments itself, with options().
  sdk::CheckResult RunParsed(const Arguments& arguments, const Environment& environment,
                             const Collect& collect) const {
    FilterRequest request = ReadFilterRequest(arguments);
    if (prepare_) prepare_(arguments, request);
    auto created = Filter::Create(request, keywords_, summary_, environment);
    if (auto* answer = std::get_if<sdk::CheckResult>(&created)) return std::move(*answer);
    Filter& filter = *std::get<std::unique_ptr<Filter>>(created);
    Sink<T> sink(filter);
    if (const Status collected = collect(arguments, sink); !collected.ok()) {
      return sdk::CheckResult::Unknown(collected.message());
    }
    for (const auto& [row, object] : sink.kept_) filter.Judge(row, &object);
    return filter.Finish();
  }

  const OptionTable& options() const { return options_; }

 private:
  OptionTable options_;
  Keywords<T> keywords_;
  Keywords<Summary> summary_;
  Prepare prepare_;
};

}  // namespace nscp::checks
