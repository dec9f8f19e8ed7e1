#include "workers/check_disk/mounts.h"

#include <algorithm>
#include <unordered_map>

#include "proto/cpp/text.h"
#include "workers/check_disk/drive_names.h"

namespace nscp::check_disk {
namespace {

constexpr struct {
  DriveType type;
  const char* name;
} kTypes[] = {
    {DriveType::kUnknown, "unknown"}, {DriveType::kFixed, "fixed"},
    {DriveType::kRemote, "remote"},   {DriveType::kRemovable, "removable"},
    {DriveType::kCdrom, "cdrom"},     {DriveType::kRamdisk, "ramdisk"},
    {DriveType::kTotal, "total"},
};

// File systems of the kernel's own, and images that are full by design.
constexpr std::string_view kPseudo[] = {
    "proc",    "sysfs",     "cgroup",  "cgroup2",   "devtmpfs",        "devpts",
    "mqueue",  "hugetlbfs", "debugfs", "tracefs",   "securityfs",      "pstore",
    "bpf",     "configfs",  "fusectl", "autofs",    "binfmt_misc",     "rpc_pipefs",
    "nsfs",    "efivarfs",  "ramfs",   "selinuxfs", "fuse.gvfsd-fuse", "fuse.portal",
    "overlay", "tmpfs",     "sysvfs",  "squashfs",  "fuse.snapfuse"};
constexpr std::string_view kRemote[] = {
    "nfs", "nfs4", "cifs",      "smbfs",  "smb3",       "ncpfs",         "afs",
    "9p",  "ceph", "glusterfs", "beegfs", "fuse.sshfs", "fuse.glusterfs"};
constexpr std::string_view kRamdisk[] = {"tmpfs", "ramfs", "devtmpfs"};
constexpr std::string_view kCdrom[] = {"iso9660", "udf"};

template <size_t size>
bool Contains(const std::string_view (&names)[size], std::string_view name) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

DriveType TypeOf(std::string_view filesystem) {
  if (Contains(kRemote, filesystem)) return DriveType::kRemote;
  if (Contains(kRamdisk, filesystem)) return DriveType::kRamdisk;
  if (Contains(kCdrom, filesystem)) return DriveType::kCdrom;
  return DriveType::kFixed;
}

bool IsOctal(char c) { return c >= '0' && c <= '7'; }

// Blanks, tabs, line ends and backslashes stand as "\040" in the table.
std::string Unescape(std::string_view text) {
  std::string out;
  for (size_t at = 0; at < text.size(); ++at) {
    const bool escape = text[at] == '\\' && at + 3 < text.size() &&
                        IsOctal(text[at + 1]) && IsOctal(text[at + 2]) &&
                        IsOctal(text[at + 3]);
    if (!escape) {
      out += text[at];
      continue;
    }
    out += static_cast<char>((text[at + 1] - '0') * 64 + (text[at + 2] - '0') * 8 +
                             (text[at + 3] - '0'));
    at += 3;
  }
  return out;
}

// As /proc/mounts has them: "ro" when either is, then the rest of both.
std::string MergeOptions(const std::string& of_mount, const std::string& of_filesystem) {
  std::vector<std::string> merged = {"rw"};
  for (const std::string& options : {of_mount, of_filesystem}) {
    for (std::string& option : SplitList(options)) {
      if (option == "ro") merged[0] = option;
      const bool known = option == "rw" || option == "ro" ||
                         std::find(merged.begin(), merged.end(), option) != merged.end();
      if (!known) merged.push_back(std::move(option));
    }
  }
  return Join(merged, ",");
}

// "27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw": any number of optional fields
// stands before the lone hyphen.
bool ParseLine(std::string_view line, Mount& mount) {
  constexpr size_t kNumber = 2;
  constexpr size_t kPoint = 4;
  constexpr size_t kOptions = 5;
  const auto fields = Split(line, ' ');
  const auto hyphen = std::find(fields.begin(), fields.end(), "-");
  if (hyphen - fields.begin() <= static_cast<std::ptrdiff_t>(kOptions) ||
      fields.end() - hyphen < 3) {
    return false;
  }
  mount.number = fields[kNumber];
  mount.point = Unescape(fields[kPoint]);
  mount.options = MergeOptions(Unescape(fields[kOptions]),
                               fields.end() - hyphen > 3 ? Unescape(hyphen[3]) : "");
  mount.filesystem = Unescape(hyphen[1]);
  mount.device = Unescape(hyphen[2]);
  mount.type = TypeOf(mount.filesystem);
  mount.pseudo = Contains(kPseudo, mount.filesystem);
  return true;
}

}  // namespace

const char* DriveTypeName(DriveType type) {
  for (const auto& row : kTypes) {
    if (row.type == type) return row.name;
  }
  return "unknown";
}

Result<DriveType> ParseDriveType(std::string_view name) {
  std::vector<std::string> names;
  for (const auto& row : kTypes) {
    if (EqualsIgnoreCase(row.name, name)) return row.type;
    names.emplace_back(row.name);
  }
  return Status::InvalidArgument("There is no type of drive \"" + std::string(name) +
                                 "\" (there are " + Join(names, ", ") + ")");
}

std::vector<Mount> ParseMountInfo(std::string_view text) {
  std::vector<Mount> mounts;
  std::unordered_map<std::string, size_t> places;
  for (size_t at = 0; at < text.size() && mounts.size() < kMaxMounts;) {
    const size_t end = std::min(text.find('\n', at), text.size());
    Mount mount;
    if (ParseLine(text.substr(at, end - at), mount)) {
      const auto [place, is_new] = places.emplace(mount.point, mounts.size());
      if (is_new) {
        mounts.push_back(std::move(mount));
      } else {
        mounts[place->second] = std::move(mount);
      }
    }
    at = end + 1;
  }
  return mounts;
}

const Mount* FindMount(const std::vector<Mount>& mounts, std::string_view path,
                       PathStyle style) {
  const Mount* best = nullptr;
  for (const Mount& mount : mounts) {
    const bool closer = best == nullptr || mount.point.size() >= best->point.size();
    if (closer && LiesBelow(path, mount.point, style)) best = &mount;
  }
  return best;
}

}  // namespace nscp::check_disk
