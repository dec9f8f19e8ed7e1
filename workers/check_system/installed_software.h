// The packages that are installed, as the system's package manager lists them. Any
// thread.
//
// Sources: dpkg-query(1), rpm(8), pacman(8); on Windows the registry.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/cpp/status.h"
#include "workers/check_system/tool.h"

namespace nscp::check_system {

// Packages taken of one list; how long its manager may take.
constexpr size_t kMaxPackages = 100000;
constexpr std::chrono::seconds kSoftwareLimit{30};

// Texts are bytes and need not be UTF-8; what is not known is empty.
struct Software {
  std::string name;
  std::string version;
  std::string publisher;
  std::string architecture;
  std::string manager;               // "dpkg"
  std::string status;                // dpkg's word; "installed" of the others
  std::optional<int64_t> installed;  // seconds since 1970
  int64_t size = 0;                  // bytes
};

// How each tool is asked, and its answer.
std::vector<std::string> DpkgWords();
// Without packages that are removed and left only their settings.
std::vector<Software> ParseDpkg(std::string_view text);
std::vector<std::string> RpmWords();
std::vector<Software> ParseRpm(std::string_view text);
// Of `pacman -Qi` in the language C and in UTC.
std::vector<Software> ParsePacman(std::string_view text);

Result<std::vector<Software>> ListSoftware(const RunTool& run);

// A program in Windows' registry, below Uninstall.
struct UninstallEntry {
  std::string name;
  std::string version;
  std::string publisher;
  std::string date;    // "20240111", if anything
  std::string parent;  // of an update: what it updates
  std::string architecture;
  int64_t kilobytes = 0;
  bool is_part_of_system = false;
};
// Nothing for what the list of programs does not show: updates, parts of the system,
// entries without a name.
std::optional<Software> SoftwareOf(const UninstallEntry& entry);

// Of this system: the list of its package manager, on Windows that of the registry.
Result<std::vector<Software>> ListThisSoftware(const std::function<bool()>& cancelled);

}  // namespace nscp::check_system
