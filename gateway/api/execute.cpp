#include "gateway/api/execute.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

#include "gateway/api/answer.h"
#include "gateway/api/context.h"
#include "proto/cpp/text.h"
#include "proto/cpp/utf8.h"
#include "workers/sdk/convert.h"

namespace nscp::gateway {
namespace {

// Of a client's own limit: a tenth, at most this much, is left for the way back.
constexpr std::chrono::milliseconds kMaxHeadroom{500};

void WriteBound(const char* name, const std::optional<sdk::Bound>& bound,
                json::Writer& out) {
  if (!bound) return;
  if (!bound->range.empty()) {
    out.Field(name, bound->range);
  } else if (std::isfinite(bound->value)) {
    out.Field(name, bound->value);
  }
}

void WriteLimit(const char* name, const std::optional<double>& limit, json::Writer& out) {
  if (limit && std::isfinite(*limit)) out.Field(name, *limit);
}

// Each label once; of several the last one counts.
void WritePerf(const std::vector<sdk::PerfValue>& items, json::Writer& out) {
  std::map<std::string, size_t> last;
  for (size_t i = 0; i < items.size(); ++i) last[RepairUtf8(items[i].label)] = i;
  out.BeginObject();
  for (size_t i = 0; i < items.size(); ++i) {
    const std::string label = RepairUtf8(items[i].label);
    if (last[label] != i) continue;
    out.Key(label).BeginObject();
    if (items[i].text) {
      out.Field("value", *items[i].text);
    } else {
      WriteNumber(items[i], out);
    }
    out.EndObject();
  }
  out.EndObject();
}

}  // namespace

std::vector<std::string> ArgumentsOf(const Context& context) {
  std::vector<std::string> arguments;
  for (const auto& parameter : context.request.parameters) {
    const bool token = parameter.name == "TOKEN" || parameter.name == "__TOKEN";
    if (token && context.who.from_query) continue;
    arguments.push_back(parameter.value.empty() ? parameter.name
                                                : parameter.name + "=" + parameter.value);
  }
  return arguments;
}

std::chrono::milliseconds QueryLimit(const Request& request) {
  const std::string_view text = Trim(request.Header("X-Nsc-Web-Timeout").value_or(""));
  double seconds = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), seconds);
  const std::string_view unit(end, static_cast<size_t>(text.data() + text.size() - end));
  const bool usable = error == std::errc() && (unit.empty() || unit == "s") &&
                      std::isfinite(seconds) && seconds > 0;
  if (!usable) return kQueryLimit;
  const double longest = static_cast<double>(kLongestCall.count()) / 1000;
  const std::chrono::milliseconds given(
      static_cast<int64_t>(std::min(seconds, longest) * 1000));
  return std::max(std::chrono::milliseconds(1),
                  given - std::min(given / 10, kMaxHeadroom));
}

sdk::CheckResult ExecuteQuery(const Context& context, const std::string& command) {
  return ExecuteQuery(context, command, ArgumentsOf(context));
}

sdk::CheckResult ExecuteQuery(const Context& context, const std::string& command,
                              std::vector<std::string> arguments) {
  v1::ExecuteRequest request;
  request.set_command(command);
  for (std::string& argument : arguments) {
    request.add_arguments(std::move(argument));
  }
  context.SetCaller(request.mutable_caller());
  const auto answer =
      context.kernel().Execute(request, context.Call(QueryLimit(context.request)));
  sdk::CheckResult result;
  if (answer.ok()) {
    result = sdk::FromMessage(answer->result());
  } else {
    context.Log(sdk::LogLevel::kError,
                "request " + context.request.request_id + ": " +
                    answer.status().WithContext(command).ToString());
    result = sdk::CheckResult::Unknown("Failed to execute command: " + command + " (" +
                                       answer.status().message() + ")");
  }
  if (result.command.empty()) result.command = ToLowerAscii(command);
  return result;
}

void WriteNumber(const sdk::PerfValue& perf, json::Writer& out) {
  if (std::isfinite(perf.value)) {
    out.Field("value", perf.value);
  } else {
    out.Field("value",
              "U");  // what plugins print for a value that could not be determined
  }
  WriteLimit("minimum", perf.minimum, out);
  WriteLimit("maximum", perf.maximum, out);
  WriteBound("warning", perf.warning, out);
  WriteBound("critical", perf.critical, out);
  out.Field("unit", perf.unit);
}

std::string ResultAsJson(const sdk::CheckResult& result) {
  json::Writer out;
  out.BeginObject().Field("command", result.command);
  out.Field("result", static_cast<int>(result.state)).Key("lines").BeginArray();
  for (const sdk::Line& line : result.lines) {
    out.BeginObject().Field("message", line.message).Key("perf");
    WritePerf(line.perf, out);
    out.EndObject();
  }
  out.EndArray().EndObject();
  return out.Text();
}

std::string ResultAsNagios(const sdk::CheckResult& result) {
  json::Writer out;
  out.BeginObject().Field("command", result.command);
  out.Field("result", sdk::StateName(result.state)).Key("lines").BeginArray();
  for (const sdk::Line& line : result.lines) {
    out.BeginObject().Field("message", line.message);
    out.Field("perf", sdk::FormatPerf(line.perf)).EndObject();
  }
  out.EndArray().EndObject();
  return out.Text();
}

Response ResultAsText(const sdk::CheckResult& result) {
  static constexpr int kStatus[] = {200, 202, 500, 503};
  std::string body;
  for (const sdk::Line& line : result.lines) {
    body += line.message;
    const std::string perf = sdk::FormatPerf(line.perf);
    if (!perf.empty()) body += "|" + perf;
    body += '\n';
  }
  return TextAnswer(kStatus[static_cast<size_t>(result.state)], RepairUtf8(body));
}

}  // namespace nscp::gateway
