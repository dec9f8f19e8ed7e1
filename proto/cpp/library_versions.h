// The versions of the libraries that a process runs with, for support. Any thread.
#pragma once

#include <string>

namespace nscp {

std::string GrpcVersion();      // "1.51.1"
std::string ProtobufVersion();  // "3.21.12"

}  // namespace nscp
