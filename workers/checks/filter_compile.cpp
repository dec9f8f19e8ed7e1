// How a Filter is made: templates first, then expressions, each with the error text that
// clients know (filter-engine.md 8).
#include <algorithm>

#include "proto/cpp/text.h"
#include "workers/checks/filter.h"

namespace nscp::checks {
namespace {

constexpr char kBadSyntax[] = "Failed to parse syntax";

std::string Reason(const Status& status) {
  if (StartsWith(status.message(), "Parsing failed of")) return status.message();
  const bool unknown_name = status.code() == Code::kNotFound;
  return (unknown_name ? "Variable and function binding failed: " : "Invalid types: ") +
         status.message();
}

}  // namespace

Filter::Filter(const FilterRequest& request, const KeywordTable& objects,
               const KeywordTable& summary, const Environment& environment)
    : request_(request),
      environment_(environment),
      detail_scope_{objects, summary, environment, false, &used_},
      top_scope_{objects, summary, environment, true, &used_} {
  summary_.separator = request.separator;
  summary_.state = request.first_state;
}

std::variant<std::unique_ptr<Filter>, sdk::CheckResult> Filter::Create(
    const FilterRequest& request, const KeywordTable& objects,
    const KeywordTable& summary, const Environment& environment) {
  std::unique_ptr<Filter> filter(new Filter(request, objects, summary, environment));
  auto error = filter->CompileTemplates();
  if (!error) error = filter->CompileExpressions();
  if (error) return sdk::CheckResult::Unknown(*std::move(error));
  return filter;
}

std::optional<std::string> Filter::CompileTemplates() {
  const struct {
    const std::string& text;
    const Scope& scope;
    Template& out;
  } rows[] = {
      {request_.top_syntax, top_scope_, top_},
      {request_.ok_syntax, top_scope_, ok_text_},
      {request_.empty_syntax, top_scope_, empty_},
      {request_.detail_syntax, detail_scope_, detail_},
      {request_.perf_syntax, detail_scope_, perf_label_},
  };
  for (const auto& row : rows) {
    auto compiled = Template::Compile(row.text, row.scope);
    if (!compiled.ok()) {
      environment_.Write(sdk::LogLevel::kError, compiled.status().message());
      return kBadSyntax;
    }
    row.out = std::move(compiled).value();
  }
  if (const auto config = PerfConfig::Parse(request_.perf_config); !config.ok()) {
    environment_.Write(sdk::LogLevel::kError, config.status().message());
    return kBadSyntax;
  }
  auto unique = Template::Compile(request_.unique_index, detail_scope_);
  if (!unique.ok()) {
    environment_.Write(sdk::LogLevel::kError, unique.status().message());
    return "Invalid unique-syntax: " + request_.unique_index;
  }
  unique_ = std::move(unique).value();
  return std::nullopt;
}

std::optional<std::string> Filter::Compile(const std::vector<std::string>& texts,
                                           std::string_view what, Expressions& out) {
  for (const std::string& text : texts) {
    auto compiled = CompileCondition(text, detail_scope_);
    if (!compiled.ok()) {
      environment_.Write(sdk::LogLevel::kError, Reason(compiled.status()));
      return "Failed to validate filter see log for details: " + std::string(what) +
             Join(texts, ", ");
    }
    out.push_back(std::move(compiled).value());
  }
  return std::nullopt;
}

std::optional<std::string> Filter::CompileExpressions() {
  const struct {
    const std::vector<std::string>& texts;
    const char* what;
    Expressions& out;
  } rows[] = {
      {request_.filter, "Filter expression is not valid: ", filter_},
      {request_.warning, "Warning expression is not valid: ", warning_},
      {request_.critical, "Critical expression is not valid:", critical_},
      {request_.ok, "Ok expression is not valid: ", ok_},
  };
  for (const auto& row : rows) {
    if (auto error = Compile(row.texts, row.what, row.out)) return error;
  }
  auto needs_object = [](const CompiledExpression& e) { return e.needs_object; };
  judges_objects_ = std::any_of(warning_.begin(), warning_.end(), needs_object) ||
                    std::any_of(critical_.begin(), critical_.end(), needs_object);
  if (!perf_label_.empty()) {
    perf_.emplace(warning_, critical_, *PerfConfig::Parse(request_.perf_config),
                  detail_scope_);
  }
  return std::nullopt;
}

}  // namespace nscp::checks
