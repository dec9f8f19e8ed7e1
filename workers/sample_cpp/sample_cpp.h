// The module SampleCpp: the smallest whole example of a module on the SDK and the check
// engine. docs/write-a-module.md goes through it. Its facts (names, titles, settings)
// stand in SampleCpp.json.in.
#pragma once

#include <memory>

#include "workers/sdk/module.h"

namespace nscp::sample_cpp {

std::unique_ptr<sdk::Module> MakeSampleCpp();

}  // namespace nscp::sample_cpp
