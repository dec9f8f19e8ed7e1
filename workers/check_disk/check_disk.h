// The module CheckDisk: drives and files (modules.md C2). Its facts (names, titles,
// settings) stand in CheckDisk.json.in.
#pragma once

#include <memory>

#include "workers/sdk/module.h"

namespace nscp::check_disk {

std::unique_ptr<sdk::Module> MakeCheckDisk();

}  // namespace nscp::check_disk
