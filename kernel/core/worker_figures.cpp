#include "kernel/core/worker_figures.h"

namespace nscp::kernel {
namespace {

constexpr double kMsPerSecond = 1000;
constexpr double kUsPerSecond = 1e6;
// What a shell adds to a signal's number to make an exit code of it.
constexpr int kSignalBase = 128;

struct StateName {
  v1::SlotState state;
  const char* name;
};
constexpr StateName kStates[] = {{v1::STOPPED, "stopped"}, {v1::STARTING, "starting"},
                                 {v1::RUNNING, "running"}, {v1::DRAINING, "draining"},
                                 {v1::BACKOFF, "backoff"}, {v1::REFUSED, "refused"}};

class Figures {
 public:
  // Of the worker `id`; of all together where it is empty.
  explicit Figures(std::vector<v1::Metric>& out, std::string id = "")
      : out_(out), id_(std::move(id)) {}

  v1::Metric& Add(const char* key, const char* description, const char* unit = "") {
    v1::Metric& metric = out_.emplace_back();
    metric.set_bundle(kWorkersBundle);
    metric.set_key(key);
    metric.set_description(description);
    metric.set_unit(unit);
    if (!id_.empty()) Label(metric, "worker", id_);
    return metric;
  }
  static void Label(v1::Metric& metric, const char* name, const std::string& value) {
    v1::MetricLabel& label = *metric.add_labels();
    label.set_name(name);
    label.set_value(value);
  }

 private:
  std::vector<v1::Metric>& out_;
  const std::string id_;
};

void AddState(const v1::ModuleInfo& info, Figures& figures) {
  figures.Add("up", "1 while the worker runs and its names are routed")
      .set_gauge(info.state() == v1::RUNNING ? 1 : 0);
  for (const StateName& entry : kStates) {
    v1::Metric& metric = figures.Add("state", "1 for the state that the worker is in");
    metric.set_gauge(info.state() == entry.state ? 1 : 0);
    Figures::Label(metric, "state", entry.name);
  }
  figures.Add("restarts", "Starts after an end that nobody wanted")
      .set_counter(static_cast<double>(info.restarts()));
}

void AddLastEnd(const v1::ModuleInfo& info, Figures& figures) {
  if (info.ends().empty()) return;
  const v1::EndRecord& end = info.ends(info.ends_size() - 1);
  if (end.has_exit_code() || end.has_signal()) {
    figures.Add("last_exit_code", "How the last process ended; 128 + n for signal n")
        .set_gauge(end.has_signal() ? kSignalBase + end.signal() : end.exit_code());
  }
  figures
      .Add("last_exit_time_seconds", "When the last process ended, since 1970", "seconds")
      .set_gauge(static_cast<double>(end.ended_ms()) / kMsPerSecond);
  figures.Add("last_exit_reason", "How the last process ended, in words")
      .set_text(end.reason());
}

void AddProcess(const v1::ModuleInfo& info, Figures& figures) {
  if (info.pid() == 0 || info.resident_bytes() == 0) return;
  figures.Add("resident_memory_bytes", "Memory of its process that is in RAM", "bytes")
      .set_gauge(static_cast<double>(info.resident_bytes()));
  figures.Add("cpu_seconds", "Processor time of its process, user and system", "seconds")
      .set_counter(static_cast<double>(info.cpu_ms()) / kMsPerSecond);
  if (info.started_ms() == 0) return;
  figures.Add("start_time_seconds", "When it became ready, since 1970", "seconds")
      .set_gauge(static_cast<double>(info.started_ms()) / kMsPerSecond);
}

void AddCalls(const Broker::Load& load, Figures& figures) {
  figures.Add("calls_running", "Calls that it works on").set_gauge(load.running);
  figures.Add("calls_waiting", "Calls that wait for a place").set_gauge(load.waiting);
  figures.Add("calls", "Calls that were given to it")
      .set_counter(static_cast<double>(load.total));
  figures.Add("calls_failed", "Calls that got no answer from it")
      .set_counter(static_cast<double>(load.failed));
  v1::MetricHistogram& histogram =
      *figures
           .Add("call_duration_seconds", "From a call's arrival to its answer", "seconds")
           .mutable_histogram();
  for (const int64_t bound : CallTimes::kBounds) {
    histogram.add_bounds(static_cast<double>(bound) / kUsPerSecond);
  }
  for (const uint64_t count : load.times.counts) histogram.add_counts(count);
  histogram.set_sum(static_cast<double>(load.times.sum_us) / kUsPerSecond);
}

void AddSums(const std::vector<WorkerFacts>& workers, double interval_s,
             std::vector<v1::Metric>& out) {
  Broker::Load all;
  for (const WorkerFacts& worker : workers) {
    all.running += worker.load.running;
    all.waiting += worker.load.waiting;
    all.total += worker.load.total;
    all.failed += worker.load.failed;
    all.places += worker.load.places;
  }
  Figures figures(out);
  figures.Add("jobs", "Calls that run or wait, of all workers")
      .set_gauge(static_cast<double>(all.running) + all.waiting);
  figures.Add("submitted", "Calls that were given to workers")
      .set_counter(static_cast<double>(all.total));
  figures.Add("errors", "Calls that got no answer from their worker")
      .set_counter(static_cast<double>(all.failed));
  figures.Add("threads", "Calls at once that the running workers take")
      .set_gauge(all.places);
  figures.Add("refresh_interval", "Seconds between two rounds of collecting metrics")
      .set_gauge(interval_s);
}

}  // namespace

std::vector<v1::Metric> WorkerFigures(const std::vector<WorkerFacts>& workers,
                                      double interval_s) {
  std::vector<v1::Metric> out;
  AddSums(workers, interval_s, out);
  for (const WorkerFacts& worker : workers) {
    Figures figures(out, worker.info.id());
    AddState(worker.info, figures);
    AddLastEnd(worker.info, figures);
    AddProcess(worker.info, figures);
    AddCalls(worker.load, figures);
    if (!worker.gave_metrics) continue;
    figures.Add("metrics_up", "1 when its own figures came with the last round")
        .set_gauge(*worker.gave_metrics ? 1 : 0);
  }
  return out;
}

}  // namespace nscp::kernel
