#include "workers/checks/filter.h"

#include "proto/cpp/text.h"

namespace nscp::checks {
namespace {

using sdk::CheckResult;
using sdk::State;

constexpr char kAbandoned[] =
    "The check was stopped: its caller is gone or the deadline has passed";
// How often a run looks whether somebody still waits.
constexpr int64_t kObjectsBetweenLooks = 64;

std::string TooMuch(const std::string& what, size_t limit) {
  return "Too many objects: more than " + std::to_string(limit) + " " + what +
         ". Use a narrower filter.";
}

const char* DebugWord(State state) {
  switch (state) {
    case State::kCritical:
      return "critical ";
    case State::kWarning:
      return "warning  ";
    default:
      return "match    ";
  }
}

}  // namespace

Filter::Seen Filter::Stop(std::string reason) {
  if (!stopped_) stopped_ = std::move(reason);
  return Seen::kStop;
}

bool Filter::Matches(const Expressions& expressions, bool if_empty,
                     const Context& context) {
  if (expressions.empty()) return if_empty;
  for (const CompiledExpression& expression : expressions) {
    if (IsTrue(expression.term->Evaluate(context))) return true;
  }
  return false;
}

bool Filter::IsAbandoned(int64_t objects) {
  return objects % kObjectsBetweenLooks == 0 && environment_.cancelled &&
         environment_.cancelled();
}

Filter::Seen Filter::Examine(const void* object) {
  if (stopped_) return Seen::kStop;
  if (IsAbandoned(summary_.total)) return Stop(kAbandoned);
  ++summary_.total;
  scratch_.Reset();
  const bool matches = Matches(filter_, true, ContextOf(object));
  if (request_.debug && debug_.size() < kMaxListText) {
    debug_ += matches ? "match    " : "ignored  ";
    detail_.Render(ContextOf(object), debug_);
    debug_ += '\n';
  }
  return matches ? Remember(object) : Seen::kDone;
}

Filter::Seen Filter::Remember(const void* object) {
  if (summary_.rows.size() >= kMaxMatches) {
    return Stop(TooMuch("match the filter", kMaxMatches));
  }
  summary_.rows.emplace_back();
  const Context context = ContextOf(object);
  rendered_.clear();
  detail_.Render(context, rendered_);
  Summary::Row& row = summary_.rows.back();
  row.text = rendered_;
  text_bytes_ += row.text.size() + summary_.separator.size();
  if (!unique_.empty()) {
    std::string index = unique_.Render(context);
    text_bytes_ += index.size();
    row.listed = seen_indexes_.insert(std::move(index)).second;
  }
  summary_.Changed();
  if (text_bytes_ > kMaxListText) {
    return Stop(TooMuch("bytes of text are needed to list them", kMaxListText));
  }
  if (perf_ && AddPerf(object) == Seen::kStop) return Seen::kStop;
  return judges_objects_ ? Seen::kKeep : Seen::kDone;
}

Filter::Seen Filter::AddPerf(const void* object) {
  const size_t before = perf_values_.size();
  rendered_.clear();
  perf_label_.Render(ContextOf(object), rendered_);
  perf_->AppendObject(object, rendered_, scratch_, perf_values_);
  for (size_t i = before; i < perf_values_.size(); ++i) {
    perf_bytes_ += perf_values_[i].label.size();
  }
  if (perf_values_.size() > kMaxPerfValues) {
    return Stop(TooMuch("performance values come from them", kMaxPerfValues));
  }
  if (perf_bytes_ > kMaxPerfText) {
    return Stop(TooMuch("bytes of labels are needed for them", kMaxPerfText));
  }
  return Seen::kDone;
}

void Filter::Judge(size_t row, const void* object) {
  if (stopped_) return;
  if (IsAbandoned(judged_++)) {
    (void)Stop(kAbandoned);
    return;
  }
  scratch_.Reset();
  const Context context = ContextOf(object);
  auto fires = [&](const Expressions& expressions) {
    for (const CompiledExpression& expression : expressions) {
      if (expression.needs_object && IsTrue(expression.term->Evaluate(context))) {
        return true;
      }
    }
    return false;
  };
  State state = State::kOk;
  if (fires(critical_)) {
    state = State::kCritical;
    ++summary_.crit_count;
  } else if (fires(warning_)) {
    state = State::kWarning;
    ++summary_.warn_count;
  }
  if (state == State::kOk) return;
  summary_.rows[row].state = state;
  summary_.Escalate(state);
  summary_.Changed();
}

Filter::Verdict Filter::JudgeSummary(const Expressions& expressions, bool forced) {
  Verdict verdict = Verdict::kQuiet;
  for (const CompiledExpression& expression : expressions) {
    if (expression.needs_object && !forced) continue;
    scratch_.Reset();
    const Value value = expression.term->Evaluate(ContextOf(nullptr));
    if (IsTrue(value) && value.sure) return Verdict::kFired;
    if (!value.sure) {
      environment_.Write(sdk::LogLevel::kDebug,
                         "Ignoring unsure result: " + expression.text);
      if (forced) verdict = Verdict::kUnsure;
    }
  }
  return verdict;
}

void Filter::Conclude() {
  const bool forced = summary_.rows.empty();
  const Verdict critical = JudgeSummary(critical_, forced);
  if (critical == Verdict::kFired) {
    summary_.Escalate(State::kCritical);
    summary_.all_critical = true;
    summary_.Changed();
    return;
  }
  const Verdict warning = JudgeSummary(warning_, forced);
  if (warning == Verdict::kFired) {
    summary_.Escalate(State::kWarning);
    summary_.all_warning = true;
    summary_.Changed();
  } else if (critical == Verdict::kUnsure || warning == Verdict::kUnsure) {
    summary_.Escalate(State::kUnknown);
  }
}

void Filter::ApplyEmptyState() {
  if (!summary_.rows.empty() || request_.empty_state == "ignored") return;
  summary_.state = State::kUnknown;
  for (const State state : {State::kOk, State::kWarning, State::kCritical}) {
    const std::string name(sdk::StateName(state));
    if (request_.empty_state == name || request_.empty_state == ToLowerAscii(name)) {
      summary_.state = state;
    }
  }
}

std::string Filter::DebugText() const {
  std::string text = debug_;
  for (const Summary::Row& row : summary_.rows) {
    if (text.size() >= kMaxListText) break;
    text += DebugWord(row.state) + row.text + "\n";
  }
  return text;
}

std::string Filter::Message() {
  if (request_.debug) return DebugText();
  scratch_.Reset();
  const Template* chosen = &top_;
  if (summary_.rows.empty() && !empty_.empty()) {
    chosen = &empty_;
  } else if (summary_.state == State::kOk && !ok_text_.empty()) {
    chosen = &ok_text_;
  }
  std::string message = chosen->Render(ContextOf(nullptr));
  if (message.size() <= kMaxRenderedText) return message;
  summary_.state = State::kUnknown;
  return "The message is longer than " + std::to_string(kMaxRenderedText) +
         " bytes. Use a narrower filter or a shorter template.";
}

CheckResult Filter::Finish() {
  if (stopped_) return CheckResult::Unknown(*stopped_);
  Conclude();
  if (perf_) perf_->AppendSummary(&summary_, scratch_, perf_values_);
  ApplyEmptyState();
  std::string message = Message();
  if (request_.escape_html) {
    message = ReplaceAll(ReplaceAll(message, "<", "&lt;"), ">", "&gt;");
  }
  CheckResult result = CheckResult::Of(summary_.state, std::move(message));
  result.lines[0].perf = std::move(perf_values_);
  return result;
}

}  // namespace nscp::checks
