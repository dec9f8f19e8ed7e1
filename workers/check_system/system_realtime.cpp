#include "workers/check_system/system_realtime.h"

#include <algorithm>
#include <utility>

#include "proto/cpp/text.h"
#include "workers/check_system/memory_keywords.h"
#include "workers/check_system/process_keywords.h"
#include "workers/check_system/realtime_rows.h"
#include "workers/check_system/settings_root.h"
#include "workers/checks/formats.h"

namespace nscp::check_system {
namespace {

std::string RealtimePath(std::string_view kind) {
  return SettingsPath("real-time/") + std::string(kind);
}

checks::RealtimeDefaults CpuDefaults() {
  checks::RealtimeDefaults defaults;
  defaults.filter = {"core = 'total'"};
  defaults.detail_syntax = "${time}: ${load}%";
  defaults.perf_syntax = "${core} ${time}";
  defaults.event = "system.cpu";
  return defaults;
}

checks::RealtimeDefaults MemoryDefaults() {
  checks::RealtimeDefaults defaults;
  defaults.detail_syntax = "${type} = ${used}";
  defaults.perf_syntax = "${type}";
  defaults.event = "system.memory";
  return defaults;
}

checks::RealtimeDefaults ProcessDefaults() {
  checks::RealtimeDefaults defaults;
  defaults.detail_syntax = "${exe}=${state}";
  defaults.perf_syntax = "${exe}";
  defaults.event = "system.process";
  return defaults;
}

// A filter with what it looks at: windows, kinds of memory, names of programs.
template <class Row>
struct Entry {
  checks::RealtimeFilter<Row> filter;
  std::vector<std::string> wanted;
  bool has_warned = false;  // that something wanted is not there
};

template <class Row>
using Entries = std::vector<std::unique_ptr<Entry<Row>>>;

// The keywords that cost a read for each process.
std::vector<const char*> DetailKeywords(Platform platform) {
  if (platform == Platform::kUnix) return {"uid", "peak_virtual", "peak_working_set"};
  return {"filename", "username",    "state",        "hung",
          "wow64",    "gdi_handles", "user_handles", "legacy_state"};
}

bool Mentions(const checks::RealtimeOptions& options, std::string_view keyword) {
  if (options.emits_events()) return true;  // an event has all keywords
  const checks::FilterRequest& request = options.request;
  std::string text = request.top_syntax + request.ok_syntax + request.detail_syntax +
                     request.perf_syntax + request.perf_config;
  for (const auto* list :
       {&request.filter, &request.warning, &request.critical, &request.ok}) {
    text += Join(*list, " ");
  }
  return text.find(keyword) != std::string::npos;
}

}  // namespace

struct SystemRealtime::Filters {
  Filters(sdk::Host& to, int64_t now, Platform form)
      : host(to), start(now), platform(form), outbox(to) {}

  // What all filters have in common while they judge.
  checks::Environment At(int64_t now) const {
    checks::Environment environment;
    environment.now = now;
    environment.log = [this](sdk::LogLevel level, std::string_view text) {
      host.Log(level, text);
    };
    return environment;
  }

  // `words`: the properties that name what a filter looks at, and what it is without.
  struct Kind {
    const char* name;
    checks::RealtimeDefaults defaults;
    const char* singular;
    const char* plural;
    std::vector<std::string> otherwise;
  };
  template <class Row>
  void Read(const sdk::Settings& settings, const Kind& kind,
            const checks::Keywords<Row>& keywords, Entries<Row>& entries);
  void CheckWindows();
  bool empty() const { return cpu.empty() && memory.empty() && processes.empty(); }

  sdk::Host& host;
  const int64_t start;
  const Platform platform;
  const checks::Keywords<CpuRow> cpu_keywords = CpuKeywords();
  const checks::Keywords<Memory> memory_keywords =
      MemoryKeywords("type", "The type of memory");
  const checks::Keywords<ProcessRow> process_keywords = ProcessKeywords(platform);
  ProcessNeeds needs;
  checks::RealtimeOutbox outbox;
  Entries<CpuRow> cpu;
  Entries<Memory> memory;
  Entries<ProcessRow> processes;
};

template <class Row>
void SystemRealtime::Filters::Read(const sdk::Settings& settings, const Kind& kind,
                                   const checks::Keywords<Row>& keywords,
                                   Entries<Row>& entries) {
  const std::string path = RealtimePath(kind.name);
  const sdk::ObjectList list = sdk::ReadObjects(settings, path);
  std::vector<std::string> problems = list.problems;
  for (const sdk::SettingsObject& object : list.objects) {
    if (entries.size() == kMaxFilters) {
      problems.push_back("there are more than " + std::to_string(kMaxFilters) +
                         " filters; " + object.name + " and those behind it do not run");
      break;
    }
    checks::RealtimeOptions options =
        checks::ReadRealtimeOptions(object, kind.defaults, problems);
    if constexpr (std::is_same_v<Row, ProcessRow>) {
      needs.any = true;
      needs.command_line = needs.command_line || Mentions(options, "command_line");
      for (const char* word : DetailKeywords(platform)) {
        needs.details = needs.details || Mentions(options, word);
      }
    }
    auto entry = std::unique_ptr<Entry<Row>>(new Entry<Row>{
        {std::move(options), keywords, outbox, At(start)},
        checks::RealtimeList(object, kind.singular, kind.plural, kind.otherwise)});
    if (!entry->filter.problem().empty()) {
      problems.push_back("filter " + object.name +
                         " does not run: " + entry->filter.problem());
    }
    entries.push_back(std::move(entry));
  }
  for (const std::string& problem : problems) {
    host.Log(sdk::LogLevel::kError, path + ": " + problem);
  }
}

// A window that is none is left out; the others are looked at.
void SystemRealtime::Filters::CheckWindows() {
  for (const auto& entry : cpu) {
    auto& windows = entry->wanted;
    const auto is_none = [&](const std::string& window) {
      const auto seconds = checks::ParseDuration(window);
      if (seconds && *seconds > 0) return false;
      host.Log(sdk::LogLevel::kError, RealtimePath("cpu") + ", filter " +
                                          entry->filter.alias() + ", time: '" + window +
                                          "' is no time (write one such as 5m)");
      return true;
    };
    windows.erase(std::remove_if(windows.begin(), windows.end(), is_none), windows.end());
  }
}

SystemRealtime::SystemRealtime(std::function<checks::TimeZone()> zone, Platform platform)
    : zone_(std::move(zone)), platform_(platform) {}

SystemRealtime::~SystemRealtime() { Stop(); }

std::shared_ptr<SystemRealtime::Filters> SystemRealtime::filters() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return filters_;
}

void SystemRealtime::Configure(const sdk::Settings& settings, sdk::Host* host,
                               int64_t now) {
  Stop();
  auto made = std::make_shared<Filters>(*host, now, platform_);
  made->Read(settings, {"cpu", CpuDefaults(), "time", "times", {"1m"}},
             made->cpu_keywords, made->cpu);
  made->CheckWindows();
  made->Read(settings, {"memory", MemoryDefaults(), "type", "types", {"physical"}},
             made->memory_keywords, made->memory);
  made->Read(settings, {"process", ProcessDefaults(), "process", "processes", {}},
             made->process_keywords, made->processes);
  if (made->empty()) return;
  const std::lock_guard<std::mutex> lock(mutex_);
  filters_ = std::move(made);
}

void SystemRealtime::Stop() {
  std::shared_ptr<Filters> old;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    old = std::move(filters_);
  }
  if (old) old->outbox.Stop();
}

SystemRealtime::ProcessNeeds SystemRealtime::process_needs() const {
  const auto all = filters();
  return all ? all->needs : ProcessNeeds();
}

void SystemRealtime::OnCpu(const std::function<CpuAverages(int64_t seconds)>& average,
                           int64_t now) {
  const auto all = filters();
  if (!all) return;
  for (const auto& entry : all->cpu) {
    std::vector<CpuRow> rows;
    for (const std::string& window : entry->wanted) {
      auto more = CpuRows(window, average(checks::ParseDuration(window).value_or(1)));
      std::move(more.begin(), more.end(), std::back_inserter(rows));
    }
    entry->filter.Judge(rows, all->At(now));
    entry->filter.Tick(now);
  }
}

void SystemRealtime::OnMemory(const std::vector<Memory>& memory, int64_t now) {
  const auto all = filters();
  if (!all) return;
  for (const auto& entry : all->memory) {
    const auto& types = entry->wanted;
    std::vector<Memory> rows;
    std::copy_if(memory.begin(), memory.end(), std::back_inserter(rows),
                 [&](const Memory& kind) {
                   return std::find(types.begin(), types.end(), kind.type) != types.end();
                 });
    if (rows.size() < types.size() && !std::exchange(entry->has_warned, true)) {
      all->host.Log(sdk::LogLevel::kError, RealtimePath("memory") + ", filter " +
                                               entry->filter.alias() +
                                               ": not all of these are a type of memory "
                                               "here: " +
                                               Join(types, ", "));
    }
    entry->filter.Judge(rows, all->At(now));
    entry->filter.Tick(now);
  }
}

void SystemRealtime::OnProcesses(const std::vector<Process>& processes,
                                 uint64_t ticks_per_second, int64_t now) {
  const auto all = filters();
  if (!all || all->processes.empty()) return;
  const checks::TimeZone zone = zone_();
  const std::vector<ProcessRow> every =
      RealtimeRows(processes, ticks_per_second, now, zone);
  for (const auto& entry : all->processes) {
    if (entry->wanted.empty()) {
      entry->filter.Judge(every, all->At(now));
    } else {
      entry->filter.Judge(OfPrograms(every, entry->wanted), all->At(now));
    }
    entry->filter.Tick(now);
  }
}

void SystemRealtime::AddMetrics(std::vector<sdk::Metric>& metrics) const {
  const auto all = filters();
  if (!all) return;
  for (const auto& entry : all->cpu) {
    entry->filter.AddMetrics("system.realtime.cpu", metrics);
  }
  for (const auto& entry : all->memory) {
    entry->filter.AddMetrics("system.realtime.memory", metrics);
  }
  for (const auto& entry : all->processes) {
    entry->filter.AddMetrics("system.realtime.process", metrics);
  }
}

}  // namespace nscp::check_system
