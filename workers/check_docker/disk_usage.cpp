#include "workers/check_docker/disk_usage.h"

#include <algorithm>

#include "workers/check_docker/fields.h"
#include "workers/checks/formats.h"

namespace nscp::check_docker {
namespace {

// Layers that images share count once in LayersSize; what one image alone takes is its
// size without them.
DiskShare ImagesOf(const json::Value& usage) {
  DiskShare share;
  share.size = CountOf(usage, "LayersSize");
  int64_t in_use = 0;
  for (const json::Value& image : FieldOf(usage, "Images").Items()) {
    ++share.count;
    if (CountOf(image, "Containers") == 0) {
      ++share.unused;
    } else {
      const int64_t own = CountOf(image, "Size") - CountOf(image, "SharedSize");
      in_use = Sum(in_use, std::max<int64_t>(0, own));
    }
  }
  share.reclaimable = std::max<int64_t>(0, share.size - in_use);
  return share;
}

void Count(int64_t size, bool in_use, DiskShare* share) {
  ++share->count;
  share->size = Sum(share->size, size);
  if (in_use) return;
  ++share->unused;
  share->reclaimable = Sum(share->reclaimable, size);
}

DiskShare ContainersOf(const json::Value& usage) {
  DiskShare share;
  for (const json::Value& container : FieldOf(usage, "Containers").Items()) {
    const std::string state = TextOf(container, "State");
    const bool lives = state == "running" || state == "paused" || state == "restarting";
    Count(CountOf(container, "SizeRw"), lives, &share);
  }
  return share;
}

DiskShare VolumesOf(const json::Value& usage) {
  DiskShare share;
  for (const json::Value& volume : FieldOf(usage, "Volumes").Items()) {
    const json::Value data = FieldOf(volume, "UsageData");
    Count(CountOf(data, "Size"), CountOf(data, "RefCount") > 0, &share);
  }
  return share;
}

DiskShare BuildCacheOf(const json::Value& usage) {
  DiskShare share;
  for (const json::Value& entry : FieldOf(usage, "BuildCache").Items()) {
    if (FieldOf(entry, "Shared").AsBool()) continue;  // it is part of an image
    Count(CountOf(entry, "Size"), FieldOf(entry, "InUse").AsBool(), &share);
  }
  return share;
}

std::string Sizes(const DiskShare& share) {
  return checks::FormatBytes(static_cast<double>(share.size)) + " (" +
         checks::FormatBytes(static_cast<double>(share.reclaimable)) + " reclaimable)";
}

}  // namespace

int64_t DiskUsage::TotalSize() const {
  return images.size + containers.size + volumes.size + build_cache.size;
}

int64_t DiskUsage::TotalReclaimable() const {
  return images.reclaimable + containers.reclaimable + volumes.reclaimable +
         build_cache.reclaimable;
}

std::string DiskUsage::Message() const {
  return std::to_string(images.count) + " images " + Sizes(images) + ", " +
         std::to_string(containers.count) + " containers " + Sizes(containers) + ", " +
         std::to_string(volumes.count) + " volumes " + Sizes(volumes) + ", build cache " +
         Sizes(build_cache);
}

Result<DiskUsage> ParseDiskUsage(const json::Value& usage) {
  if (!usage.IsObject() || !usage.Find("LayersSize")) {
    return Status::InvalidArgument("the container engine tells no disk usage");
  }
  return DiskUsage{ImagesOf(usage), ContainersOf(usage), VolumesOf(usage),
                   BuildCacheOf(usage)};
}

}  // namespace nscp::check_docker
