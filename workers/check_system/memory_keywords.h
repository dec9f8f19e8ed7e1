// What a kind of memory offers to expressions, in check_memory and check_pagefile.
#pragma once

#include <string>

#include "workers/check_system/memory_source.h"
#include "workers/checks/keywords.h"

namespace nscp::check_system {

// `name` is the keyword for the kind itself.
checks::Keywords<Memory> MemoryKeywords(const std::string& name,
                                        const std::string& description);

}  // namespace nscp::check_system
