// What `nscp client` and the aliases were asked to do. Pure. Source: the command line's
// specification A.7.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "kernel/cli/options.h"

namespace nscp::kernel {

const OptionGroup& ClientOptions();
// The same for an alias: options after a sub-command are the module's own.
const OptionGroup& AliasOptions();

struct ClientRequest {
  std::string module;  // empty = any
  std::string alias;   // "nscp web", where the module was called by an alias
  bool boot = false;
  bool load_all = false;
  std::optional<std::string> query;
  std::string exec;  // of an exec; empty = the module looks at its first argument
  std::vector<std::string> arguments;
  // Standard output is for the result alone: a private kernel logs to standard error.
  bool log_to_errors = false;
  bool json = false;  // of a query
};

// `module` is the alias's, empty for `nscp client`.
ClientRequest ReadClientRequest(const GivenOptions& given, const std::string& module);

}  // namespace nscp::kernel
