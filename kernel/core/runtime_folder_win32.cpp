#include <windows.h>
// Both need windows.h before them.
#include <aclapi.h>
#include <sddl.h>

#include <filesystem>
#include <fstream>

#include "kernel/core/account_win32.h"
#include "kernel/core/runtime_folder.h"
#include "proto/cpp/secret.h"

namespace nscp::kernel {
namespace {

namespace fs = std::filesystem;

// Kernel and workers meet on loopback TCP here: the folder holds the lock and the admin
// file.
class Win32RuntimeFolder final : public RuntimeFolder {
 public:
  Win32RuntimeFolder(std::string path, HANDLE lock, bool remove)
      : RuntimeFolder(std::move(path)), lock_(lock), remove_(remove) {}
  ~Win32RuntimeFolder() override {
    std::error_code ignored;
    fs::remove(fs::u8path(path_) / "admin", ignored);
    if (lock_ != INVALID_HANDLE_VALUE) CloseHandle(lock_);
    if (remove_) fs::remove_all(fs::u8path(path_), ignored);
  }

  std::string KernelAddress() const override { return "127.0.0.1:0"; }
  Result<std::string> WorkerAddress(uint64_t) override {
    return std::string("127.0.0.1:0");
  }
  void RemoveWorker(uint64_t) override {}

  Status WriteAdmin(const std::string& target, const std::string& token) override {
    const fs::path file = fs::u8path(path_) / "admin";
    std::error_code ignored;
    fs::remove(file, ignored);  // one that is left would keep its rights
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out << target << "\n" << token << "\n";
    out.close();
    if (out) return Status::Ok();
    return Status::Unavailable("writing " + file.u8string());
  }

 private:
  const HANDLE lock_;
  const bool remove_;
};

// Full rights for the owner, the system and administrators, here and in all that is made
// inside; nothing is inherited.
constexpr const wchar_t* kOwnerOnly =
    L"D:P(A;OICI;FA;;;OW)(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)";

Status FolderError(const std::string& folder, const std::string& reason) {
  return Status::FailedPrecondition("making the runtime folder " + folder + ": " +
                                    reason);
}

// Any user may make folders in ProgramData, and an owner may always change the rights.
Status CheckOwner(const std::string& folder) {
  PSID owner = nullptr;
  PSECURITY_DESCRIPTOR descriptor = nullptr;
  const DWORD error = GetNamedSecurityInfoW(fs::u8path(folder).c_str(), SE_FILE_OBJECT,
                                            OWNER_SECURITY_INFORMATION, &owner, nullptr,
                                            nullptr, nullptr, &descriptor);
  if (error != ERROR_SUCCESS) {
    return FolderError(folder, "its owner can't be read: error " + std::to_string(error));
  }
  const bool trusted = IsWellKnownSid(owner, WinLocalSystemSid) ||
                       IsWellKnownSid(owner, WinBuiltinAdministratorsSid) ||
                       IsThisUser(owner);
  LocalFree(descriptor);
  if (trusted) return Status::Ok();
  return FolderError(folder, "it belongs to another user. Remove it");
}

Status MakeFolder(const std::string& folder) {
  const fs::path path = fs::u8path(folder);
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  if (error) return FolderError(folder, error.message());
  SECURITY_ATTRIBUTES attributes{};
  attributes.nLength = sizeof attributes;
  if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(
          kOwnerOnly, SDDL_REVISION_1, &attributes.lpSecurityDescriptor, nullptr)) {
    return FolderError(folder, "error " + std::to_string(GetLastError()));
  }
  Status result;
  if (!CreateDirectoryW(path.c_str(), &attributes)) {
    const DWORD code = GetLastError();
    result = code == ERROR_ALREADY_EXISTS
                 ? CheckOwner(folder)
                 : FolderError(folder, "error " + std::to_string(code));
    if (result.ok()) {
      SetFileSecurityW(path.c_str(), DACL_SECURITY_INFORMATION,
                       attributes.lpSecurityDescriptor);
    }
  }
  LocalFree(attributes.lpSecurityDescriptor);
  return result;
}

}  // namespace

std::string RuntimeFolderOf(const std::string& instance, const PathTokens& tokens) {
  if (const auto own = tokens.Find("runtime-path")) return tokens.Expand(*own);
  // Not in a folder between: whoever had made that one could put others in our place.
  return tokens.Expand("${common-appdata}") + "\\nscp-" + instance;
}

Result<std::unique_ptr<RuntimeFolder>> RuntimeFolder::Take(const std::string& folder) {
  RETURN_IF_ERROR(MakeFolder(folder));
  const fs::path file = fs::u8path(folder) / "lock";
  // Nobody else may open it while we run; Windows closes it with the process.
  const HANDLE lock = CreateFileW(file.c_str(), GENERIC_WRITE, 0, nullptr, CREATE_ALWAYS,
                                  FILE_FLAG_DELETE_ON_CLOSE, nullptr);
  if (lock == INVALID_HANDLE_VALUE) {
    return Status::AlreadyExists("this agent runs already (lock " + file.u8string() +
                                 ")");
  }
  return std::unique_ptr<RuntimeFolder>(
      std::make_unique<Win32RuntimeFolder>(folder, lock, false));
}

Result<std::unique_ptr<RuntimeFolder>> RuntimeFolder::MakePrivate(
    const PathTokens& tokens) {
  ASSIGN_OR_RETURN(const std::string random, RandomBytes(6));
  const std::string folder = tokens.Expand("${temp}") + "\\nscp-cli-" + ToHex(random);
  RETURN_IF_ERROR(MakeFolder(folder));
  return std::unique_ptr<RuntimeFolder>(
      std::make_unique<Win32RuntimeFolder>(folder, INVALID_HANDLE_VALUE, true));
}

Result<AdminAccess> ReadAdmin(const std::string& folder) {
  std::ifstream in(fs::u8path(folder) / "admin", std::ios::binary);
  AdminAccess access;
  if (!std::getline(in, access.target) || !std::getline(in, access.token)) {
    return Status::NotFound("no agent is running here (" + folder + ")");
  }
  return access;
}

}  // namespace nscp::kernel
