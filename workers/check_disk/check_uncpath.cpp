#include "workers/check_disk/check_uncpath.h"

#include "workers/checks/formats.h"

namespace nscp::check_disk {
namespace {

using checks::Arguments;
using checks::Sink;

int64_t PercentOfSpace(uint64_t part, uint64_t whole) {
  if (whole == 0) return 0;
  return checks::RoundToInteger(100 * static_cast<double>(part) /
                                static_cast<double>(whole));
}

checks::Keywords<ShareRow> ShareKeywords() {
  checks::Keywords<ShareRow> k;
  k.Text("path", "The path as given",
         [](const ShareRow& row) -> std::string_view { return row.path; });
  const auto bytes = [&](const char* name, const char* description, auto of) {
    k.Size(name, description, [of](const ShareRow& row) { return of(row.space); })
        .Human([of](const ShareRow& row) {
          return checks::FormatBytes(static_cast<double>(of(row.space)));
        })
        .Perf("B", std::string("_") + name);
  };
  bytes("size", "Size of the file system in bytes",
        [](const Space& s) { return s.size; });
  bytes("free", "Bytes that are free, also what is kept back for root",
        [](const Space& s) { return s.free; });
  bytes("used", "Bytes in use", [](const Space& s) { return s.size - s.free; });
  bytes("user_free", "Bytes that are free for the agent's account",
        [](const Space& s) { return s.user_free; });
  const auto percent = [&](const char* name, const char* description, auto of) {
    k.Percent(name, description, [of](const ShareRow& row) {
       return PercentOfSpace(of(row.space), row.space.size);
     }).Perf("%", std::string("_") + name);
  };
  percent("free_pct", "Free space in percent", [](const Space& s) { return s.free; });
  percent("used_pct", "Used space in percent",
          [](const Space& s) { return s.size - s.free; });
  return k;
}

checks::Check<ShareRow> MakeUncCheck() {
  checks::OptionTable options;
  options.List(
      "path", {},
      "Path to check, such as \\\\server\\share; may be given several times.\nOn "
      "Linux any path, such as a mounted share.");
  options.Text("user", "", "User to connect as (Windows only)");
  options.Text("password", "", "Password of that user (Windows only)");
  checks::FilterDefaults defaults;
  defaults.warning = {"used_pct > 80"};
  defaults.critical = {"used_pct > 90"};
  defaults.empty_state = "unknown";
  defaults.top_syntax = "${status}: ${list}";
  defaults.ok_syntax = "%(status): All UNC paths are ok.";
  defaults.empty_syntax = "%(status): No paths checked";
  defaults.detail_syntax = "${path}: ${used}/${size} used (${free} free)";
  defaults.perf_syntax = "${path}";
  return {std::move(options), defaults, ShareKeywords()};
}

}  // namespace

UncPathCheck::UncPathCheck() : check_(MakeUncCheck()) {}

sdk::CheckResult UncPathCheck::Run(const std::vector<std::string>& arguments,
                                   const checks::Environment& environment,
                                   const Read& read) const {
  return check_.Run(arguments, environment,
                    [&](const Arguments& parsed, Sink<ShareRow>& sink) -> Status {
                      if (parsed.List("path").empty()) {
                        return Status::InvalidArgument(
                            "No path specified (use path=\\\\server\\share)");
                      }
                      const Account account{parsed.Text("user"), parsed.Text("password")};
                      for (const std::string& path : parsed.List("path")) {
                        ASSIGN_OR_RETURN(const Space space, read(path, account));
                        if (!sink.Add(ShareRow{path, space})) break;
                      }
                      return Status::Ok();
                    });
}

}  // namespace nscp::check_disk
