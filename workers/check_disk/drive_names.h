// Drives and paths as people write them. Windows names a drive in many ways ("c", "C:",
// "C:/", "\\?\Volume{...}", a label) and knows no difference of case. Pure; any thread.
// Source: "Naming Files, Paths, and Namespaces" of Windows' documentation.
#pragma once

#include <string>
#include <string_view>

#include "workers/check_disk/mounts.h"

namespace nscp::check_disk {

// As the system's functions want it: of Windows "c" is "C:\", slashes are backslashes, a
// volume ends in one, and "\\?\" stands in front of volumes only. Else `name` itself.
std::string CanonicalDrive(std::string_view name, PathStyle style);

// Whether `path` is the folder `point` or lies in it.
bool LiesBelow(std::string_view path, std::string_view point, PathStyle style);

// Whether `name` is the mount's place, device or label.
bool NamesMount(std::string_view name, const Mount& mount, PathStyle style);

// "C" of "C:\"; empty for what is mounted elsewhere.
std::string LetterOf(const Mount& mount, PathStyle style);

// "\\server\share\..." of Windows.
bool IsNetworkPath(std::string_view path, PathStyle style);

// "\\server\share" of a path of Windows below it; empty for any other path.
std::string ShareRoot(std::string_view path);

// Several drives meant by one word.
enum class DriveGroup { kNone, kAll, kDrives, kVolumes };
// "*", "all"; "drives", "all-drives"; "volumes", "all-volumes".
DriveGroup GroupOf(std::string_view name);
// Whether the mount is one of them. Drives have a letter, volumes are local; elsewhere
// than on Windows every mount is both.
bool BelongsTo(const Mount& mount, DriveGroup group, PathStyle style);

// What disk counters are called: "C:" of "C:\", "C:\data" of "C:\data\".
std::string DiskNameOf(const Mount& mount);

// With "\\?\" in front, so that Windows takes it as it is, however long: an absolute path
// of Windows without "." and "..". Others stay.
std::string LongPath(std::string path);

}  // namespace nscp::check_disk
