#include <windows.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

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

Status MakeFolder(const std::string& folder) {
  std::error_code error;
  fs::create_directories(fs::u8path(folder), error);
  if (!error) return Status::Ok();
  return Status::FailedPrecondition("making the runtime folder " + folder + ": " +
                                    error.message());
}

}  // namespace

std::string RuntimeFolderOf(const std::string& instance, const PathTokens& tokens) {
  if (const auto own = tokens.Find("runtime-path")) return tokens.Expand(*own);
  return tokens.Expand("${common-appdata}") + "\\NSClient++\\run\\" + instance;
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
