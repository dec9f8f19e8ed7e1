#include "workers/sample_cpp/space_check.h"

#include <filesystem>
#include <string_view>

#include "proto/cpp/utf8.h"
#include "workers/checks/formats.h"

namespace nscp::sample_cpp {
namespace {

namespace fs = std::filesystem;

double UsedPercent(const Space& space) {
  if (space.size == 0) return 0;
  return 100.0 * static_cast<double>(space.size - space.free) /
         static_cast<double>(space.size);
}

std::string InWords(int64_t bytes) {
  return checks::FormatBytes(static_cast<double>(bytes));
}

checks::Keywords<Space> SpaceKeywords() {
  checks::Keywords<Space> k;
  k.Text("name", "What the settings call the folder",
         [](const Space& s) -> std::string_view { return s.name; });
  k.Text("path", "The folder", [](const Space& s) -> std::string_view { return s.path; });
  k.Size("size", "Size of the file system", [](const Space& s) {
     return s.size;
   }).Human([](const Space& s) { return InWords(s.size); });
  k.Size("free", "What is free of it", [](const Space& s) { return s.free; })
      .Human([](const Space& s) { return InWords(s.free); })
      .PerfBytes("", [](const Space& s) { return s.size; });
  k.Percent("used_pct", "How full it is, in percent", UsedPercent).Perf("%", "");
  return k;
}

checks::Check<Space> MakeCheck() {
  checks::FilterDefaults defaults;
  defaults.warning = {"used_pct > 80"};
  defaults.critical = {"used_pct > 90"};
  defaults.top_syntax = "${status}: ${problem_list}";
  defaults.ok_syntax = "%(status): All %(count) folder(s) have room.";
  defaults.detail_syntax = "${name}: ${free} of ${size} free";
  defaults.perf_syntax = "${name}";
  defaults.empty_state = "unknown";
  defaults.empty_syntax = "%(status): No folders: name some in the settings.";
  return {checks::OptionTable(), defaults, SpaceKeywords()};
}

}  // namespace

Result<std::vector<Space>> CollectSpace(const std::vector<Folder>& folders) {
  std::vector<Space> spaces;
  for (const Folder& folder : folders) {
    std::error_code error;
    const fs::space_info info = fs::space(fs::u8path(RepairUtf8(folder.path)), error);
    if (error) {
      return Status::NotFound("Failed to look at " + folder.name + " (" + folder.path +
                              "): " + error.message());
    }
    spaces.push_back({folder.name, folder.path, static_cast<int64_t>(info.capacity),
                      static_cast<int64_t>(info.available)});
  }
  return spaces;
}

SpaceCheck::SpaceCheck() : check_(MakeCheck()) {}

sdk::CheckResult SpaceCheck::Run(const std::vector<std::string>& arguments,
                                 const checks::Environment& environment,
                                 const Result<std::vector<Space>>& spaces) const {
  return check_.Run(arguments, environment,
                    [&](const checks::Arguments&, checks::Sink<Space>& sink) -> Status {
                      RETURN_IF_ERROR(spaces.status());
                      for (const Space& space : *spaces) {
                        if (!sink.Add(space)) break;
                      }
                      return Status::Ok();
                    });
}

}  // namespace nscp::sample_cpp
