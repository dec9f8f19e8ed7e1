#include "gateway/api/uploads.h"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>
#include <vector>

#include "proto/cpp/secret.h"

namespace nscp::gateway {
namespace {

namespace fs = std::filesystem;

constexpr size_t kRandomBytes = 16;
// No request lasts that long.
constexpr std::chrono::hours kOld{1};

Status WriteFile(const fs::path& file, std::string_view contents) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out.write(contents.data(), static_cast<std::streamsize>(contents.size()));
  out.close();
  if (out) return Status::Ok();
  return Status::Unavailable("writing " + file.u8string() +
                             ": is the disk full, or may the agent not write there?");
}

}  // namespace

Result<UploadedFile> UploadedFile::Write(const std::string& folder,
                                         const std::string& name,
                                         std::string_view contents) {
  std::error_code error;
  fs::create_directories(fs::u8path(folder).parent_path(), error);
  if (error) {
    return Status::Unavailable("making the folder of " + folder + ": " + error.message() +
                               ". Create it so that the agent may write to it");
  }
  RETURN_IF_ERROR(MakePrivateFolder(folder));
  ASSIGN_OR_RETURN(const std::string random, RandomBytes(kRandomBytes));
  const fs::path own = fs::u8path(folder) / ToHex(random);
  RETURN_IF_ERROR(MakePrivateFolder(own.u8string()));
  const fs::path file = own / fs::u8path(name);
  UploadedFile upload(own.u8string(), file.u8string());
  RETURN_IF_ERROR(WriteFile(file, contents));
  return upload;
}

UploadedFile::UploadedFile(std::string folder, std::string file)
    : folder_(std::move(folder)), file_(std::move(file)) {}

UploadedFile::UploadedFile(UploadedFile&& other) noexcept
    : folder_(std::exchange(other.folder_, {})), file_(std::move(other.file_)) {}

UploadedFile::~UploadedFile() {
  std::error_code ignored;  // RemoveOldUploads comes by again
  if (!folder_.empty()) fs::remove_all(fs::u8path(folder_), ignored);
}

void RemoveOldUploads(const std::string& folder) {
  std::error_code error;
  std::vector<fs::path> old;
  const auto now = fs::file_time_type::clock::now();
  for (fs::directory_iterator at(fs::u8path(folder), error), end; !error && at != end;
       at.increment(error)) {
    std::error_code unknown;
    const auto written = fs::last_write_time(at->path(), unknown);
    if (!unknown && now - written > kOld) old.push_back(at->path());
  }
  for (const fs::path& path : old) fs::remove_all(path, error);
}

}  // namespace nscp::gateway
