// Reads any bytes as a module's archive. What is accepted keeps the bounds, and all its
// files lie below the module's folder.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "kernel/packages/package.h"
#include "tests/fuzz/check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using nscp::fuzz::Check;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const nscp::ArchiveLimits& limits = nscp::kernel::kPackageLimits;
  const auto files = nscp::ReadArchive(bytes, limits);
  if (files.ok()) {
    size_t total = 0;
    for (const auto& file : *files) {
      Check(nscp::IsEntryName(file.name));
      total += file.bytes.size();
    }
    Check(files->size() <= limits.entries);
    Check(total <= limits.unpacked);
  } else {
    Check(!files.status().message().empty());
  }
  const auto package = nscp::kernel::ReadPackage(bytes, "M");
  if (!package.ok()) return 0;
  Check(package->manifest.name() == "M");
  for (const auto& file : package->files) Check(file.name.compare(0, 2, "M/") == 0);
  return 0;
}
