#include "workers/checks/realtime.h"

#include <algorithm>

#include "workers/checks/filter.h"
#include "workers/checks/summary.h"
#include "workers/checks/template_text.h"

namespace nscp::checks {
namespace {

constexpr char kNothing[] = "Nothing matched";
constexpr size_t kMaxEventsAtOnce = 1000;    // of one match
constexpr size_t kMaxEventText = 48 * 1024;  // of one row, so that it can be sent

// The verdict of one run over rows.
struct Verdict {
  std::vector<const void*> matched;
  std::vector<sdk::State> states;  // of each of them
  sdk::CheckResult result;
};

std::variant<Verdict, std::string> Judged(const FilterRequest& request,
                                          const KeywordTable& keywords,
                                          const KeywordTable& summary,
                                          const std::vector<const void*>& rows,
                                          const Environment& environment) {
  auto created = Filter::Create(request, keywords, summary, environment);
  if (auto* answer = std::get_if<sdk::CheckResult>(&created)) {
    return answer->lines.empty() ? std::string() : answer->lines[0].message;
  }
  Filter& filter = *std::get<std::unique_ptr<Filter>>(created);
  Verdict verdict;
  for (const void* row : rows) {
    const size_t before = filter.count();
    if (filter.Examine(row) == Filter::Seen::kStop) break;
    if (filter.count() > before) verdict.matched.push_back(row);
  }
  for (size_t i = 0; i < verdict.matched.size(); ++i) {
    filter.Judge(i, verdict.matched[i]);
  }
  for (size_t i = 0; i < verdict.matched.size(); ++i) {
    verdict.states.push_back(filter.StateOf(i));
  }
  verdict.result = filter.Finish();
  return verdict;
}

// The row's keywords as texts, as templates show them.
sdk::Event EventOf(const std::string& name, const void* row, const KeywordTable& keywords,
                   const Scope& scope, int64_t now) {
  sdk::Event event;
  event.name = name;
  event.time_ms = now * 1000;
  size_t left = kMaxEventText;
  Scratch scratch;
  for (const Field& field : keywords.Fields()) {
    const auto text = Template::Compile("${" + field.name + "}", scope);
    if (!text.ok()) continue;
    scratch.Reset();
    std::string value = text->Render({row, nullptr, &scratch});
    value.resize(std::min(value.size(), left));
    left -= value.size();
    event.data.emplace_back(field.name, std::move(value));
  }
  return event;
}

}  // namespace

RealtimeEngine::RealtimeEngine(RealtimeOptions options, const KeywordTable& keywords,
                               RealtimeOutbox& outbox, const Environment& environment)
    : options_(std::move(options)),
      keywords_(keywords),
      summary_(std::make_unique<Keywords<Summary>>(SummaryKeywords())),
      outbox_(outbox),
      last_told_(environment.now) {
  auto tried = Judged(options_.request, keywords_, *summary_, {}, environment);
  if (auto* problem = std::get_if<std::string>(&tried)) {
    problem_ = std::move(*problem);
    errors_ = 1;
  }
}

void RealtimeEngine::Judge(const std::vector<const void*>& rows,
                           const Environment& environment) {
  if (!problem_.empty() || rows.empty()) return;
  Match match;
  if (!FindMatch(rows, environment, match)) return;
  last_told_ = environment.now;
  const bool is_silent = options_.silent_period && last_match_ != 0 &&
                         environment.now < last_match_ + options_.silent_period->count();
  if (is_silent) return;
  last_match_ = environment.now;
  ++fired_;
  Tell(std::move(match), environment);
}

// First who matches, then the message about these alone.
bool RealtimeEngine::FindMatch(const std::vector<const void*>& rows,
                               const Environment& environment, Match& match) {
  const FilterRequest& request = options_.request;
  auto first = Judged(request, keywords_, *summary_, rows, environment);
  if (std::holds_alternative<std::string>(first)) return false;
  Verdict& verdict = std::get<Verdict>(first);
  if (verdict.matched.empty()) return false;
  const bool has_bounds = !request.warning.empty() || !request.critical.empty();
  if (has_bounds || !request.ok.empty()) {
    for (size_t i = 0; i < verdict.matched.size(); ++i) {
      if (verdict.states[i] != sdk::State::kOk) match.rows.push_back(verdict.matched[i]);
    }
    // A threshold of the whole, such as count > 10, is about all of them.
    if (match.rows.empty() && verdict.result.state != sdk::State::kOk) {
      match.rows = verdict.matched;
    }
    if (match.rows.empty() && !request.ok.empty()) {
      FilterRequest good = request;
      good.filter = request.ok;
      auto second = Judged(good, keywords_, *summary_, verdict.matched, environment);
      if (auto* found = std::get_if<Verdict>(&second)) match.rows = found->matched;
    }
    if (match.rows.empty()) return false;
  } else {
    match.rows = verdict.matched;
  }
  // The text must tell of these rows alone, and of the severity.
  if (match.rows.size() != verdict.matched.size() || options_.severity) {
    FilterRequest told = request;
    told.first_state = options_.severity.value_or(sdk::State::kOk);
    auto again = Judged(told, keywords_, *summary_, match.rows, environment);
    if (std::holds_alternative<std::string>(again)) return false;
    verdict = std::move(std::get<Verdict>(again));
  }
  match.rows = std::move(verdict.matched);
  match.result = std::move(verdict.result);
  return true;
}

void RealtimeEngine::Tell(Match match, const Environment& environment) {
  if (options_.emits_events()) {
    const Scope scope{keywords_, *summary_, environment, false, nullptr};
    std::vector<sdk::Event> events;
    for (const void* row : match.rows) {
      if (events.size() == kMaxEventsAtOnce) break;
      events.push_back(EventOf(options_.event, row, keywords_, scope, environment.now));
    }
    outbox_.Emit(std::move(events));
    return;
  }
  sdk::CheckResult& result = match.result;
  if (result.lines.empty()) result.lines.emplace_back();
  if (result.lines[0].message.empty()) result.lines[0].message = kNothing;
  outbox_.Submit(MakeSubmission(std::move(result)));
}

void RealtimeEngine::Tick(int64_t now) {
  if (!problem_.empty() || options_.emits_events() || !options_.maximum_age) return;
  if (now - last_told_ < options_.maximum_age->count()) return;
  last_told_ = now;
  outbox_.Submit(
      MakeSubmission(sdk::CheckResult::Of(sdk::State::kOk, options_.empty_message)));
}

sdk::Submission RealtimeEngine::MakeSubmission(sdk::CheckResult result) const {
  sdk::Submission submission;
  submission.channel = options_.destination;
  submission.result = std::move(result);
  submission.result.command = options_.command;
  submission.target = options_.target;
  submission.source = options_.source;
  return submission;
}

void RealtimeEngine::AddMetrics(const std::string& bundle,
                                std::vector<sdk::Metric>& metrics) const {
  metrics.push_back({bundle, options_.alias + ".fired", static_cast<double>(fired_),
                     "Matches of this real-time filter that were told"});
  metrics.push_back({bundle, options_.alias + ".errors", static_cast<double>(errors_),
                     "1 when this real-time filter cannot be understood"});
}

}  // namespace nscp::checks
