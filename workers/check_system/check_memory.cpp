#include "workers/check_system/check_memory.h"

#include <algorithm>

#include "workers/check_system/memory_keywords.h"

namespace nscp::check_system {
namespace {

checks::Check<Memory> MakeMemoryCheck() {
  checks::OptionTable options;
  options.List("type", {},
               "Type of memory to check; may be given several times.\nOn Linux physical, "
               "cached (buffers and page cache count as free) and swap, on Windows "
               "committed, physical and page.");
  checks::FilterDefaults defaults;
  defaults.warning = {"used > 80%"};
  defaults.critical = {"used > 90%"};
  defaults.detail_syntax = "${type} = ${used}";
  defaults.perf_syntax = "${type}";
  return {std::move(options), defaults, MemoryKeywords("type", "The type of memory")};
}

Result<std::vector<Memory>> Select(const std::vector<Memory>& memory,
                                   const std::vector<std::string>& types) {
  std::vector<Memory> selected;
  if (types.empty()) {
    std::copy_if(memory.begin(), memory.end(), std::back_inserter(selected),
                 [](const Memory& kind) { return kind.by_default; });
  }
  for (const std::string& type : types) {
    const auto found =
        std::find_if(memory.begin(), memory.end(),
                     [&](const Memory& kind) { return kind.type == type; });
    if (found == memory.end()) return Status::InvalidArgument("Invalid type: " + type);
    selected.push_back(*found);
  }
  return selected;
}

}  // namespace

MemoryCheck::MemoryCheck() : check_(MakeMemoryCheck()) {}

sdk::CheckResult MemoryCheck::Run(const std::vector<std::string>& arguments,
                                  const checks::Environment& environment,
                                  const Result<MemorySample>& memory) const {
  return check_.Run(
      arguments, environment,
      [&](const checks::Arguments& parsed, checks::Sink<Memory>& sink) -> Status {
        if (!memory.ok()) return memory.status();
        ASSIGN_OR_RETURN(auto selected, Select(memory->kinds, parsed.List("type")));
        for (Memory& kind : selected) {
          if (!sink.Add(std::move(kind))) break;
        }
        return Status::Ok();
      });
}

}  // namespace nscp::check_system
