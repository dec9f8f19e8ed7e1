// The module SimpleFileWriter: a line of a text file for each passive result (modules.md
// C9). Its facts stand in SimpleFileWriter.json.in.
#pragma once

#include <memory>

#include "workers/sdk/module.h"

namespace nscp::simple_file_writer {

std::unique_ptr<sdk::Module> MakeSimpleFileWriter();

}  // namespace nscp::simple_file_writer
