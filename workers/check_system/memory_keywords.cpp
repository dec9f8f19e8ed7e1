#include "workers/check_system/memory_keywords.h"

#include <optional>
#include <string_view>

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

}  // namespace

checks::Keywords<Memory> MemoryKeywords(const std::string& name,
                                        const std::string& description) {
  checks::Keywords<Memory> k;
  k.Text(name, description,
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

}  // namespace nscp::check_system
