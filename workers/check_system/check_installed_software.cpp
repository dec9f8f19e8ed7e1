#include "workers/check_system/check_installed_software.h"

#include "workers/checks/formats.h"

namespace nscp::check_system {
namespace {

constexpr char kNoDate[] = "unknown";

std::string DateText(const SoftwareRow& row) {
  if (!row.software.installed || row.zone == nullptr) return kNoDate;
  return row.zone->Format(*row.software.installed);
}

checks::Keywords<SoftwareRow> SoftwareKeywords() {
  checks::Keywords<SoftwareRow> k;
  auto text = [&](const char* name, const char* description,
                  std::string Software::*member) {
    k.Text(name, description, [member](const SoftwareRow& row) -> std::string_view {
      return row.software.*member;
    });
  };
  text("name", "Name of the package", &Software::name);
  text("version", "Its version, as its package manager writes it", &Software::version);
  text("publisher", "Who made the package: its maintainer, vendor or packager",
       &Software::publisher);
  text("architecture", "What it runs on, such as amd64 or all", &Software::architecture);
  text("manager",
       "The package manager that knows it: dpkg, rpm or pacman; windows for its own list",
       &Software::manager);
  text("package_status",
       "installed; of dpkg also the words for what was begun and not finished, such as "
       "half-configured",
       &Software::status);
  k.Date("install_date", "When it was installed, or changed the last time",
         [](const SoftwareRow& row) { return row.software.installed; })
      .NoValue(kNoDate)
      .Human(DateText);
  k.Text("install_date_s", "The same as text", DateText);
  k.Size("size", "What it takes on disk in bytes",
         [](const SoftwareRow& row) { return row.software.size; })
      .Human([](const SoftwareRow& row) {
        return checks::FormatBytes(static_cast<double>(row.software.size));
      })
      .PerfBytes("_size");
  return k;
}

checks::Check<SoftwareRow> MakeSoftwareCheck() {
  checks::FilterDefaults defaults;
  defaults.empty_state = "ok";
  defaults.perf_config = "install_date(ignored:true)extra(count)";
  defaults.top_syntax = "${status}: ${problem_list}";
  defaults.ok_syntax = "%(status): %(count) software packages installed.";
  defaults.empty_syntax = "%(status): No installed software found";
  defaults.detail_syntax = "${name} ${version} (${publisher})";
  defaults.perf_syntax = "${name}";
  return {checks::OptionTable(), defaults, SoftwareKeywords()};
}

}  // namespace

InstalledSoftwareCheck::InstalledSoftwareCheck() : check_(MakeSoftwareCheck()) {}

sdk::CheckResult InstalledSoftwareCheck::Run(const std::vector<std::string>& arguments,
                                             const checks::Environment& environment,
                                             const List& list,
                                             const checks::TimeZone& zone) const {
  return check_.Run(
      arguments, environment,
      [&](const checks::Arguments&, checks::Sink<SoftwareRow>& sink) -> Status {
        ASSIGN_OR_RETURN(std::vector<Software> packages, list());
        for (Software& package : packages) {
          if (!sink.Add(SoftwareRow{std::move(package), &zone})) break;
        }
        return Status::Ok();
      });
}

}  // namespace nscp::check_system
