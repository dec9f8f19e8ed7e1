// boot.ini: which settings store to open, and the first path tokens. Also the choice
// among several stores at start. Functions without state; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kernel/settings/paths.h"
#include "proto/cpp/status.h"

namespace nscp::kernel {

// `[settings] 0` to `19`.
constexpr int kMaxBootContexts = 20;

struct BootConfig {
  std::string file;                   // where it is or would be
  std::vector<std::string> contexts;  // in order of preference
  PathTokens::Table paths;            // [paths]
};

// A missing boot.ini is an empty configuration; an unreadable one is an error.
Result<BootConfig> ReadBootConfig(const PathTokens& tokens);

// The store to open. `wanted` is --settings, empty without it; it is used even where it
// does not exist. Else the first context of `boot` that exists, else the system's default
// ini.
std::string ChooseContext(const BootConfig& boot, std::string_view wanted,
                          const PathTokens& tokens);

// Rewrites boot.ini so that `context` comes first in [settings]; the others follow in
// order.
Status SetPrimaryContext(const PathTokens& tokens, const std::string& context);

// `context` as a canonical absolute path or URL: two spellings of one store give one
// text. The instance id is a hash of it.
std::string CanonicalStore(std::string_view context, const PathTokens& tokens);

}  // namespace nscp::kernel
