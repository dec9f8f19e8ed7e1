// How full a file system is, from the operating system. May hang as long as the file
// system does (a network server that is gone): SpaceReader guards against that. Any
// thread.
#pragma once

#include <cstdint>
#include <string>

#include "proto/cpp/status.h"

namespace nscp::check_disk {

struct Space {
  uint64_t size = 0;       // bytes, here and below
  uint64_t free = 0;       // also what is kept back for root
  uint64_t user_free = 0;  // for everybody
  uint64_t inodes = 0;
  uint64_t inodes_free = 0;
  bool writable = true;
};

// NotFound where there is nothing at `path`.
Result<Space> ReadSpace(const std::string& path);

}  // namespace nscp::check_disk
