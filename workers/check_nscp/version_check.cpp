#include "workers/check_nscp/version_check.h"

namespace nscp::check_nscp {
namespace {

checks::Keywords<Version> VersionKeywords() {
  checks::Keywords<Version> k;
  k.Text("version", "The agent's version, such as 0.16.4",
         [](const Version& v) -> std::string_view { return v.text; });
  k.Text("date", "The day on which this version was made, such as 2026-11-21",
         [](const Version& v) -> std::string_view { return v.date; });
  k.Integer("release", "The first number of the version",
            [](const Version& v) { return v.numbers[0]; });
  k.Integer("major", "The second number of the version",
            [](const Version& v) { return v.numbers[1]; });
  k.Integer("minor", "The third number of the version",
            [](const Version& v) { return v.numbers[2]; });
  k.Integer("build", "The fourth number of the version; 0 where there is none",
            [](const Version& v) { return v.numbers[3]; });
  return k;
}

checks::Check<Version> MakeVersionCheck() {
  checks::FilterDefaults defaults;
  defaults.top_syntax = "${status}: ${list}";
  defaults.detail_syntax = "${version} (${date})";
  defaults.perf_syntax = "version";
  return {checks::OptionTable(), defaults, VersionKeywords()};
}

}  // namespace

VersionCheck::VersionCheck() : check_(MakeVersionCheck()) {}

sdk::CheckResult VersionCheck::Run(const std::vector<std::string>& arguments,
                                   const checks::Environment& environment,
                                   const Version& version) const {
  return check_.Run(arguments, environment,
                    [&](const checks::Arguments&, checks::Sink<Version>& sink) {
                      sink.Add(version);
                      return Status::Ok();
                    });
}

}  // namespace nscp::check_nscp
