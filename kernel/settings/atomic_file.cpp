#include "kernel/settings/atomic_file.h"

#include <filesystem>
#include <vector>

#include "proto/cpp/secret.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace fs = std::filesystem;
namespace {

constexpr size_t kSaltBytes = 6;
constexpr std::string_view kTemporarySuffix = ".tmp";

// Hidden: a folder that is read as a store leaves it out.
std::string PrefixOf(const fs::path& target) {
  return "." + target.filename().u8string() + ".";
}

bool IsTemporary(const std::string& name, const std::string& prefix) {
  return name.size() == prefix.size() + 2 * kSaltBytes + kTemporarySuffix.size() &&
         StartsWith(name, prefix) && EndsWith(name, kTemporarySuffix) &&
         name.find_first_not_of("0123456789abcdef", prefix.size()) ==
             name.size() - kTemporarySuffix.size();
}

}  // namespace

Result<std::string> TemporaryBeside(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string salt, RandomBytes(kSaltBytes));
  const fs::path target = fs::u8path(path);
  return (target.parent_path() /
          fs::u8path(PrefixOf(target) + ToHex(salt) + std::string(kTemporarySuffix)))
      .u8string();
}

void RemoveLeftovers(const std::string& path) {
  const fs::path target = fs::u8path(FollowLinks(path));
  const std::string prefix = PrefixOf(target);
  const fs::path folder = target.has_parent_path() ? target.parent_path() : ".";
  std::vector<fs::path> leftovers;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end;
       it.increment(error)) {
    if (IsTemporary(it->path().filename().u8string(), prefix)) {
      leftovers.push_back(it->path());
    }
  }
  for (const fs::path& leftover : leftovers) {
    std::error_code ignored;  // it harms nobody, and the next save tries again
    fs::remove(leftover, ignored);
  }
}

}  // namespace nscp::kernel
