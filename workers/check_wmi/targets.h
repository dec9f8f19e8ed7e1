// The computers that the settings name (`/settings/wmi/targets`), and where a call asks.
// Values; any thread.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "proto/cpp/status.h"
#include "workers/sdk/module.h"
#include "workers/wmi/wmi.h"

namespace nscp::check_wmi {

// What a call says of the place; what is empty is taken from the target.
struct Login {
  std::string target;  // a name of the settings, else a computer; empty = this one
  std::string user;
  std::string password;
  std::string name_space;
};

struct Targets {
  std::map<std::string, wmi::Place> places;  // by name in lower case
  std::vector<std::string> problems;         // for the log

  // InvalidArgument for a name that no computer can have.
  Result<wmi::Place> Resolve(const Login& login) const;
};

Targets ReadTargets(const sdk::Settings& settings);

}  // namespace nscp::check_wmi
