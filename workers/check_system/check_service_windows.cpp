#include "workers/check_system/check_service_windows.h"

#include <algorithm>
#include <map>
#include <set>

#include "proto/cpp/text.h"
#include "workers/check_system/windows_service_class.h"
#include "workers/check_system/windows_service_keywords.h"

namespace nscp::check_system {
namespace {

using checks::Arguments;
using checks::Sink;

constexpr char kEvery[] = "*";
constexpr const char* kClassOptions[] = {"only-essential",  "only-ignored", "only-role",
                                         "only-supporting", "only-system",  "only-user"};
constexpr char kOnly[] = "only-";

struct TypeWord {
  const char* word;
  uint32_t bits;
};
constexpr TypeWord kTypes[] = {
    {"service", kServiceTypeService},
    {"driver", kServiceTypeDriver},
    {"kernel-driver", kServiceTypeKernelDriver},
    {"file-system-driver", kServiceTypeFileSystem},
    {"service-own-process", kServiceTypeOwnProcess},
    {"service-share-process", kServiceTypeShareProcess},
    {"all", kServiceTypeAll},
};

void AddServiceOptions(checks::OptionTable& options) {
  options.Text("computer", "",
               "Another computer whose services are asked for, with the rights of the "
               "account that the agent runs under");
  options
      .List("service", {kEvery},
            "Name of a service, or the name that the list of services shows, in any "
            "case; may be given several times. * is all.")
      .HideDefault();
  options.List("exclude", {},
               "Name of a service to leave out, or the name that is shown; may be given "
               "several times");
  options.Text("type", "service",
               "Kind of services: service, service-own-process, service-share-process, "
               "driver, kernel-driver, file-system-driver or all, several separated by "
               "commas");
  options.Text("state", "all",
               "Of all services only those that are active (whatever they do) or "
               "inactive (stopped), or all");
  options.Switch("fetch-only", "List services in raw form: name state/start_type text");
  for (const char* name : kClassOptions) {
    const std::string word(std::string_view(name).substr(sizeof(kOnly) - 1));
    options.Bool(name, "Only services of the classification " + word +
                           "; may be combined with the others of its kind");
  }
}

checks::Check<ServiceRow> MakeWindowsServiceCheck() {
  checks::OptionTable options;
  AddServiceOptions(options);
  checks::FilterDefaults defaults;
  defaults.warning = {"not state_is_perfect()"};
  defaults.critical = {"not state_is_ok()"};
  defaults.empty_state = "unknown";
  defaults.top_syntax = "${status}: ${problem_list}";
  defaults.ok_syntax = "%(status): All %(count) service(s) are ok.";
  defaults.empty_syntax = "%(status): No services found";
  defaults.detail_syntax = "${name}=${state} (${start_type})";
  defaults.perf_syntax = "${name}";
  return {std::move(options), defaults, WindowsServiceKeywords()};
}

std::set<std::string> LowerSet(const std::vector<std::string>& names) {
  std::set<std::string> lower;
  for (const std::string& name : names) lower.insert(ToLowerAscii(name));
  return lower;
}

bool Holds(const std::set<std::string>& names, const WindowsService& service) {
  return names.count(ToLowerAscii(service.name)) > 0 ||
         names.count(ToLowerAscii(service.display)) > 0;
}

// Which services a call is about.
struct ServiceChoice {
  bool all = false;
  std::string state;
  std::set<std::string> named;
  std::set<std::string> excluded;
  std::set<std::string, std::less<>> classes;

  bool Takes(const WindowsService& service) const {
    if (Holds(excluded, service)) return false;
    if (!all && !Holds(named, service)) return false;
    if (!classes.empty() && classes.count(ServiceClass(service.name)) == 0) return false;
    if (!all || state == "all") return true;
    return (service.state == WindowsState::kStopped) == (state == "inactive");
  }
};

Result<uint32_t> ReadTypes(const std::string& text) {
  uint32_t types = 0;
  for (const std::string& word : SplitList(text)) {
    const auto* found =
        std::find_if(std::begin(kTypes), std::end(kTypes),
                     [&](const TypeWord& row) { return word == row.word; });
    if (found == std::end(kTypes)) {
      return Status::InvalidArgument("Invalid type: '" + word +
                                     "' (expected service, driver, kernel-driver, "
                                     "file-system-driver, service-own-process, "
                                     "service-share-process or all)");
    }
    types |= found->bits;
  }
  if (types == 0) return Status::InvalidArgument("Invalid type: '' (such as service)");
  return types;
}

Result<ServiceChoice> ReadServiceChoice(const Arguments& arguments) {
  ServiceChoice choice;
  choice.state = arguments.Text("state");
  if (choice.state != "all" && choice.state != "active" && choice.state != "inactive") {
    return Status::InvalidArgument("Invalid state: '" + choice.state +
                                   "' (expected one of active|inactive|all)");
  }
  const auto& names = arguments.List("service");
  choice.all = std::find(names.begin(), names.end(), kEvery) != names.end();
  choice.named = LowerSet(names);
  choice.excluded = LowerSet(arguments.List("exclude"));
  for (const char* name : kClassOptions) {
    if (!arguments.Flag(name)) continue;
    choice.classes.insert(std::string(std::string_view(name).substr(sizeof(kOnly) - 1)));
  }
  return choice;
}

bool UsesAny(const Sink<ServiceRow>& sink, std::initializer_list<const char*> keywords) {
  return std::any_of(keywords.begin(), keywords.end(),
                     [&](const char* keyword) { return sink.Uses(keyword); });
}

// The processes of services, all from one list.
Result<std::map<int64_t, Process>> ReadProcesses(const ProcessSource& source,
                                                 const checks::Environment& environment) {
  ProcessWish wish;
  wish.cancelled = environment.cancelled;
  std::map<int64_t, Process> processes;
  RETURN_IF_ERROR(source.ForEach(wish, [&](Process&& process) {
    const int64_t pid = process.pid;
    processes.emplace(pid, std::move(process));
    return true;
  }));
  return processes;
}

// As they were given: those that no service has.
std::vector<std::string> Missing(const std::vector<std::string>& names,
                                 const std::set<std::string>& excluded,
                                 const std::vector<WindowsService>& services) {
  std::set<std::string> known = excluded;
  for (const WindowsService& service : services) {
    known.insert(ToLowerAscii(service.name));
    known.insert(ToLowerAscii(service.display));
  }
  std::vector<std::string> missing;
  for (const std::string& name : names) {
    if (name != kEvery && known.insert(ToLowerAscii(name)).second) {
      missing.push_back(name);
    }
  }
  return missing;
}

Result<ServiceQuery> MakeQuery(const Arguments& arguments, const ServiceChoice& choice,
                               const checks::Environment& environment) {
  ServiceQuery query;
  query.computer = arguments.Text("computer");
  ASSIGN_OR_RETURN(query.types, ReadTypes(arguments.Text("type")));
  query.wanted = [&choice](const WindowsService& service) {
    return choice.Takes(service);
  };
  query.cancelled = environment.cancelled;
  return query;
}

Result<std::string> RawServices(const Arguments& arguments,
                                const checks::Environment& environment,
                                const WindowsServices& services) {
  ASSIGN_OR_RETURN(const ServiceChoice choice, ReadServiceChoice(arguments));
  ASSIGN_OR_RETURN(ServiceQuery query, MakeQuery(arguments, choice, environment));
  query.config = true;
  ASSIGN_OR_RETURN(const auto found, services.List(query));
  std::vector<std::string> lines;
  for (const WindowsService& service : found) {
    lines.push_back(service.name + " " + std::string(WindowsStateWord(service.state)) +
                    "/" + std::string(WindowsStartWord(StartOf(service))) + " " +
                    ReplaceAll(service.display, "\n", " "));
  }
  return Join(lines, "\n");
}

// One run: collects the services and hands them to the filter.
class ServiceRun {
 public:
  ServiceRun(const Arguments& arguments, const checks::Environment& environment,
             const WindowsServiceCheck::Host& host, Sink<ServiceRow>& sink)
      : arguments_(arguments), environment_(environment), host_(host), sink_(sink) {}

  Status Collect() {
    ASSIGN_OR_RETURN(const ServiceChoice choice, ReadServiceChoice(arguments_));
    ASSIGN_OR_RETURN(std::vector<WindowsService> services, Read(choice));
    // A service of another class is there all the same.
    std::vector<std::string> missing;
    if (choice.classes.empty()) {
      missing = Missing(arguments_.List("service"), choice.excluded, services);
    }
    // One that is missing among others is not as it should be; if there are none, that is
    // the answer.
    if (services.empty() && !missing.empty()) {
      return Status::NotFound("There is no service " + Join(missing, ", ") +
                              " (give its name, or the name that the list of services "
                              "shows)");
    }
    if (UsesAny(sink_, {"rss", "vms", "cpu", "created", "age", "tasks"}) &&
        arguments_.Text("computer").empty()) {
      ASSIGN_OR_RETURN(processes_, ReadProcesses(host_.processes, environment_));
    }
    for (WindowsService& service : services) {
      if (!Add(std::move(service))) return Status::Ok();
    }
    for (const std::string& name : missing) {
      WindowsService service;
      service.name = name;
      service.display = "There is no such service";
      if (!Add(std::move(service))) return Status::Ok();
    }
    return Status::Ok();
  }

 private:
  Result<std::vector<WindowsService>> Read(const ServiceChoice& choice) const {
    ASSIGN_OR_RETURN(ServiceQuery query, MakeQuery(arguments_, choice, environment_));
    query.config = UsesAny(sink_, {"start_type", "delayed", "is_trigger", "state_is_ok",
                                   "state_is_perfect"});
    return host_.services.List(query);
  }

  bool Add(WindowsService service) {
    ServiceRow row;
    row.unit.main_pid = service.pid;
    row.windows = std::move(service);
    row.now = environment_.now;
    row.zone = &host_.zone;
    row.ticks_per_second = host_.processes.ticks_per_second();
    const auto process = processes_.find(row.unit.main_pid);
    if (row.unit.main_pid != 0 && process != processes_.end()) {
      row.process = process->second;
      row.unit.tasks = static_cast<uint64_t>(process->second.threads);
    }
    return sink_.Add(std::move(row));
  }

  const Arguments& arguments_;
  const checks::Environment& environment_;
  const WindowsServiceCheck::Host& host_;
  Sink<ServiceRow>& sink_;
  std::map<int64_t, Process> processes_;
};

}  // namespace

WindowsServiceCheck::WindowsServiceCheck() : check_(MakeWindowsServiceCheck()) {}

sdk::CheckResult WindowsServiceCheck::Run(const std::vector<std::string>& arguments,
                                          const checks::Environment& environment,
                                          const Host& host) const {
  checks::OptionTable::Outcome outcome = check_.options().Parse(arguments);
  if (auto* answer = std::get_if<sdk::CheckResult>(&outcome)) return std::move(*answer);
  const auto& parsed = std::get<Arguments>(outcome);
  if (parsed.Flag("fetch-only")) {
    auto text = RawServices(parsed, environment, host.services);
    if (!text.ok()) return sdk::CheckResult::Unknown(text.status().message());
    return sdk::CheckResult::Of(sdk::State::kOk, std::move(text).value());
  }
  return check_.RunParsed(parsed, environment,
                          [&](const Arguments& given, Sink<ServiceRow>& sink) {
                            return ServiceRun(given, environment, host, sink).Collect();
                          });
}

}  // namespace nscp::check_system
