#include <windows.h>
// sddl.h needs windows.h before it.
#include <sddl.h>

#include <filesystem>
#include <system_error>

#include "gateway/http/private_file.h"
#include "proto/cpp/secret.h"

namespace nscp::gateway {
namespace {

// Full rights for the owner, the system and administrators; nothing is inherited.
constexpr const wchar_t* kOwnerOnly = L"D:P(A;;FA;;;OW)(A;;FA;;;SY)(A;;FA;;;BA)";

Status FileError(const std::string& doing, const std::string& file, DWORD error) {
  return Status::Unavailable(doing + " " + file + ": " +
                             std::system_category().message(static_cast<int>(error)) +
                             ". Check that the agent may write to this folder");
}

Status WriteNew(const std::filesystem::path& file, std::string_view contents) {
  SECURITY_ATTRIBUTES attributes{};
  attributes.nLength = sizeof attributes;
  if (!::ConvertStringSecurityDescriptorToSecurityDescriptorW(
          kOwnerOnly, SDDL_REVISION_1, &attributes.lpSecurityDescriptor, nullptr)) {
    return FileError("setting the rights of", file.u8string(), ::GetLastError());
  }
  const HANDLE handle = ::CreateFileW(file.c_str(), GENERIC_WRITE, 0, &attributes,
                                      CREATE_NEW, FILE_ATTRIBUTE_NORMAL, nullptr);
  const DWORD open_error = ::GetLastError();
  ::LocalFree(attributes.lpSecurityDescriptor);
  if (handle == INVALID_HANDLE_VALUE) {
    return FileError("creating", file.u8string(), open_error);
  }
  DWORD written = 0;
  const bool done =
      ::WriteFile(handle, contents.data(), static_cast<DWORD>(contents.size()), &written,
                  nullptr) != 0 &&
      written == contents.size() && ::FlushFileBuffers(handle) != 0;
  const DWORD write_error = ::GetLastError();
  ::CloseHandle(handle);
  return done ? Status::Ok() : FileError("writing", file.u8string(), write_error);
}

}  // namespace

Status WritePrivateFile(const std::string& file, std::string_view contents) {
  const std::filesystem::path target = std::filesystem::u8path(file);
  std::error_code error;
  if (target.has_parent_path())
    std::filesystem::create_directories(target.parent_path(), error);
  if (error) {
    return Status::Unavailable("making the folder of " + file + ": " + error.message() +
                               ". Create it so that the agent may write to it");
  }
  ASSIGN_OR_RETURN(const std::string random, RandomBytes(8));
  const auto temporary = std::filesystem::u8path(file + "." + ToHex(random) + ".tmp");
  Status result = WriteNew(temporary, contents);
  if (result.ok() && !::MoveFileExW(temporary.c_str(), target.c_str(),
                                    MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH)) {
    result = FileError("renaming to", file, ::GetLastError());
  }
  if (!result.ok()) ::DeleteFileW(temporary.c_str());
  return result;
}

}  // namespace nscp::gateway
