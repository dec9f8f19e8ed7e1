#include "kernel/cli/metrics_command.h"

#include <chrono>
#include <optional>
#include <thread>

#include "kernel/cli/live_call.h"
#include "kernel/console/metric_text.h"
#include "kernel/output/progress.h"
#include "kernel/output/table.h"
#include "proto/cpp/metric_path.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace {

// The first round begins a second after the start and may take as long as its slowest
// module.
constexpr std::chrono::milliseconds kFirstFigures{10000};
constexpr std::chrono::milliseconds kLookAgain{50};

bool Matches(const v1::Metric& metric, const std::string& part) {
  return MetricPath(metric).find(part) != std::string::npos;
}

void AddHistogram(const v1::MetricHistogram& histogram, JsonWriter* json) {
  json->Key("kind").Text("histogram").Key("bounds").BeginArray();
  for (const double bound : histogram.bounds()) json->Real(bound);
  json->EndArray().Key("counts").BeginArray();
  for (const uint64_t count : histogram.counts()) json->Count(count);
  json->EndArray().Key("sum").Real(histogram.sum());
}

void AddValue(const v1::Metric& metric, JsonWriter* json) {
  switch (metric.value_case()) {
    case v1::Metric::kText:
      json->Key("kind").Text("text").Key("value").Text(metric.text());
      break;
    case v1::Metric::kCounter:
      json->Key("kind").Text("counter").Key("value").Real(metric.counter());
      break;
    case v1::Metric::kHistogram:
      AddHistogram(metric.histogram(), json);
      break;
    default:
      json->Key("kind").Text("gauge").Key("value").Real(metric.gauge());
  }
}

std::string AsTable(const v1::MetricsSnapshotResponse& snapshot, const std::string& part,
                    const Screen& screen) {
  Table table(
      {{"METRIC"}, {"VALUE", true, true}, {"UNIT"}, {"DESCRIPTION", false, true}});
  for (const v1::Metric& metric : snapshot.metrics()) {
    if (!Matches(metric, part)) continue;
    table.Add({Cell(MetricPath(metric)), Cell(MetricText(metric)), Cell(metric.unit()),
               Cell(Trim(metric.description()))});
  }
  return table.Text(screen);
}

// An agent that has just started has none before its first round of collecting. One that
// has none for long gives an empty answer.
Result<v1::MetricsSnapshotResponse> FirstFigures(KernelClient& client,
                                                 const Screen& screen) {
  const auto give_up = std::chrono::steady_clock::now() + kFirstFigures;
  std::optional<Progress> progress;
  while (true) {
    auto snapshot = client.MetricsSnapshot({}, {});
    const bool there = !snapshot.ok() || snapshot->time_ms() != 0;
    if (there || std::chrono::steady_clock::now() >= give_up) return snapshot;
    if (!progress) progress.emplace(screen, "waiting for the first figures");
    std::this_thread::sleep_for(kLookAgain);
  }
}

}  // namespace

const OptionGroup& MetricsOptions() {
  static const OptionGroup kGroup = {"Metrics options", {OutputOption()}};
  return kGroup;
}

void AddMetrics(const v1::MetricsSnapshotResponse& snapshot, const std::string& part,
                JsonWriter* json) {
  json->BeginObject().Key("time_ms").Integer(snapshot.time_ms());
  json->Key("metrics").BeginArray();
  for (const v1::Metric& metric : snapshot.metrics()) {
    if (!Matches(metric, part)) continue;
    json->BeginObject().Key("name").Text(MetricPath(metric));
    AddValue(metric, json);
    json->Key("unit").Text(metric.unit());
    json->Key("description").Text(metric.description());
    json->Key("labels").BeginObject();
    for (const v1::MetricLabel& label : metric.labels()) {
      json->Key(label.name()).Text(label.value());
    }
    json->EndObject().EndObject();
  }
  json->EndArray().EndObject();
}

int RunMetrics(const Invocation& invocation, Terminal& terminal) {
  const auto call = BeginLive(invocation, MetricsOptions(), Words::kOne, terminal);
  if (!call) return kWrongCommandLine;
  const auto running = RequireRunning(*call, terminal);
  if (!running) return kNoAgent;
  const auto snapshot = FirstFigures(*running, terminal.screen());
  if (!snapshot.ok()) return FailCall(call->context, snapshot.status(), terminal);
  const std::string part = call->words.empty() ? "" : call->words.front();
  if (call->json) {
    JsonWriter json;
    AddMetrics(*snapshot, part, &json);
    terminal.Print(json.text() + "\n");
  } else {
    terminal.Print(AsTable(*snapshot, part, terminal.screen()));
  }
  return 0;
}

}  // namespace nscp::kernel
