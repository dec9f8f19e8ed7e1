#include "workers/sdk/convert.h"

#include <algorithm>

#include "proto/cpp/utf8.h"

namespace nscp::sdk {
namespace {

constexpr char kCutMarker[] = "... (cut: the result is too large)";
// What a line takes in the message beside its text.
constexpr size_t kLineBytes = 16;

void SetBound(const std::optional<Bound>& bound,
              v1::Bound* (v1::Number::*mutable_bound)(), v1::Number& number) {
  if (!bound) return;
  v1::Bound* message = (number.*mutable_bound)();
  message->set_value(bound->value);
  message->set_range(bound->range);
}

void FillPerf(PerfValue& perf, v1::Perf& message) {
  message.set_label(std::move(perf.label));
  if (perf.text) {
    message.set_text(std::move(*perf.text));
    return;
  }
  v1::Number& number = *message.mutable_number();
  number.set_value(perf.value);
  number.set_unit(std::move(perf.unit));
  SetBound(perf.warning, &v1::Number::mutable_warning, number);
  SetBound(perf.critical, &v1::Number::mutable_critical, number);
  if (perf.minimum) number.set_minimum(*perf.minimum);
  if (perf.maximum) number.set_maximum(*perf.maximum);
}

// At least as much as it takes in the message.
size_t SizeOf(const PerfValue& perf) {
  size_t size = sizeof(PerfValue) + perf.label.size() + perf.unit.size();
  if (perf.text) size += perf.text->size();
  if (perf.warning) size += perf.warning->range.size();
  if (perf.critical) size += perf.critical->range.size();
  return size;
}

PerfValue PerfFrom(const v1::Perf& message) {
  PerfValue perf;
  perf.label = message.label();
  if (message.has_text()) {
    perf.text = message.text();
    return perf;
  }
  const v1::Number& number = message.number();
  perf.value = number.value();
  perf.unit = number.unit();
  if (number.has_warning()) {
    perf.warning = Bound{number.warning().value(), number.warning().range()};
  }
  if (number.has_critical()) {
    perf.critical = Bound{number.critical().value(), number.critical().range()};
  }
  if (number.has_minimum()) perf.minimum = number.minimum();
  if (number.has_maximum()) perf.maximum = number.maximum();
  return perf;
}

}  // namespace

v1::CheckResult ToMessage(CheckResult result, const std::string& command) {
  v1::CheckResult message;
  message.set_code(static_cast<v1::ResultCode>(result.state));
  message.set_command(RepairUtf8(result.command.empty() ? command : result.command));
  size_t left = kMaxResultBytes;
  for (Line& line : result.lines) {
    v1::Line& to = *message.add_lines();
    if (line.message.size() > left)
      line.message = CutUtf8(line.message, left, kCutMarker);
    left -= std::min(left, line.message.size() + kLineBytes);
    to.set_message(std::move(line.message));
    for (PerfValue& perf : line.perf) {
      const size_t size = SizeOf(perf);
      if (size > left) break;
      left -= size;
      FillPerf(perf, *to.add_perf());
    }
    if (left == 0) break;
  }
  if (result.data.size() <= left) message.set_data(std::move(result.data));
  return message;
}

CheckResult FromMessage(const v1::CheckResult& message) {
  CheckResult result;
  result.state = static_cast<State>(message.code());
  result.command = message.command();
  result.data = message.data();
  for (const v1::Line& from : message.lines()) {
    Line& line = result.lines.emplace_back();
    line.message = from.message();
    for (const v1::Perf& perf : from.perf()) line.perf.push_back(PerfFrom(perf));
  }
  return result;
}

v1::Metric ToMessage(Metric metric) {
  v1::Metric message;
  message.set_bundle(RepairUtf8(metric.bundle));
  message.set_key(std::move(metric.key));
  message.set_description(std::move(metric.description));
  if (const double* number = std::get_if<double>(&metric.value)) {
    message.set_gauge(*number);
  } else {
    message.set_text(std::move(std::get<std::string>(metric.value)));
  }
  return message;
}

std::optional<Metric> FromMessage(const v1::Metric& message) {
  Metric metric{message.bundle(), message.key(), 0.0, message.description()};
  for (const v1::MetricLabel& label : message.labels()) {
    metric.key += "." + label.value();
  }
  switch (message.value_case()) {
    case v1::Metric::kGauge:
      metric.value = message.gauge();
      return metric;
    case v1::Metric::kCounter:
      metric.value = message.counter();
      return metric;
    case v1::Metric::kText:
      metric.value = message.text();
      return metric;
    case v1::Metric::kHistogram:
    case v1::Metric::VALUE_NOT_SET:
      break;
  }
  return std::nullopt;
}

v1::SubmitRequest ToMessage(const Submission& submission) {
  v1::SubmitRequest message;
  message.set_channel(submission.channel);
  *message.mutable_result() = ToMessage(submission.result, submission.result.command);
  message.set_alias(submission.alias);
  message.set_source(submission.source);
  message.set_target(submission.target);
  return message;
}

Submission FromMessage(const v1::WorkerSubmitRequest& message) {
  return {message.channel(), FromMessage(message.result()), message.alias(),
          message.source(), message.target()};
}

v1::Event ToMessage(const Event& event) {
  v1::Event message;
  message.set_name(RepairUtf8(event.name));
  message.set_time_ms(event.time_ms);
  for (const auto& [key, value] : event.data) {
    (*message.mutable_data())[RepairUtf8(key)] = value;
  }
  return message;
}

Event FromMessage(const v1::Event& message) {
  Event event{message.name(), {}, message.time_ms()};
  event.data.assign(message.data().begin(), message.data().end());
  std::sort(event.data.begin(), event.data.end());
  return event;
}

Settings FromMessage(
    const google::protobuf::RepeatedPtrField<v1::EffectiveSetting>& entries) {
  std::vector<Settings::Entry> plain;
  plain.reserve(static_cast<size_t>(entries.size()));
  for (const v1::EffectiveSetting& entry : entries) {
    plain.push_back({entry.path(), entry.key(), entry.value()});
  }
  return Settings(std::move(plain));
}

}  // namespace nscp::sdk
