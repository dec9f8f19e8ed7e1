#include "workers/check_disk/file_tree.h"

#include "proto/cpp/text.h"

namespace nscp::check_disk {

PathParts SplitPath(std::string_view path) {
  while (path.size() > 1 && EndsWith(path, "/")) path.remove_suffix(1);
  const size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return {".", std::string(path)};
  const std::string_view folder = path.substr(0, slash == 0 ? 1 : slash);
  return {std::string(folder), std::string(path.substr(slash + 1))};
}

std::string JoinPath(std::string_view folder, std::string_view name) {
  std::string path(folder);
  if (!EndsWith(path, "/")) path += '/';
  return path.append(name);
}

}  // namespace nscp::check_disk
