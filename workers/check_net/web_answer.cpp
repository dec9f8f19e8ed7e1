#include "workers/check_net/web_answer.h"

#include "json/value.h"

namespace nscp::check_net {
namespace {

constexpr json::Limits kAnswerLimits{8 * 1024 * 1024, 32};
constexpr int64_t kUnknown = 3;

std::string TextOf(const json::Value& object, std::string_view name) {
  const auto value = object.Find(name);
  return value ? value->AsString() : "";
}

std::optional<double> NumberOf(const json::Value& object, std::string_view name) {
  const auto value = object.Find(name);
  if (!value || !value->IsNumber()) return std::nullopt;
  return value->AsDouble();
}

std::optional<sdk::Bound> BoundOf(const json::Value& object, std::string_view name) {
  const auto number = NumberOf(object, name);
  if (!number) return std::nullopt;
  return sdk::Bound{*number, ""};
}

sdk::PerfValue PerfOf(const std::string& label, const json::Value& value) {
  sdk::PerfValue perf;
  perf.label = label;
  perf.unit = TextOf(value, "unit");
  const auto number = NumberOf(value, "value");
  if (number) {
    perf.value = *number;
  } else {
    perf.text = TextOf(value, "value");
  }
  perf.warning = BoundOf(value, "warning");
  perf.critical = BoundOf(value, "critical");
  perf.minimum = NumberOf(value, "minimum");
  perf.maximum = NumberOf(value, "maximum");
  return perf;
}

// A number, or a word that the kernel's names for states know.
sdk::State StateOf(const json::Value& result) {
  const auto number = result.AsInt();
  if (!number) return sdk::ParseState(result.AsString());
  return *number >= 0 && *number < kUnknown ? static_cast<sdk::State>(*number)
                                            : sdk::State::kUnknown;
}

}  // namespace

Result<sdk::CheckResult> ParseWebAnswer(std::string_view body) {
  ASSIGN_OR_RETURN(const json::Value root, json::Parse(body, kAnswerLimits));
  const auto result = root.Find("result");
  const auto lines = root.Find("lines");
  if (!result || !lines || !lines->IsArray()) {
    return Status::InvalidArgument("the answer holds no result and lines");
  }
  sdk::CheckResult answer;
  answer.state = StateOf(*result);
  for (const json::Value& item : lines->Items()) {
    sdk::Line line;
    line.message = TextOf(item, "message");
    if (const auto perf = item.Find("perf")) {
      for (const auto& [label, value] : perf->Members()) {
        line.perf.push_back(PerfOf(label, value));
      }
    }
    answer.lines.push_back(std::move(line));
  }
  return answer;
}

std::string EncodeArguments(const std::vector<std::string>& arguments) {
  constexpr char kHex[] = "0123456789ABCDEF";
  constexpr std::string_view kPlain = "-_.~=";
  std::string query;
  for (const std::string& argument : arguments) {
    query += query.empty() ? '?' : '&';
    for (const char c : argument) {
      const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                            (c >= '0' && c <= '9') ||
                            kPlain.find(c) != std::string_view::npos;
      const auto byte = static_cast<unsigned char>(c);
      if (is_plain) {
        query += c;
      } else {
        query += {'%', kHex[byte >> 4], kHex[byte & 0xF]};
      }
    }
  }
  return query;
}

}  // namespace nscp::check_net
