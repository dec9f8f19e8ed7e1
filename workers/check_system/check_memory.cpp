#include "workers/check_system/check_memory.h"

#include <algorithm>

#include "workers/checks/formats.h"
#include "workers/checks/part_of_whole.h"

namespace nscp::check_system {
namespace {

uint64_t Used(const Memory& memory) { return memory.total - memory.free; }
uint64_t Free(const Memory& memory) { return memory.free; }
uint64_t Total(const Memory& memory) { return memory.total; }

template <uint64_t (*get)(const Memory&)>
std::string Human(const Memory& memory) {
  return checks::FormatBytes(static_cast<double>(get(memory)));
}

Result<checks::Value> OfTotal(const checks::Literal& literal, const Memory* memory) {
  std::optional<double> whole;
  if (memory != nullptr) whole = static_cast<double>(memory->total);
  return checks::PartOfWhole(literal, whole);
}

checks::Keywords<Memory> MemoryKeywords() {
  checks::Keywords<Memory> k;
  k.Text("type", "The type of memory",
         [](const Memory& memory) -> std::string_view { return memory.type; });
  k.Size("size", "Total size of the memory", Total).Human(Human<Total>);
  k.Integer("free", "Free memory in bytes (g, m, k, b) or percent (%)", Free)
      .Convert(OfTotal)
      .Human(Human<Free>)
      .PerfBytes("", Total)
      .PerfPercentage(" %", Total);
  k.Integer("used", "Used memory in bytes (g, m, k, b) or percent (%)", Used)
      .Convert(OfTotal)
      .Human(Human<Used>)
      .PerfBytes("", Total)
      .PerfPercentage(" %", Total);
  return k;
}

checks::Check<Memory> MakeCheck() {
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
  return {std::move(options), defaults, MemoryKeywords()};
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

MemoryCheck::MemoryCheck() : check_(MakeCheck()) {}

sdk::CheckResult MemoryCheck::Run(const std::vector<std::string>& arguments,
                                  const checks::Environment& environment,
                                  const Result<std::vector<Memory>>& memory) const {
  return check_.Run(
      arguments, environment,
      [&](const checks::Arguments& parsed, checks::Sink<Memory>& sink) -> Status {
        if (!memory.ok()) return memory.status();
        ASSIGN_OR_RETURN(auto selected, Select(*memory, parsed.List("type")));
        for (Memory& kind : selected) {
          if (!sink.Add(std::move(kind))) break;
        }
        return Status::Ok();
      });
}

}  // namespace nscp::check_system
