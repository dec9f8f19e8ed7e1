#include "workers/check_system/owner_names.h"

namespace nscp::check_system {

// Windows users have no numbers.
std::string OwnerNames::Find(int64_t) { return ""; }

}  // namespace nscp::check_system
