// Any bytes as a settings file of NSClient++ before 0.4 with a map of its own, and as a
// context: what comes out is an ini file that reads back the same.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "kernel/settings/context.h"
#include "kernel/settings/old_settings.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nscp::kernel;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const size_t half = bytes.find('\0');
  const std::string_view map =
      half == std::string_view::npos ? "" : bytes.substr(half + 1);
  std::vector<std::string> notes;
  const auto converted =
      ConvertOldSettings(bytes.substr(0, half), map, "nsc.ini", &notes);
  const IniFile read = IniFile::Parse(converted.Serialize());
  for (const IniSection& section : converted.Contents()) {
    for (const IniEntry& entry : section.entries) {
      if (read.Get(section.name, entry.key) != entry.value) std::abort();
    }
  }
  const auto context = ParseContext(bytes);
  if (context.ok() && IsUrlContext(bytes)) {
    const std::string shown = ShownContext(bytes);
    if (shown.find_first_of("?#") != std::string::npos) std::abort();
  }
  return 0;
}
