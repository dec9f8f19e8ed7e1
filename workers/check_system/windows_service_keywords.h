// What check_service offers to expressions and templates on Windows. Any thread.
#pragma once

#include "workers/check_system/check_service.h"

namespace nscp::check_system {

checks::Keywords<ServiceRow> WindowsServiceKeywords();

}  // namespace nscp::check_system
