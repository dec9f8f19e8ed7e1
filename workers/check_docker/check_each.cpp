#include "workers/check_docker/check_each.h"

#include <algorithm>
#include <optional>

#include "workers/checks/formats.h"

namespace nscp::check_docker {
namespace {

using checks::Arguments;
using checks::Sink;

checks::Keywords<UsageRow> UsageKeywords() {
  using Row = UsageRow;
  checks::Keywords<Row> k;
  k.Text("names", "Names of the container, parted by commas",
         [](const Row& row) -> std::string_view { return row.names; });
  k.Text("image", "Image that it was made of",
         [](const Row& row) -> std::string_view { return row.image; });
  k.Percent("cpu_pct", "Time of processors that it takes; 100 is all of one",
            [](const Row& row) { return row.usage.cpu_percent; })
      .Human([](const Row& row) { return checks::FormatPercent(row.usage.cpu_percent); })
      .Perf("%", " cpu");
  k.Percent("memory_pct", "Memory that it takes, of what it may take",
            [](const Row& row) { return row.usage.MemoryPercent(); })
      .Human(
          [](const Row& row) { return checks::FormatPercent(row.usage.MemoryPercent()); })
      .Perf("%", " memory %");
  k.Size("memory_used",
         "Bytes of memory that it takes, without the page cache that can "
         "be given up",
         [](const Row& row) { return row.usage.memory_used; })
      .Perf("B", " memory");
  k.Size("memory_limit", "Bytes of memory that it may take",
         [](const Row& row) { return row.usage.memory_limit; });
  k.Text("memory", "Memory that it takes, such as 12.5MB", [](const Row& row) {
    return checks::FormatBytes(static_cast<double>(row.usage.memory_used));
  });
  return k;
}

checks::Check<UsageRow> MakeUsageCheck() {
  checks::OptionTable options;
  AddEngineOptions(options);
  AddContainerOption(options);
  checks::FilterDefaults defaults;
  defaults.empty_state = "ok";
  defaults.top_syntax = "${status}: ${list}";
  defaults.empty_syntax = "No running containers";
  defaults.detail_syntax = "${names}: cpu ${cpu_pct}%, memory ${memory} (${memory_pct}%)";
  defaults.perf_syntax = "${names}";
  return {std::move(options), defaults, UsageKeywords()};
}

checks::Keywords<RestartsRow> RestartsKeywords() {
  using Row = RestartsRow;
  checks::Keywords<Row> k;
  k.Text("names", "Names of the container, parted by commas",
         [](const Row& row) -> std::string_view { return row.names; });
  k.Text("image", "Image that it was made of",
         [](const Row& row) -> std::string_view { return row.image; });
  k.Integer("restart_count", "How often the engine has restarted it", [](const Row& row) {
     return row.details.restart_count;
   }).Perf("", " restarts");
  k.Duration("started", "Seconds since it was last started; -1 if it never was",
             [](const Row& row) { return row.StartedAgo(); });
  k.Integer("oom_killed", "1 if it ended because memory ran out",
            [](const Row& row) { return row.details.oom_killed; });
  k.Integer("exit_code", "Exit code of its last end; 0 while it has not ended",
            [](const Row& row) { return row.details.exit_code; });
  k.Text("container_state",
         "State: created, restarting, running, removing, paused, exited, dead",
         [](const Row& row) -> std::string_view { return row.details.state; });
  return k;
}

checks::Check<RestartsRow> MakeRestartsCheck() {
  checks::OptionTable options;
  AddEngineOptions(options);
  AddContainerOption(options);
  checks::FilterDefaults defaults;
  defaults.warning = {"restart_count > 3 and started < 15m and started >= 0"};
  defaults.critical = {"oom_killed = 1"};
  defaults.empty_state = "ok";
  defaults.top_syntax = "${status}: ${list}";
  defaults.empty_syntax = "No containers found";
  defaults.detail_syntax = "${names}: ${restart_count} restarts, ${container_state}";
  defaults.perf_syntax = "${names}";
  return {std::move(options), defaults, RestartsKeywords()};
}

// Asks about each container; those that are gone by now are left out, those that give no
// answer go into `silent`. `make` turns an answer into what is wanted of it.
template <class Wanted>
std::vector<std::optional<Wanted>> AskEach(
    const Ask& ask, const std::vector<Container>& containers,
    const checks::Environment& environment, const std::string& question,
    const std::function<Result<Wanted>(const json::Value&)>& make, Silent* silent) {
  std::vector<std::string> targets;
  const size_t count = std::min(containers.size(), kMaxAsked);
  for (size_t i = 0; i < count; ++i) {
    targets.push_back("/containers/" + containers[i].id + question);
  }
  std::vector<Result<Wanted>> made(count, Result<Wanted>(Status::Unavailable("")));
  AskAll(ask, targets, environment.cancelled,
         [&](size_t i, const Result<json::Value>& answer) {
           made[i] = answer.ok() ? make(*answer) : Result<Wanted>(answer.status());
         });
  std::vector<std::optional<Wanted>> wanted(containers.size());
  for (size_t i = 0; i < count; ++i) {
    if (made[i].ok()) {
      wanted[i] = std::move(made[i]).value();
    } else if (made[i].status().code() != Code::kNotFound) {
      silent->push_back(containers[i].names + ": " + made[i].status().message());
    }
  }
  if (containers.size() > count) {
    silent->push_back("only " + std::to_string(count) + " of " +
                      std::to_string(containers.size()) + " containers are asked about");
  }
  return wanted;
}

// Those that were named and are not there; they are taken out of `containers`.
void TakeMissing(std::vector<Container>* containers, Silent* silent) {
  const auto gone = std::stable_partition(
      containers->begin(), containers->end(),
      [](const Container& container) { return container.state != "missing"; });
  for (auto one = gone; one != containers->end(); ++one) {
    silent->push_back(one->names + ": there is no such container");
  }
  containers->erase(gone, containers->end());
}

}  // namespace

UsageCheck::UsageCheck() : check_(MakeUsageCheck()) {}

sdk::CheckResult UsageCheck::Run(const std::vector<std::string>& arguments,
                                 const checks::Environment& environment,
                                 const Connect& connect) const {
  Silent silent;
  sdk::CheckResult result = check_.Run(
      arguments, environment,
      [&](const Arguments& parsed, Sink<UsageRow>& sink) -> Status {
        ASSIGN_OR_RETURN(const Ask ask, connect(parsed));
        ASSIGN_OR_RETURN(std::vector<Container> containers,
                         ListContainers(ask, parsed, false));
        TakeMissing(&containers, &silent);
        const auto usages = AskEach<Usage>(ask, containers, environment,
                                           "/stats?stream=false", &ParseUsage, &silent);
        for (size_t i = 0; i < containers.size(); ++i) {
          if (!usages[i]) continue;
          if (!sink.Add({containers[i].names, containers[i].image, *usages[i]})) break;
        }
        return Status::Ok();
      });
  TellSilent(silent, &result);
  return result;
}

int64_t RestartsRow::StartedAgo() const {
  if (details.started_at < 0) return -1;
  return std::max<int64_t>(0, now - details.started_at);
}

RestartsCheck::RestartsCheck() : check_(MakeRestartsCheck()) {}

sdk::CheckResult RestartsCheck::Run(const std::vector<std::string>& arguments,
                                    const checks::Environment& environment,
                                    const Connect& connect) const {
  Silent silent;
  sdk::CheckResult result =
      check_.Run(arguments, environment,
                 [&](const Arguments& parsed, Sink<RestartsRow>& sink) -> Status {
                   ASSIGN_OR_RETURN(const Ask ask, connect(parsed));
                   ASSIGN_OR_RETURN(std::vector<Container> containers,
                                    ListContainers(ask, parsed, true));
                   TakeMissing(&containers, &silent);
                   const auto details = AskEach<Details>(ask, containers, environment,
                                                         "/json", &ParseDetails, &silent);
                   for (size_t i = 0; i < containers.size(); ++i) {
                     if (!details[i]) continue;
                     if (!sink.Add({containers[i].names, containers[i].image, *details[i],
                                    environment.now})) {
                       break;
                     }
                   }
                   return Status::Ok();
                 });
  TellSilent(silent, &result);
  return result;
}

}  // namespace nscp::check_docker
