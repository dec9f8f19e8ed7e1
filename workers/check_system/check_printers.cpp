#include "workers/check_system/check_printers.h"

#include <map>

#include "proto/cpp/text.h"

namespace nscp::check_system {
namespace {

int64_t AgeOf(int64_t then, int64_t now) {
  return then == 0 ? -1 : std::max<int64_t>(0, now - then);
}

template <class Row, class IsSet>
void AddPrintFlag(const char* name, const char* description, IsSet is_set,
                  checks::Keywords<Row>& k) {
  k.Integer(name, description, [is_set](const Row& row) {
     return is_set(row) ? 1 : 0;
   }).NoPerf();
}

void AddPrinterFlags(checks::Keywords<PrintQueueRow>& k) {
  const auto flag = [&k](const char* name, const char* description,
                         bool (Printer::*is_set)() const) {
    AddPrintFlag(
        name, description,
        [is_set](const PrintQueueRow& row) { return (row.printer.*is_set)(); }, k);
  };
  flag("offline", "1 if the printer is offline", &Printer::offline);
  flag("error", "1 if the printer needs somebody: paper, toner, a jam, an open door",
       &Printer::error);
  flag("default", "1 if it is the default printer", &Printer::is_default);
  flag("shared", "1 if it is shared", &Printer::shared);
  flag("network", "1 if it is a printer of the network", &Printer::network);
}

checks::Keywords<PrintQueueRow> PrintQueueKeywords() {
  using Row = PrintQueueRow;
  checks::Keywords<Row> k;
  const auto text = [&k](const char* name, const char* description,
                         std::string Printer::*member) {
    k.Text(name, description,
           [member](const Row& row) -> std::string_view { return row.printer.*member; });
  };
  text("printer", "Name of the printer", &Printer::name);
  k.Text("printer_status", "idle, printing, warmup, stopped_printing or offline",
         [](const Row& row) { return row.printer.StatusWord(); });
  k.Text("error_state",
         "What is wrong: no_error, jammed, no_paper, door_open, no_toner, low_toner, "
         "output_bin_full, service_requested, offline or other",
         [](const Row& row) { return row.printer.ErrorWord(); });
  text("driver", "The driver that it prints with", &Printer::driver);
  text("port", "The port that it prints through", &Printer::port);
  text("location", "Where it stands, as its settings say", &Printer::location);
  text("share", "Name under which it is shared", &Printer::share);
  text("server", "Print server that it belongs to; empty for a local one",
       &Printer::server);
  k.Integer("jobs", "Number of jobs that wait", &Row::jobs);
  k.Integer("error_jobs", "Number of those that have failed", &Row::error_jobs);
  k.Duration("oldest_job_age",
             "Seconds that the oldest of them waits, also written as 30m; -1 without one",
             [](const Row& row) { return AgeOf(row.oldest, row.now); })
      .Perf("s", "_oldest_job_age");
  AddPrinterFlags(k);
  return k;
}

void AddJobFlags(checks::Keywords<PrintJobRow>& k) {
  const struct {
    const char* name;
    const char* description;
    uint32_t bit;
  } flags[] = {
      {"error", "1 if the job has failed", kJobError},
      {"paused", "1 if it is paused", kJobPaused},
      {"printing", "1 if it is being printed", kJobPrinting},
      {"spooling", "1 if it is still being received", kJobSpooling},
      {"blocked", "1 if the driver cannot print it", kJobBlocked},
      {"user_intervention", "1 if somebody has to go to the printer",
       kJobUserIntervention},
      {"offline", "1 if its printer is offline", kJobOffline},
      {"paper_out", "1 if it waits for paper", kJobPaperOut},
  };
  for (const auto& flag : flags) {
    AddPrintFlag(
        flag.name, flag.description,
        [bit = flag.bit](const PrintJobRow& row) { return row.job.Has(bit); }, k);
  }
}

checks::Keywords<PrintJobRow> PrintJobKeywords() {
  using Row = PrintJobRow;
  checks::Keywords<Row> k;
  const auto text = [&k](const char* name, const char* description,
                         std::string PrintJob::*member) {
    k.Text(name, description,
           [member](const Row& row) -> std::string_view { return row.job.*member; });
  };
  text("printer", "Name of the printer that the job waits for", &PrintJob::printer);
  text("document", "What is printed", &PrintJob::document);
  text("owner", "Who prints it", &PrintJob::owner);
  k.Text("job_status", "queued, printing, spooling, error, paused, blocked ...",
         [](const Row& row) { return row.job.StatusWords(); });
  k.Text("submitted", "When it was sent to the printer", [](const Row& row) {
    return row.job.submitted == 0 || row.zone == nullptr
               ? std::string("unknown")
               : row.zone->Format(row.job.submitted);
  });
  k.Duration("age", "Seconds since then, also written as 30m; -1 where it is not known",
             [](const Row& row) { return AgeOf(row.job.submitted, row.now); })
      .Perf("s", "_age");
  k.Size("size", "Size of the job", [](const Row& row) {
     return row.job.size;
   }).Perf("B", "_size");
  const auto number = [&k](const char* name, const char* description,
                           int64_t PrintJob::*member) {
    return k.Integer(name, description,
                     [member](const Row& row) { return row.job.*member; });
  };
  number("pages", "Number of its pages; 0 where the driver does not tell",
         &PrintJob::pages);
  number("pages_printed", "Number of those that are printed", &PrintJob::pages_printed);
  number("id", "Number of the job", &PrintJob::id).NoPerf();
  number("priority", "Its priority, 1 to 99", &PrintJob::priority).NoPerf();
  k.Integer("status_mask", "Its states as Windows' number (JOB_STATUS_...)",
            [](const Row& row) { return row.job.status; })
      .NoPerf();
  AddJobFlags(k);
  return k;
}

checks::Check<PrintQueueRow> MakePrintQueueCheck() {
  checks::FilterDefaults defaults;
  defaults.warning = {"jobs > 10"};
  defaults.critical = {"error = 1"};
  defaults.empty_state = "ok";
  defaults.ok_syntax = "%(status): All %(count) printer(s) ok.";
  defaults.empty_syntax = "%(status): No printers found";
  defaults.detail_syntax = "${printer}: ${printer_status}, ${jobs} job(s)";
  defaults.perf_syntax = "${printer}";
  return {checks::OptionTable(), defaults, PrintQueueKeywords()};
}

checks::Check<PrintJobRow> MakePrintJobsCheck() {
  checks::FilterDefaults defaults;
  defaults.warning = {"age > 600"};
  defaults.critical = {"error = 1 or blocked = 1 or user_intervention = 1"};
  defaults.empty_state = "ok";
  defaults.ok_syntax = "%(status): All %(count) job(s) ok.";
  defaults.empty_syntax = "%(status): No print jobs queued";
  defaults.detail_syntax =
      "${printer}: '${document}' by ${owner} (${job_status}, ${age}s)";
  defaults.perf_syntax = "${printer}_${id}";
  defaults.perf_config = "extra(count)";
  return {checks::OptionTable(), defaults, PrintJobKeywords()};
}

// One queue that cannot be read is told to the log and is offline; where it goes for all
// of them, none must pass for empty.
Result<PrintQueues> ReadQueues(const ReadPrintQueues& read,
                               const checks::Environment& environment) {
  ASSIGN_OR_RETURN(PrintQueues queues, read(environment.cancelled));
  for (const std::string& problem : queues.problems) {
    environment.Write(sdk::LogLevel::kWarning, problem);
  }
  if (!queues.problems.empty() && queues.problems.size() >= queues.printers.size()) {
    return Status::Unavailable(Join(queues.problems, "; "));
  }
  return queues;
}

}  // namespace

std::vector<PrintQueueRow> MakePrintQueues(const PrintQueues& queues, int64_t now) {
  std::vector<PrintQueueRow> rows;
  std::map<std::string, size_t> places;
  for (const Printer& printer : queues.printers) {
    if (!places.emplace(ToLowerAscii(printer.name), rows.size()).second) continue;
    rows.push_back({printer, 0, 0, 0, now});
  }
  for (const PrintJob& job : queues.jobs) {
    const auto place = places.find(ToLowerAscii(job.printer));
    if (place == places.end()) continue;
    PrintQueueRow& row = rows[place->second];
    ++row.jobs;
    if (job.Has(kJobError)) ++row.error_jobs;
    const bool is_older =
        job.submitted > 0 && (row.oldest == 0 || job.submitted < row.oldest);
    if (is_older) row.oldest = job.submitted;
  }
  return rows;
}

PrintQueueCheck::PrintQueueCheck() : check_(MakePrintQueueCheck()) {}

sdk::CheckResult PrintQueueCheck::Run(const std::vector<std::string>& arguments,
                                      const checks::Environment& environment,
                                      const ReadPrintQueues& read) const {
  return check_.Run(
      arguments, environment,
      [&](const checks::Arguments&, checks::Sink<PrintQueueRow>& sink) -> Status {
        ASSIGN_OR_RETURN(const PrintQueues queues, ReadQueues(read, environment));
        for (PrintQueueRow& row : MakePrintQueues(queues, environment.now)) {
          if (!sink.Add(std::move(row))) break;
        }
        return Status::Ok();
      });
}

PrintJobsCheck::PrintJobsCheck() : check_(MakePrintJobsCheck()) {}

sdk::CheckResult PrintJobsCheck::Run(const std::vector<std::string>& arguments,
                                     const checks::Environment& environment,
                                     const ReadPrintQueues& read,
                                     const checks::TimeZone& zone) const {
  return check_.Run(
      arguments, environment,
      [&](const checks::Arguments&, checks::Sink<PrintJobRow>& sink) -> Status {
        ASSIGN_OR_RETURN(const PrintQueues queues, ReadQueues(read, environment));
        for (const PrintJob& job : queues.jobs) {
          if (!sink.Add(PrintJobRow{job, environment.now, &zone})) break;
        }
        return Status::Ok();
      });
}

}  // namespace nscp::check_system
