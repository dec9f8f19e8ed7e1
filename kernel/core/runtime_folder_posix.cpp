#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "kernel/core/runtime_folder.h"
#include "proto/cpp/descriptor_posix.h"
#include "proto/cpp/secret.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kOwnerOnly = 0700;

std::string Errno(const std::string& doing) {
  return doing + ": " + std::strerror(errno);
}

// Makes one folder that is ours alone; its parent must exist.
Status MakeOwn(const std::string& folder) {
  if (::mkdir(folder.c_str(), kOwnerOnly) != 0 && errno != EEXIST) {
    return Status::FailedPrecondition(
        Errno("making the runtime folder " + folder) +
        "; choose another with --path-override runtime-path=<folder>");
  }
  struct stat facts {};
  if (::lstat(folder.c_str(), &facts) != 0) {
    return Status::FailedPrecondition(Errno("looking at the runtime folder " + folder));
  }
  if (!S_ISDIR(facts.st_mode) || facts.st_uid != ::geteuid()) {
    return Status::PermissionDenied("the runtime folder " + folder +
                                    " is a link or belongs to another user; remove it");
  }
  if ((facts.st_mode & 0077) != 0 && ::chmod(folder.c_str(), kOwnerOnly) != 0) {
    return Status::PermissionDenied(
        Errno("closing the runtime folder " + folder + " to others"));
  }
  return Status::Ok();
}

Status MakeParents(const std::string& folder) {
  std::error_code error;
  const fs::path parent = fs::path(folder).parent_path();
  if (parent.empty() || fs::exists(parent, error)) return Status::Ok();
  RETURN_IF_ERROR(MakeParents(parent.string()));
  return MakeOwn(parent.string());
}

class PosixRuntimeFolder final : public RuntimeFolder {
 public:
  PosixRuntimeFolder(std::string path, Descriptor lock, bool remove)
      : RuntimeFolder(std::move(path)), lock_(std::move(lock)), remove_(remove) {}
  ~PosixRuntimeFolder() override {
    std::error_code ignored;
    Clean();
    if (remove_) fs::remove_all(path_, ignored);
  }

  // Sockets and worker folders, of this kernel or of one that was killed.
  void Clean() {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(path_, ignored)) {
      if (entry.path().filename() != "lock") fs::remove_all(entry.path(), ignored);
    }
  }

  std::string KernelAddress() const override { return "unix:" + path_ + "/kernel"; }

  Result<std::string> WorkerAddress(uint64_t incarnation) override {
    const std::string folder = path_ + "/" + std::to_string(incarnation);
    RETURN_IF_ERROR(MakeOwn(folder));
    return "unix:" + folder + "/w";
  }
  void RemoveWorker(uint64_t incarnation) override {
    std::error_code ignored;
    fs::remove_all(path_ + "/" + std::to_string(incarnation), ignored);
  }

  Status WriteAdmin(const std::string& target, const std::string& token) override {
    const std::string file = path_ + "/admin";
    const std::string temporary = file + ".new";
    Descriptor opened(::open(
        temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    const std::string text = target + "\n" + token + "\n";
    const bool written = opened.open() &&
                         ::write(opened.get(), text.data(), text.size()) ==
                             static_cast<ssize_t>(text.size()) &&
                         opened.Close() == 0;
    if (written && ::rename(temporary.c_str(), file.c_str()) == 0) return Status::Ok();
    return Status::Unavailable(Errno("writing " + file));
  }

 private:
  const Descriptor lock_;  // released when the folder is gone
  const bool remove_;
};

Status CheckLength(const std::string& folder) {
  // "/18446744073709551615/w" is the longest that is put behind it in theory; six digits
  // do.
  if (folder.size() + sizeof "/999999/w" <= kMaxSocketPath) return Status::Ok();
  return Status::InvalidArgument(
      "the runtime folder " + folder +
      " is too long for Unix sockets; choose a shorter one with "
      "--path-override runtime-path=<folder>");
}

}  // namespace

std::string RuntimeFolderOf(const std::string& instance, const PathTokens& tokens) {
  if (const auto own = tokens.Find("runtime-path")) return tokens.Expand(*own);
  if (const char* given = std::getenv("RUNTIME_DIRECTORY"); given && *given) {
    return Split(given, ':').front();
  }
  if (::geteuid() == 0) return "/run/nscp/" + instance;
  if (const char* user = std::getenv("XDG_RUNTIME_DIR"); user && *user) {
    return std::string(user) + "/nscp/" + instance;
  }
  return tokens.Expand("${temp}") + "/nscp-" + std::to_string(::geteuid()) + "/" +
         instance;
}

Result<std::unique_ptr<RuntimeFolder>> RuntimeFolder::Take(const std::string& folder) {
  RETURN_IF_ERROR(CheckLength(folder));
  RETURN_IF_ERROR(MakeParents(folder));
  RETURN_IF_ERROR(MakeOwn(folder));
  const std::string file = folder + "/lock";
  Descriptor lock(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!lock.open()) return Status::FailedPrecondition(Errno("opening " + file));
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    char holder[32] = {0};
    const ssize_t got = ::read(lock.get(), holder, sizeof holder - 1);
    return Status::AlreadyExists("this agent runs already, as process " +
                                 (got > 0 ? std::string(Trim(holder)) : "(unknown)") +
                                 " (lock " + file + ")");
  }
  const std::string pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(lock.get(), 0) != 0 ||
      ::pwrite(lock.get(), pid.data(), pid.size(), 0) < 0) {
    return Status::Unavailable(Errno("writing " + file));
  }
  auto taken = std::make_unique<PosixRuntimeFolder>(folder, std::move(lock), false);
  taken->Clean();
  return std::unique_ptr<RuntimeFolder>(std::move(taken));
}

Result<std::unique_ptr<RuntimeFolder>> RuntimeFolder::MakePrivate(
    const PathTokens& tokens) {
  const auto own = tokens.Find("runtime-path");
  const std::string parent = own ? tokens.Expand(*own) : tokens.Expand("${temp}");
  ASSIGN_OR_RETURN(const std::string random, RandomBytes(6));
  const std::string folder = parent + "/nscp-cli-" + ToHex(random);
  RETURN_IF_ERROR(CheckLength(folder));
  RETURN_IF_ERROR(MakeParents(folder));
  RETURN_IF_ERROR(MakeOwn(folder));
  return std::unique_ptr<RuntimeFolder>(
      std::make_unique<PosixRuntimeFolder>(folder, Descriptor(), true));
}

Result<AdminAccess> ReadAdmin(const std::string& folder) {
  const std::string file = folder + "/admin";
  const Descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!opened.open()) return Status::NotFound("no agent is running here (" + file + ")");
  struct stat facts {};
  char text[1024];
  ssize_t got = -1;
  const bool ours = ::fstat(opened.get(), &facts) == 0 && (facts.st_mode & 0077) == 0 &&
                    (facts.st_uid == ::geteuid() || ::geteuid() == 0);
  if (ours) got = ::read(opened.get(), text, sizeof text);
  if (!ours) {
    return Status::PermissionDenied(file +
                                    " belongs to another user or is open to others");
  }
  const auto lines = Split({text, static_cast<size_t>(got < 0 ? 0 : got)}, '\n');
  if (lines.size() < 2)
    return Status::NotFound("no agent is running here (" + file + ")");
  return AdminAccess{lines[0], lines[1]};
}

}  // namespace nscp::kernel
