// Any bytes as the properties of a silent install: they are refused in a sentence, or
// give edits that leave the settings as they are when the same is installed again.
#include <cstdint>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "kernel/cli/installer_plan.h"

namespace {

using namespace nscp::kernel;
using Values = std::map<std::pair<std::string, std::string>, std::string>;

void Require(bool holds) {
  if (!holds) std::abort();
}

// False where the properties make no sense.
bool Install(const InstallerProperties& properties, Values* values) {
  InstallerStore store;
  store.empty = values->empty();
  store.find = [values](std::string_view path,
                        std::string_view key) -> std::optional<std::string> {
    const auto found = values->find({std::string(path), std::string(key)});
    if (found == values->end()) return std::nullopt;
    return found->second;
  };
  const auto edits = PlanSettings(properties, store, [] { return std::string("made"); });
  if (!edits.ok()) return false;
  for (const InstallerEdit& edit : *edits) (*values)[{edit.path, edit.key}] = edit.value;
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto properties =
      ParseInstallerProperties({reinterpret_cast<const char*>(data), size});
  if (!properties.ok()) {
    Require(!properties.status().message().empty());
    return 0;
  }
  for (const bool modern : {false, true}) {
    BootConfig boot;
    boot.modern = modern;
    const auto target = PlanTarget(*properties, boot);
    if (!target.ok()) continue;
    Require(!target->context.empty());
    Require(!(modern && target->switches));
  }
  Values values;
  if (!Install(*properties, &values)) return 0;
  const Values once = values;
  // Where nothing was set the profile counts again, and gives the same.
  Require(Install(*properties, &values) && values == once);
  return 0;
}
