// One run of a filter check: steps 4 to 10 of filter-engine.md 1, for objects known only
// by pointer. check.h wraps it for objects of a type. Used by one thread; tables and
// environment outlive it.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "workers/checks/binder.h"
#include "workers/checks/filter_options.h"
#include "workers/checks/perf_builder.h"
#include "workers/checks/summary.h"
#include "workers/checks/template_text.h"

namespace nscp::checks {

// Objects that match, bytes of text for them, performance values, bytes of their labels.
// Beyond, the check is UNKNOWN and asks for a narrower filter.
constexpr size_t kMaxMatches = 100000;
constexpr size_t kMaxListText = 8 * 1024 * 1024;
constexpr size_t kMaxPerfValues = 100000;
constexpr size_t kMaxPerfText = 8 * 1024 * 1024;

class Filter {
 public:
  // The compiled request, or the UNKNOWN answer that says what is wrong with it.
  static std::variant<std::unique_ptr<Filter>, sdk::CheckResult> Create(
      const FilterRequest& request, const KeywordTable& objects,
      const KeywordTable& summary, const Environment& environment);

  enum class Seen {
    kDone,  // dropped or counted: the object is not needed any more
    kKeep,  // matched; hand it to Judge(count() - 1, object) once all have been examined
    kStop,  // a bound was met or nobody waits: examine no more
  };
  Seen Examine(const void* object);
  void Judge(size_t row, const void* object);
  size_t count() const { return summary_.rows.size(); }
  // Of a row that was judged.
  sdk::State StateOf(size_t row) const { return summary_.rows[row].state; }
  // Whether anything in the request looks at this keyword of the objects, so that what is
  // dear to collect is only collected then.
  bool Uses(std::string_view keyword) const { return used_.count(keyword) > 0; }

  // After all objects. Once.
  sdk::CheckResult Finish();

 private:
  using Expressions = std::vector<CompiledExpression>;

  Filter(const FilterRequest& request, const KeywordTable& objects,
         const KeywordTable& summary, const Environment& environment);
  std::optional<std::string> CompileTemplates();
  std::optional<std::string> CompileExpressions();
  std::optional<std::string> Compile(const std::vector<std::string>& texts,
                                     std::string_view what, Expressions& out);
  Seen Stop(std::string reason);
  Seen Remember(const void* object);
  Seen AddPerf(const void* object);
  // Every so many objects: whether somebody still waits.
  bool IsAbandoned(int64_t objects);
  bool Matches(const Expressions& expressions, bool if_empty, const Context& context);
  // For an expression list without an object; null = no verdict.
  enum class Verdict { kFired, kUnsure, kQuiet };
  Verdict JudgeSummary(const Expressions& expressions, bool forced);
  void Conclude();
  void ApplyEmptyState();
  std::string Message();
  std::string DebugText() const;

  Context ContextOf(const void* object) { return {object, &summary_, &scratch_}; }

  const FilterRequest request_;
  const Environment& environment_;
  std::set<std::string_view> used_;
  Scope detail_scope_;
  Scope top_scope_;
  Summary summary_;
  Scratch scratch_;
  Template top_, ok_text_, empty_, detail_, perf_label_, unique_;
  Expressions filter_, warning_, critical_, ok_;
  std::optional<PerfBuilder> perf_;
  bool judges_objects_ = false;
  std::set<std::string> seen_indexes_;
  std::vector<sdk::PerfValue> perf_values_;
  std::string rendered_;  // one object's text at a time
  size_t text_bytes_ = 0;
  size_t perf_bytes_ = 0;
  int64_t judged_ = 0;
  std::string debug_;
  std::optional<std::string> stopped_;  // why collecting ended early
};

}  // namespace nscp::checks
