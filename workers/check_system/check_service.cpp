#include "workers/check_system/check_service.h"

#include <algorithm>
#include <set>

#include "proto/cpp/text.h"
#include "workers/check_system/service_keywords.h"
#include "workers/check_system/service_name.h"

namespace nscp::check_system {
namespace {

using checks::Arguments;
using checks::Sink;

constexpr char kAll[] = "*";

bool NamesServices(const Arguments& arguments) {
  const auto& names = arguments.List("service");
  return std::find(names.begin(), names.end(), kAll) == names.end();
}

checks::Check<ServiceRow> MakeServiceCheck() {
  checks::OptionTable options;
  options
      .List("service", {kAll},
            "Name of a service, with or without .service; may be given several times. * "
            "is all that are loaded.")
      .HideDefault();
  options.List("exclude", {},
               "Name of a service to leave out; may be given several times");
  options.Text("state", "all",
               "Of all services only those that are active, inactive or failed (or all)");
  options.Switch("fetch-only", "List services in raw form: name state/start_type text");
  checks::FilterDefaults defaults;
  defaults.filter = {"active != 'inactive'"};
  defaults.critical = {
      "( state not in ('running', 'oneshot', 'static') or active = 'failed' ) and preset "
      "!= 'disabled'"};
  defaults.empty_state = "unknown";
  defaults.top_syntax = "${status}: ${crit_list}";
  defaults.ok_syntax = "%(status): All %(count) service(s) are ok.";
  defaults.empty_syntax = "%(status): No services found";
  defaults.detail_syntax = "${name}=${state}";
  defaults.perf_syntax = "${name}";
  // Whoever names a service wants to know when it does not run.
  const auto prepare = [](const Arguments& arguments, checks::FilterRequest& request) {
    if (NamesServices(arguments) && !arguments.Given("filter")) request.filter.clear();
  };
  return {std::move(options), defaults, ServiceKeywords(), prepare};
}

// Which services a call is about.
struct Choice {
  bool all = false;
  std::vector<std::string> ids;
  std::set<std::string> excluded;
  std::string state;

  bool Takes(const Unit& unit) const {
    if (excluded.count(unit.id) > 0) return false;
    return !all || state == "all" || unit.active == state;
  }
};

Result<Choice> ReadChoice(const Arguments& arguments) {
  Choice choice;
  choice.all = !NamesServices(arguments);
  choice.state = arguments.Text("state");
  if (choice.state != "all" && choice.state != "active" && choice.state != "inactive" &&
      choice.state != "failed") {
    return Status::InvalidArgument("Invalid state: '" + choice.state +
                                   "' (expected one of active|inactive|failed|all)");
  }
  for (const std::string& name : arguments.List("exclude")) {
    ASSIGN_OR_RETURN(std::string id, UnitId(name));
    choice.excluded.insert(std::move(id));
  }
  if (choice.all) return choice;
  for (const std::string& name : arguments.List("service")) {
    ASSIGN_OR_RETURN(std::string id, UnitId(name));
    const bool is_new =
        std::find(choice.ids.begin(), choice.ids.end(), id) == choice.ids.end();
    if (is_new && choice.excluded.count(id) == 0) choice.ids.push_back(std::move(id));
  }
  return choice;
}

Result<std::vector<Unit>> ReadUnits(const ServiceManager& manager, const Choice& choice,
                                    const UnitWish& wish) {
  return choice.all ? manager.List(wish) : manager.Find(choice.ids, wish);
}

UnitWish WishOf(const Sink<ServiceRow>& sink, const checks::Environment& environment) {
  const auto uses = [&sink](std::initializer_list<const char*> keywords) {
    return std::any_of(keywords.begin(), keywords.end(),
                       [&](const char* keyword) { return sink.Uses(keyword); });
  };
  UnitWish wish;
  wish.file_state = uses({"state", "start_type", "state_is_ok", "state_is_perfect"});
  wish.preset = uses({"preset"});
  wish.main_pid = uses({"pid", "rss", "vms", "cpu", "created", "age"});
  wish.tasks = uses({"tasks"});
  wish.cancelled = environment.cancelled;
  return wish;
}

Status CollectServices(const Arguments& arguments, const checks::Environment& environment,
                       const ServiceCheck::Host& host, Sink<ServiceRow>& sink) {
  ASSIGN_OR_RETURN(const Choice choice, ReadChoice(arguments));
  ASSIGN_OR_RETURN(std::vector<Unit> units,
                   ReadUnits(host.manager, choice, WishOf(sink, environment)));
  const bool is_known = std::any_of(units.begin(), units.end(), [](const Unit& unit) {
    return unit.load != "not-found";
  });
  // One that is missing among others is stopped; if there are none, that is the answer.
  if (!choice.all && !is_known && !arguments.Given("filter")) return Status::Ok();
  for (Unit& unit : units) {
    if (!choice.Takes(unit)) continue;
    ServiceRow row;
    row.unit = std::move(unit);
    row.now = environment.now;
    row.zone = &host.zone;
    row.ticks_per_second = host.processes.ticks_per_second();
    if (row.unit.main_pid > 0) {
      auto process = host.processes.Find(row.unit.main_pid);
      if (process.ok()) row.process = std::move(process).value();
    }
    if (!sink.Add(std::move(row))) break;
  }
  return Status::Ok();
}

sdk::CheckResult FetchServices(const Arguments& arguments, const ServiceManager& manager,
                               const checks::Environment& environment) {
  const auto choice = ReadChoice(arguments);
  if (!choice.ok()) return sdk::CheckResult::Unknown(choice.status().message());
  UnitWish wish;
  wish.file_state = true;
  wish.cancelled = environment.cancelled;
  const auto units = ReadUnits(manager, *choice, wish);
  if (!units.ok()) return sdk::CheckResult::Unknown(units.status().message());
  std::string text;
  for (const Unit& unit : *units) {
    if (!choice->Takes(unit)) continue;
    if (!text.empty()) text += '\n';
    text += std::string(ServiceName(unit.id)) + " ";
    text += StateWord(StateOf(unit));
    text += "/" + (unit.file_state.empty() ? "unknown" : unit.file_state) + " " +
            ReplaceAll(unit.description, "\n", " ");
  }
  return sdk::CheckResult::Of(sdk::State::kOk, std::move(text));
}

}  // namespace

ServiceCheck::ServiceCheck() : check_(MakeServiceCheck()) {}

sdk::CheckResult ServiceCheck::Run(const std::vector<std::string>& arguments,
                                   const checks::Environment& environment,
                                   const Host& host) const {
  checks::OptionTable::Outcome outcome = check_.options().Parse(arguments);
  if (auto* answer = std::get_if<sdk::CheckResult>(&outcome)) return std::move(*answer);
  const auto& parsed = std::get<Arguments>(outcome);
  if (parsed.Flag("fetch-only")) return FetchServices(parsed, host.manager, environment);
  return check_.RunParsed(parsed, environment,
                          [&](const Arguments& given, Sink<ServiceRow>& sink) {
                            return CollectServices(given, environment, host, sink);
                          });
}

}  // namespace nscp::check_system
