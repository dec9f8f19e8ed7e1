// How full a file system is, from the operating system. May hang as long as the file
// system does (a network server that is gone): SpaceReader guards against that. Any
// thread.
#pragma once

#include <cstdint>
#include <string>

#include "proto/cpp/status.h"

namespace nscp::check_disk {

// What a drive of Windows tells beside its space; other systems leave it empty.
struct Volume {
  std::string label;
  std::string filesystem;
  bool removable = false;  // its medium can be taken out
  bool hotplug = false;    // it can be plugged in while the system runs
  bool erasable = false;
  int64_t media_type = 0;  // a MEDIA_TYPE or STORAGE_MEDIA_TYPE of winioctl.h
};

struct Space {
  uint64_t size = 0;       // bytes, here and below
  uint64_t free = 0;       // also what is kept back for root
  uint64_t user_free = 0;  // for everybody
  uint64_t inodes = 0;
  uint64_t inodes_free = 0;
  bool writable = true;
  Volume volume = {};
};

// NotFound where there is nothing at `path`, FailedPrecondition for a drive without a
// medium.
Result<Space> ReadSpace(const std::string& path);

// Who asks a server; without a user the agent itself.
struct Account {
  std::string user;  // "name", "DOMAIN\name"
  std::string password;
};
// The same of a path below "\\server\share", which is connected to for this question.
// Unimplemented elsewhere than on Windows.
Result<Space> ReadSpaceAs(const std::string& path, const Account& account);

}  // namespace nscp::check_disk
