// boot.ini: which settings stores to try, the first path tokens, and how remote stores
// are fetched. Also the choice among the stores at start. Functions without state; any
// thread. Source: the settings specification B.2.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kernel/settings/ini_file.h"
#include "kernel/settings/paths.h"
#include "kernel/settings/settings.h"
#include "proto/cpp/status.h"

namespace nscp::kernel {

// `[settings] 0` to `19`.
constexpr int kMaxBootContexts = 20;

// How a remote store is fetched, as it stands there.
struct BootTls {
  std::string version = "1.3";       // the oldest that is spoken
  std::string verify_mode = "peer";  // "none" or empty: the server may be anyone
  std::string ca = "${ca-path}";     // with its tokens
};
struct BootProxy {
  std::string url;       // http://[user:password@]host:port/
  std::string no_proxy;  // names and ".suffixes", separated by commas
};

struct BootConfig {
  std::string file;                   // where it is or would be
  std::vector<std::string> contexts;  // in order of preference
  PathTokens::Table paths;            // [paths]
  bool modern = false;                // [layout]; of Windows alone
  BootTls tls;
  BootProxy proxy;
  std::vector<std::string> warnings;  // what in it makes no sense, a sentence each
};

// A missing boot.ini is an empty configuration; an unreadable one is an error.
Result<BootConfig> ReadBootConfig(const PathTokens& tokens);

// The stores to try, in order; never empty. `wanted` is --settings, empty without it: it
// stands alone, whether it exists or not, for falling back to another store would write
// into one that nobody named. Else those of `boot` that exist; else the system's default
// ones.
std::vector<std::string> StoresToTry(const BootConfig& boot, std::string_view wanted,
                                     const PathTokens& tokens);

struct OpenedStore {
  std::string context;  // as it was named
  std::unique_ptr<Settings> settings;
  // "Failed to initialize settings: ..." of each that was tried in vain.
  std::vector<std::string> failures;
};
// Opens the first of `contexts` that opens; `options.context` is set here. The error is
// that of the first one.
Result<OpenedStore> OpenFirstStore(const std::vector<std::string>& contexts,
                                   SettingsOptions options,
                                   const Descriptions& descriptions);

// Whether this boot.ini says that the host has the modern layout; false where it can't be
// read.
bool HasModernLayout(const std::string& boot_file);

struct BootEdit {
  std::string section;
  std::string key;
  std::string value;
};
// Rewrites boot.ini so that `context` comes first in [settings]; the others follow in
// order. `more`: other keys of it to set in the same write. A boot.ini that is there and
// can't be read is an error and stays.
Status SetPrimaryContext(const PathTokens& tokens, const std::string& context,
                         const std::vector<BootEdit>& more = {});

}  // namespace nscp::kernel
