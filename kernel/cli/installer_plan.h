// What an installer's properties mean for boot.ini and the settings. Pure: facts about
// the stores come in, edits go out; installer_command.h applies them. Source: the
// command line's specification C.2, C.3.
//
// An upgrade without properties changes nothing: the profile of MONITORING_TOOL counts
// for a store without a value alone, and what the store says already is not written
// again.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/settings/boot.h"
#include "proto/cpp/status.h"

namespace nscp::kernel {

constexpr size_t kMaxInstallerInput = 1024 * 1024;
// Where the settings are unless CONFIGURATION_TYPE says something else.
inline constexpr std::string_view kInstallerStore = "ini://${shared-path}/nsclient.ini";

// By name; those without a value are left out.
using InstallerProperties = std::map<std::string, std::string>;
// A line `NAME=value` for each. InvalidArgument for a line that is none, and for a name
// that nobody knows; the error never holds a value.
Result<InstallerProperties> ParseInstallerProperties(std::string_view text);

struct InstallerTarget {
  std::string context;        // the store that comes first in boot.ini from now on
  std::vector<IniEntry> tls;  // for its [tls]
  bool modern = false;        // the layout from now on
  bool switches = false;      // that it was not before
  std::string note;           // what of the properties is ignored, and why; a sentence
  bool may_write = true;      // ALLOW_CONFIGURATION
  bool writes = true;         // the store is to be opened and changed
  std::string import;         // the store to copy from; empty = none
  bool sample = false;        // GENERATE_SAMPLE_CONFIG
};
// Unimplemented, with the property's name, for what this version has not; InvalidArgument
// for values that make no sense, and for settings that the store can't take.
Result<InstallerTarget> PlanTarget(const InstallerProperties& properties,
                                   const BootConfig& boot);

struct InstallerStore {
  std::function<std::optional<std::string>(std::string_view path, std::string_view key)>
      find;
  bool empty = true;      // it had no value before
  bool imported = false;  // and has those of IMPORT_CONFIG now
};
struct InstallerEdit {
  std::string path;
  std::string key;
  std::string value;
};
// What has to change, in order. `make_password` is called where one is needed and neither
// given nor there.
Result<std::vector<InstallerEdit>> PlanSettings(
    const InstallerProperties& properties, const InstallerStore& store,
    const std::function<Result<std::string>()>& make_password);

}  // namespace nscp::kernel
