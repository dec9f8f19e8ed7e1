// The module SimpleCache: keeps passive results for checks that ask for them later
// (modules.md C9). Its facts stand in SimpleCache.json.in.
#pragma once

#include <memory>

#include "workers/sdk/module.h"

namespace nscp::simple_cache {

std::unique_ptr<sdk::Module> MakeSimpleCache();

}  // namespace nscp::simple_cache
