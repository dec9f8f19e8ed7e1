// A folder of its own for one test, gone with the object. Tests that run side by side
// never share one.
#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "proto/cpp/secret.h"

namespace nscp::testing {

class TempFolder {
 public:
  TempFolder() {
    const auto salt = RandomBytes(8);
    REQUIRE(salt.ok());
    path_ = std::filesystem::temp_directory_path() / ("nscp-test-" + ToHex(*salt));
    REQUIRE(std::filesystem::create_directory(path_));
    std::filesystem::permissions(path_, std::filesystem::perms::owner_all);
  }
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  std::string path() const { return path_.generic_u8string(); }
  std::string File(std::string_view name) const {
    return path() + "/" + std::string(name);
  }

  std::string Write(std::string_view name, std::string_view text) const {
    const std::string file = File(name);
    std::filesystem::create_directories(std::filesystem::u8path(file).parent_path());
    std::ofstream(std::filesystem::u8path(file), std::ios::binary | std::ios::trunc)
        << text;
    return file;
  }
  std::string Read(std::string_view name) const {
    std::ifstream file(std::filesystem::u8path(File(name)), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  std::filesystem::path path_;
};

}  // namespace nscp::testing
