#include "workers/check_system/check_process.h"

#include <map>

#include "proto/cpp/text.h"
#include "workers/check_system/process_keywords.h"
#include "workers/check_system/process_times.h"

namespace nscp::check_system {
namespace {

using checks::Arguments;
using checks::Sink;

// Between the two samples of delta.
constexpr int kSampleMilliseconds = 1000;
// Bytes of the answer of fetch-only.
constexpr size_t kMaxFetched = 8 * 1024 * 1024;

// What NSClient++ has on Windows alone.
void AddWindowsOptions(checks::OptionTable& options) {
  options.Bool("scan-info",
               "Accepted for older configurations: what a call looks at is always read, "
               "and nothing else");
  options.Bool("scan-16bit",
               "Accepted for older configurations: Windows of 64 bits runs no programs "
               "of 16 bits");
  options.Bool("scan-unreadable",
               "Look whether each process may be opened. Those that may not are listed "
               "with the state unreadable, and the default filter lets them pass; "
               "without it they are judged by what the list of processes tells.");
}

checks::Check<ProcessRow> MakeProcessCheck(Platform platform) {
  checks::OptionTable options;
  options
      .List("process", {"*"},
            "Name of a program, in any case; may be given several times. * is all.\nA "
            "program that does not run is listed as stopped.")
      .HideDefault();
  options.Bool("delta",
               "Sample twice, a second apart: user, kernel and time become percent of "
               "the time of all processors");
  options.Bool("total", "Add a row with the total of all processes that match");
  options.Bool(
      "resolve-owner",
      platform == Platform::kUnix
          ? "Find the name of the owner for the keyword username.\nMay take long "
            "where users come from a remote directory."
          : "Accepted for the sake of other systems: the keyword username is "
            "filled whenever a call looks at it");
  options.Switch("fetch-only",
                 "List all processes in raw form: (,vsz_kb,rss_kb,cpu_s,pid) command");
  if (platform == Platform::kWindows) AddWindowsOptions(options);
  checks::FilterDefaults defaults;
  defaults.filter = {"state != 'unreadable'"};
  defaults.warning = {"state not in ('started')"};
  defaults.critical = {"state = 'stopped'", "count = 0"};
  defaults.empty_state = "unknown";
  defaults.top_syntax = "${status}: ${problem_list}";
  defaults.ok_syntax = "%(status): all processes are ok.";
  defaults.empty_syntax = "UNKNOWN: No processes found";
  defaults.detail_syntax = "${exe}=${state}";
  defaults.perf_syntax = "${exe}";
  const auto prepare = [platform](const Arguments& arguments,
                                  checks::FilterRequest& request) {
    if (platform == Platform::kWindows && arguments.Flag("scan-unreadable") &&
        !arguments.Given("filter")) {
      request.filter.clear();
    }
  };
  return {std::move(options), defaults, ProcessKeywords(platform), prepare};
}

// The programs that were asked for by name, and which of them have been seen.
class Names {
 public:
  explicit Names(const std::vector<std::string>& wanted) {
    for (const std::string& name : wanted) {
      if (name == "*") {
        all_ = true;
      } else {
        seen_.try_emplace(ToLowerAscii(name), name, false);
      }
    }
  }
  bool all() const { return all_; }
  bool Wants(std::string_view exe) const {
    return all_ || seen_.count(ToLowerAscii(exe)) > 0;
  }
  void MarkSeen(std::string_view exe) {
    const auto found = seen_.find(ToLowerAscii(exe));
    if (found != seen_.end()) found->second.second = true;
  }
  std::vector<std::string> Missing() const {
    std::vector<std::string> missing;
    for (const auto& [key, name] : seen_) {
      if (!name.second) missing.push_back(name.first);
    }
    return missing;
  }

 private:
  bool all_ = false;
  std::map<std::string, std::pair<std::string, bool>> seen_;  // lower case -> as given
};

void AddToTotal(const ProcessRow& row, ProcessRow& total) {
  total.started = total.started || row.started;
  for (const auto member :
       {&Process::virtual_size, &Process::working_set, &Process::peak_virtual_size,
        &Process::peak_working_set, &Process::page_faults}) {
    total.process.*member += row.process.*member;
  }
  for (const auto member : {&Process::page_file, &Process::peak_page_file}) {
    total.process.*member += row.process.*member;
  }
  for (const auto member :
       {&Process::handles, &Process::gdi_handles, &Process::user_handles}) {
    total.process.*member += row.process.*member;
  }
  for (const auto member : {&ProcessRow::user, &ProcessRow::kernel, &ProcessRow::total}) {
    total.*member += row.*member;
  }
}

// One run: collects the rows and hands them to the filter.
class ProcessRun {
 public:
  ProcessRun(const Arguments& arguments, const checks::Environment& environment,
             const ProcessCheck::Host& host, Platform platform, Sink<ProcessRow>& sink)
      : environment_(environment),
        host_(host),
        platform_(platform),
        sink_(sink),
        names_(arguments.List("process")),
        with_total_(arguments.Flag("total")),
        with_access_(platform == Platform::kWindows && arguments.Flag("scan-unreadable")),
        with_owner_(platform == Platform::kUnix && arguments.Flag("resolve-owner") &&
                    sink.Uses("username")) {}

  Status Collect(bool delta);

 private:
  ProcessWish Wish() const;
  Result<std::unique_ptr<Times>> MakeTimes(bool delta) const;
  bool AddProcess(Process&& process, const Times& times);
  bool Add(ProcessRow row);

  const checks::Environment& environment_;
  const ProcessCheck::Host& host_;
  const Platform platform_;
  Sink<ProcessRow>& sink_;
  Names names_;
  const bool with_total_;
  const bool with_access_;
  const bool with_owner_;
  ProcessRow total_;
};

ProcessWish ProcessRun::Wish() const {
  ProcessWish wish;
  wish.executable = !names_.all() || sink_.Uses("exe") || sink_.Uses("filename");
  wish.command_line = sink_.Uses("command_line");
  wish.details = with_owner_ || sink_.Uses("uid") || sink_.Uses("peak_virtual") ||
                 sink_.Uses("peak_working_set");
  if (platform_ == Platform::kWindows) {
    wish.path = sink_.Uses("filename");
    wish.owner = sink_.Uses("username");
    wish.windows =
        sink_.Uses("state") || sink_.Uses("hung") || sink_.Uses("legacy_state");
    wish.objects = sink_.Uses("gdi_handles") || sink_.Uses("user_handles");
    wish.wow64 = sink_.Uses("wow64");
    wish.access = with_access_;
  }
  if (!names_.all()) {
    wish.wanted = [this](std::string_view exe) { return names_.Wants(exe); };
  }
  wish.cancelled = environment_.cancelled;
  return wish;
}

Result<std::unique_ptr<Times>> ProcessRun::MakeTimes(bool delta) const {
  if (!delta) return {std::make_unique<Seconds>(host_.source.ticks_per_second())};
  auto shares = std::make_unique<Shares>();
  ProcessWish wish;
  const ProcessWish whole = Wish();
  wish.executable = whole.executable;
  wish.wanted = whole.wanted;
  wish.cancelled = whole.cancelled;
  RETURN_IF_ERROR(shares->TakeFirst(host_.source, wish));
  if (!host_.wait(kSampleMilliseconds)) {
    return Status::Cancelled("The check was stopped between its two samples");
  }
  RETURN_IF_ERROR(shares->TakeSecond(host_.source));
  return {std::unique_ptr<Times>(std::move(shares))};
}

bool ProcessRun::Add(ProcessRow row) {
  if (!with_total_) return sink_.Add(std::move(row));
  const size_t before = sink_.count();
  ProcessRow figures = row;
  const bool more = sink_.Add(std::move(row));
  if (sink_.count() > before) AddToTotal(figures, total_);
  return more;
}

bool ProcessRun::AddProcess(Process&& process, const Times& times) {
  names_.MarkSeen(process.exe);
  ProcessRow row;
  row.process = std::move(process);
  if (!times.Fill(row)) return true;
  row.started = IsStarted(row.process.letter);
  row.created = environment_.now - row.process.elapsed;
  row.zone = &host_.zone;
  if (with_owner_) row.process.username = host_.owner(row.process.uid);
  return Add(std::move(row));
}

Status ProcessRun::Collect(bool delta) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Times> times, MakeTimes(delta));
  RETURN_IF_ERROR(host_.source.ForEach(
      Wish(), [&](Process&& process) { return AddProcess(std::move(process), *times); }));
  for (const std::string& name : names_.Missing()) {
    ProcessRow row;
    row.process.exe = name;
    if (!Add(std::move(row))) return Status::Ok();
  }
  if (with_total_) {
    total_.process.exe = "total";
    sink_.Add(std::move(total_));
  }
  return Status::Ok();
}

std::string RawLine(const Process& process, uint64_t ticks_per_second) {
  const uint64_t seconds = (process.user_ticks + process.kernel_ticks) / ticks_per_second;
  const std::string& command =
      process.command_line.empty() ? process.exe : process.command_line;
  return "(," + std::to_string(process.virtual_size / 1024) + "," +
         std::to_string(process.working_set / 1024) + "," + std::to_string(seconds) +
         "," + std::to_string(process.pid) + ") " + ReplaceAll(command, "\n", " ");
}

sdk::CheckResult FetchOnly(const ProcessSource& source,
                           const checks::Environment& environment) {
  ProcessWish wish;
  wish.command_line = true;
  wish.cancelled = environment.cancelled;
  std::string text;
  const Status listed = source.ForEach(wish, [&](Process&& process) {
    if (!text.empty()) text += '\n';
    text += RawLine(process, source.ticks_per_second());
    return text.size() < kMaxFetched;
  });
  if (!listed.ok()) return sdk::CheckResult::Unknown(listed.message());
  return sdk::CheckResult::Of(sdk::State::kOk, std::move(text));
}

}  // namespace

ProcessCheck::ProcessCheck(Platform platform)
    : platform_(platform), check_(MakeProcessCheck(platform)) {}

sdk::CheckResult ProcessCheck::Run(const std::vector<std::string>& arguments,
                                   const checks::Environment& environment,
                                   const Host& host) const {
  checks::OptionTable::Outcome outcome = check_.options().Parse(arguments);
  if (auto* answer = std::get_if<sdk::CheckResult>(&outcome)) return std::move(*answer);
  const auto& parsed = std::get<Arguments>(outcome);
  if (parsed.Flag("fetch-only")) return FetchOnly(host.source, environment);
  return check_.RunParsed(parsed, environment,
                          [&](const Arguments& given, Sink<ProcessRow>& sink) -> Status {
                            return ProcessRun(given, environment, host, platform_, sink)
                                .Collect(given.Flag("delta"));
                          });
}

}  // namespace nscp::check_system
