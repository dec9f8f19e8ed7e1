#include "workers/check_system/check_w32time.h"

#include <cmath>

#include "proto/cpp/text.h"
#include "workers/check_system/counter_reader.h"
#include "workers/checks/formats.h"

namespace nscp::check_system {
namespace {

constexpr char kTimeKey[] = "SYSTEM\\CurrentControlSet\\Services\\W32Time\\";
constexpr char kTimeUnknown[] = "unknown";
constexpr size_t kMaxPeers = 100;
constexpr int kMicroseconds = 1000;  // in a millisecond

// What the service calls its own clock; Windows does not translate these.
constexpr const char* kOwnClocks[] = {"local cmos clock", "free-running system clock"};

// Text and number of a value; empty where there is none.
RegistryData TimeValue(RegistrySource& registry, const char* key, const char* name) {
  return registry
      .Value({Hive::kLocalMachine, std::string(kTimeKey) + key}, name, RegistryView::k64)
      .value_or({});
}

std::optional<int64_t> Milliseconds(const std::optional<double>& microseconds) {
  if (!microseconds) return {};
  return checks::TruncateToInteger(*microseconds / kMicroseconds);
}

void ReadTimeCounters(CounterSource& source, TimeServiceRow& row) {
  constexpr const char* kNames[] = {"Computed Time Offset", "NTP Roundtrip Delay",
                                    "Clock Frequency Adjustment (PPB)",
                                    "NTP Client Time Source Count"};
  std::vector<CounterWish> wishes;
  for (const char* name : kNames) {
    CounterWish wish;
    wish.alias = name;
    wish.path = std::string("\\Windows Time Service\\") + name;
    wish.names = CounterNames::kEnglish;
    wishes.push_back(std::move(wish));
  }
  // None of them is a rate; a Windows that lacks one has the others.
  const auto readings = ReadCounters(source, wishes, {false, [](int) { return false; }});
  if (!readings.ok()) return;
  std::map<std::string, std::optional<double>> values;
  for (const CounterReading& reading : *readings) {
    if (reading.value.ok()) values[reading.alias] = *reading.value;
  }
  const auto whole = [](const std::optional<double>& value) {
    return value ? std::optional<int64_t>(checks::TruncateToInteger(*value))
                 : std::nullopt;
  };
  row.offset = Milliseconds(values[kNames[0]]);
  row.delay = Milliseconds(values[kNames[1]]);
  row.frequency_adjustment = whole(values[kNames[2]]);
  row.time_sources = whole(values[kNames[3]]);
}

bool HasNoSource(const TimeServiceRow& row) {
  return row.service.source.empty() && row.time_sources && *row.time_sources == 0;
}

checks::Keywords<TimeServiceRow> TimeKeywords() {
  using Row = TimeServiceRow;
  checks::Keywords<Row> k;
  k.Text("state", "Whether the clock is kept, as a sentence", &Row::State);
  k.Text("service_state", "State of the service: running, stopped ... or not installed",
         [](const Row& row) -> std::string_view { return row.service.state; });
  k.Text("start_type", "How the service starts: auto, demand, disabled ...",
         [](const Row& row) -> std::string_view { return row.service.start_type; });
  k.Text("sync_type",
         "What it is set up to follow: NT5DS (the domain), NTP, AllSync or NoSync",
         [](const Row& row) -> std::string_view { return row.sync_type; });
  k.Text("source", "What it follows; what it is set up to follow where it does not tell",
         &Row::source);
  k.Text("source_from", "Where source comes from: service, configuration or unknown",
         &Row::source_from);
  k.Text("peers", "The servers that it is set up with, separated by commas",
         [](const Row& row) { return Join(row.peers, ", "); });
  k.Integer("peer_count", "Number of these servers", [](const Row& row) {
     return row.peers.size();
   }).NoPerf();
  const auto flag = [&k](const char* name, const char* description, auto is_set) {
    k.Integer(name, description, [is_set](const Row& row) {
       return is_set(row) ? 1 : 0;
     }).NoPerf();
  };
  flag("installed", "1 if there is a Windows Time service",
       [](const Row& row) { return row.service.installed; });
  flag("running", "1 if it runs", [](const Row& row) { return row.running(); });
  flag(
      "synchronized",
      "1 if the machine follows a time source: the service runs, is not switched off and "
      "does not fall back to the machine's own clock",
      [](const Row& row) { return row.synchronized(); });
  flag("local_clock", "1 if the service follows the machine's own clock",
       [](const Row& row) { return row.local_clock(); });
  k.Integer("offset",
            "How far the clock is off in milliseconds, as the service has computed it; "
            "unknown until it has",
            &Row::offset)
      .NoValue(kTimeUnknown)
      .Perf("ms", "_offset");
  k.Integer("delay", "Milliseconds to the time source and back", &Row::delay)
      .NoValue(kTimeUnknown)
      .Perf("ms", "_delay");
  k.Integer("frequency_adjustment",
            "How much the service speeds the clock up (or slows it down), in parts per "
            "billion",
            &Row::frequency_adjustment)
      .NoValue(kTimeUnknown);
  k.Integer("time_sources", "Number of time sources that are in use", &Row::time_sources)
      .NoValue(kTimeUnknown)
      .NoPerf();
  k.Text("last_sync", "When the clock was last known to be right", [](const Row& row) {
    return row.last_sync == 0 || row.zone == nullptr ? std::string(kTimeUnknown)
                                                     : row.zone->Format(row.last_sync);
  });
  k.Duration("last_sync_age", "Seconds since then",
             [](const Row& row) -> std::optional<int64_t> {
               if (row.last_sync == 0) return {};
               return std::max<int64_t>(0, row.now - row.last_sync);
             })
      .NoValue(kTimeUnknown)
      .Perf("s", "_last_sync");
  return k;
}

checks::Check<TimeServiceRow> MakeW32TimeCheck() {
  checks::FilterDefaults defaults;
  defaults.warning = {"offset > 1000"};
  defaults.critical = {"synchronized = 0 or offset > 30000"};
  defaults.detail_syntax = "${state}";
  defaults.perf_syntax = "w32time";
  return {checks::OptionTable(), defaults, TimeKeywords()};
}

}  // namespace

std::vector<std::string> ParseNtpServers(std::string_view text) {
  std::vector<std::string> servers;
  for (const std::string& word : SplitList(ReplaceAll(text, ";", " "), ' ')) {
    const std::string host(Trim(word.substr(0, word.find(','))));
    if (host.empty() || StartsWith(host, "0x")) continue;
    if (servers.size() == kMaxPeers) break;
    servers.push_back(host);
  }
  return servers;
}

bool TimeServiceRow::running() const { return service.state == "running"; }

bool TimeServiceRow::local_clock() const {
  const std::string lower = ToLowerAscii(service.source);
  for (const char* clock : kOwnClocks) {
    if (lower.find(clock) != std::string::npos) return true;
  }
  return false;
}

// What the service says counts most, then how many sources it uses; who tells neither is
// believed.
bool TimeServiceRow::synchronized() const {
  return running() && !EqualsIgnoreCase(sync_type, "NoSync") && !local_clock() &&
         !HasNoSource(*this);
}

std::string TimeServiceRow::source() const {
  if (!service.source.empty()) return service.source;
  return peers.empty() ? kTimeUnknown : Join(peers, ", ");
}

const char* TimeServiceRow::source_from() const {
  if (!service.source.empty()) return "service";
  return peers.empty() ? kTimeUnknown : "configuration";
}

std::string TimeServiceRow::State() const {
  if (!service.installed) return "the Windows Time service is not installed";
  if (!running()) {
    return "the Windows Time service is " + service.state + " (start type " +
           (service.start_type.empty() ? kTimeUnknown : service.start_type) + ")";
  }
  if (EqualsIgnoreCase(sync_type, "NoSync")) {
    return "time synchronization is turned off (Type=NoSync)";
  }
  if (local_clock()) return "not synchronizing: falling back to " + source();
  if (HasNoSource(*this)) {
    return "not synchronizing: no time source in use (configured: " + source() + ")";
  }
  const char* begin =
      service.source.empty() ? "configured to synchronize with " : "synchronizing with ";
  return begin + source() + (offset ? " (offset " + std::to_string(*offset) + "ms)" : "");
}

Result<TimeServiceRow> ReadTimeServiceRow(const ReadTimeService& service,
                                          RegistrySource& registry,
                                          CounterSource* counters) {
  TimeServiceRow row;
  ASSIGN_OR_RETURN(row.service, service());
  if (!row.service.installed) row.service.state = "not installed";
  const std::string type = RegistryText(TimeValue(registry, "Parameters", "Type"));
  if (!type.empty()) row.sync_type = type;
  row.peers =
      ParseNtpServers(RegistryText(TimeValue(registry, "Parameters", "NtpServer")));
  row.last_sync = FromFileTime(static_cast<uint64_t>(
      RegistryInteger(TimeValue(registry, "Config", "LastKnownGoodTime"))));
  if (row.running() && counters != nullptr) ReadTimeCounters(*counters, row);
  return row;
}

W32TimeCheck::W32TimeCheck() : check_(MakeW32TimeCheck()) {}

sdk::CheckResult W32TimeCheck::Run(const std::vector<std::string>& arguments,
                                   const checks::Environment& environment,
                                   const std::function<Result<TimeServiceRow>()>& read,
                                   const checks::TimeZone& zone) const {
  return check_.Run(
      arguments, environment,
      [&](const checks::Arguments&, checks::Sink<TimeServiceRow>& sink) -> Status {
        ASSIGN_OR_RETURN(TimeServiceRow row, read());
        row.now = environment.now;
        row.zone = &zone;
        sink.Add(std::move(row));
        return Status::Ok();
      });
}

}  // namespace nscp::check_system
