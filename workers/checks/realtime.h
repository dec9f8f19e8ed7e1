// Real-time filters: a module that watches something hands each batch of rows to its
// filters as soon as it has it, and each filter that matches tells about it at once: a
// passive result on a channel, or events (filter-engine.md 10).
//
// A row matches when the filter's expression is true for it and, where there are warning,
// critical or ok expressions, one of them as well. Without a match for `maximum age` an
// OK is submitted; after a match nothing is told for `silent period`.
//
// One thread at a time for each filter; fired() and errors() from any.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "workers/checks/environment.h"
#include "workers/checks/keywords.h"
#include "workers/checks/realtime_options.h"
#include "workers/checks/realtime_outbox.h"

namespace nscp::checks {

// The part that knows no type of rows.
class RealtimeEngine {
 public:
  // Table and outbox outlive it. `now` in seconds since 1970.
  RealtimeEngine(RealtimeOptions options, const KeywordTable& keywords,
                 RealtimeOutbox& outbox, const Environment& environment);

  void Judge(const std::vector<const void*>& rows, const Environment& environment);
  // To be called about once a second, whatever happens.
  void Tick(int64_t now);

  const std::string& alias() const { return options_.alias; }
  uint64_t fired() const { return fired_; }
  // What is wrong with its expressions, for the log; empty = nothing. It never runs then.
  const std::string& problem() const { return problem_; }
  uint64_t errors() const { return errors_; }
  // <alias>.fired and <alias>.errors, below `bundle`.
  void AddMetrics(const std::string& bundle, std::vector<sdk::Metric>& metrics) const;

 private:
  struct Match {
    std::vector<const void*> rows;
    sdk::CheckResult result;
  };
  bool FindMatch(const std::vector<const void*>& rows, const Environment& environment,
                 Match& match);
  void Tell(Match match, const Environment& environment);
  sdk::Submission MakeSubmission(sdk::CheckResult result) const;

  const RealtimeOptions options_;
  const KeywordTable& keywords_;
  const std::unique_ptr<const KeywordTable> summary_;
  RealtimeOutbox& outbox_;
  std::string problem_;
  int64_t last_told_ = 0;   // the last match or the last OK of `maximum age`
  int64_t last_match_ = 0;  // that was told; 0 = none
  std::atomic<uint64_t> fired_{0};
  std::atomic<uint64_t> errors_{0};
};

template <class T>
class RealtimeFilter : public RealtimeEngine {
 public:
  RealtimeFilter(RealtimeOptions options, const Keywords<T>& keywords,
                 RealtimeOutbox& outbox, const Environment& environment)
      : RealtimeEngine(std::move(options), keywords, outbox, environment) {}

  void Judge(const std::vector<T>& rows, const Environment& environment) {
    std::vector<const void*> pointers;
    pointers.reserve(rows.size());
    for (const T& row : rows) pointers.push_back(&row);
    RealtimeEngine::Judge(pointers, environment);
  }
};

}  // namespace nscp::checks
