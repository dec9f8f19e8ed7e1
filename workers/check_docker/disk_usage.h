// What images, containers, volumes and the build cache take on disk. Pure; any thread.
// Source: Docker Engine API 1.41, SystemDataUsage; the sums are those of `docker system
// df`.
#pragma once

#include <cstdint>
#include <string>

#include "json/value.h"
#include "proto/cpp/status.h"

namespace nscp::check_docker {

struct DiskShare {
  int64_t count = 0;
  int64_t unused = 0;       // no container uses it, or it does not run
  int64_t size = 0;         // bytes
  int64_t reclaimable = 0;  // bytes that removing the unused ones gives back
};

struct DiskUsage {
  DiskShare images;
  DiskShare containers;
  DiskShare volumes;
  DiskShare build_cache;

  int64_t TotalSize() const;
  int64_t TotalReclaimable() const;
  std::string Message() const;
};

Result<DiskUsage> ParseDiskUsage(const json::Value& usage);

}  // namespace nscp::check_docker
