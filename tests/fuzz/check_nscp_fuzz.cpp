// Any bytes as a list of releases and as what was kept of one: what is kept comes back.
#include <cstdint>
#include <string>
#include <string_view>

#include "tests/fuzz/check.h"
#include "workers/check_nscp/releases.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace nscp::check_nscp;
  using nscp::fuzz::Check;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const Version version = ParseVersion(bytes);
  Check(!IsNewer(version, version));
  DecodeReleases(bytes);
  const auto releases = ParseReleases(bytes);
  if (!releases.ok()) return 0;
  const auto again = DecodeReleases(EncodeReleases(*releases));
  Check(again.ok());
  Check(again->stable.has_value() == releases->stable.has_value());
  for (const bool experimental : {false, true}) {
    const Release* latest = releases->Latest(experimental);
    Check(latest == nullptr || latest->version.valid);
    const Release* kept = again->Latest(experimental);
    Check(latest == nullptr || kept->version.text == latest->version.text);
  }
  return 0;
}
