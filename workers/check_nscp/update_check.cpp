#include "workers/check_nscp/update_check.h"

#include "workers/checks/formats.h"

namespace nscp::check_nscp {
namespace {

checks::Keywords<UpdateRow> UpdateKeywords() {
  checks::Keywords<UpdateRow> k;
  k.Text("version", "The version that runs",
         [](const UpdateRow& row) -> std::string_view { return row.running.text; });
  k.Text(
      "latest_version", "The newest version that is released",
      [](const UpdateRow& row) -> std::string_view { return row.latest.version.text; });
  k.Integer(
      "update_available", "1 if the newest version is newer than the one that runs",
      [](const UpdateRow& row) { return IsNewer(row.latest.version, row.running); });
  k.Integer("experimental", "1 if the newest version is one for testing",
            [](const UpdateRow& row) { return row.latest.experimental; });
  k.Text("published", "When the newest version was released, as its list says it",
         [](const UpdateRow& row) -> std::string_view { return row.latest.published; });
  k.Text("release_url", "The page of the newest version",
         [](const UpdateRow& row) -> std::string_view { return row.latest.page; });
  k.Date("checked", "When the list of releases was last asked for",
         [](const UpdateRow& row) { return row.checked_at; });
  return k;
}

checks::Check<UpdateRow> MakeUpdateCheck() {
  checks::FilterDefaults defaults;
  defaults.warning = {"update_available = 1"};
  defaults.critical = {"update_available = 1"};
  defaults.top_syntax = "${status}: ${list}";
  defaults.detail_syntax = "${version} (latest: ${latest_version})";
  defaults.perf_syntax = "version";
  return {checks::OptionTable(), defaults, UpdateKeywords()};
}

// An answer from an old list says so: a newer release may be missing in it.
void TellAge(const UpdateSource::Known& known, int64_t now, sdk::CheckResult* result) {
  if (known.failure.ok() || result->lines.empty()) return;
  result->lines[0].message += " (known for " +
                              checks::FormatUptime(now - known.releases.checked_at) +
                              ", since then: " + known.failure.message() + ")";
}

}  // namespace

UpdateCheck::UpdateCheck() : check_(MakeUpdateCheck()) {}

sdk::CheckResult UpdateCheck::Run(const std::vector<std::string>& arguments,
                                  const checks::Environment& environment,
                                  const Version& running,
                                  const Result<UpdateSettings>& settings,
                                  UpdateSource& source,
                                  std::chrono::steady_clock::time_point deadline) const {
  UpdateSource::Known known;
  sdk::CheckResult result = check_.Run(
      arguments, environment,
      [&](const checks::Arguments&, checks::Sink<UpdateRow>& sink) -> Status {
        if (!settings.ok()) return settings.status();
        ASSIGN_OR_RETURN(known, source.Ask(*settings, environment.now, deadline));
        const Release* latest = known.releases.Latest(settings->experimental);
        if (latest == nullptr) {
          return Status::NotFound("No release is listed at " + settings->url);
        }
        sink.Add({running, *latest, known.releases.checked_at});
        return Status::Ok();
      });
  TellAge(known, environment.now, &result);
  return result;
}

}  // namespace nscp::check_nscp
