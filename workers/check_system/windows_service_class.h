// What a service of Windows is there for, so that a check can look at those that matter.
// The table ships with the module and is our own judgement; what it does not know is
// "custom": somebody installed it. Pure functions; any thread.
#pragma once

#include <string_view>

namespace nscp::check_system {

// essential   without it this Windows cannot do its work
// system      part of Windows
// supporting  helps other services and runs when they need it
// role        a role of a server: web, names, directory ...
// user        for those who sit at the machine
// ignored     comes and goes by itself; its state tells nothing
// custom      not part of Windows
//
// `name` in any case; the number behind a service of each user ("CDPUserSvc_3f2a1") does
// not matter.
std::string_view ServiceClass(std::string_view name);

}  // namespace nscp::check_system
