// The runtime folder of one agent: where its kernel listens, its workers' sockets and the
// admin token lie. Made with mode 0700; a folder that belongs to somebody else, or that
// is a link, is refused, for whoever owns it could speak for us.
//
// An agent is its settings store: the instance id is 12 hex digits of a hash of the
// canonical store, so two agents of one machine never share a folder and a command finds
// its own.
#pragma once

#include <memory>
#include <string>

#include "kernel/settings/paths.h"
#include "proto/cpp/status.h"

namespace nscp::kernel {

// Unix socket paths end at 107 bytes; a longer folder is refused with a word about it.
constexpr size_t kMaxSocketPath = 100;

std::string InstanceId(const std::string& canonical_store);

// Where the folder of `instance` is: `--path-override runtime-path=`, else
// $RUNTIME_DIRECTORY, else /run/nscp/<id> (root), $XDG_RUNTIME_DIR/nscp/<id>,
// <temp>/nscp-<uid>/<id>.
std::string RuntimeFolderOf(const std::string& instance, const PathTokens& tokens);

class RuntimeFolder {
 public:
  // Makes the folder and takes its lock. A second kernel is AlreadyExists and says which
  // process holds it. What an earlier kernel left behind is removed.
  static Result<std::unique_ptr<RuntimeFolder>> Take(const std::string& folder);
  // A private one in the temporary folder, without a lock, removed at the end.
  static Result<std::unique_ptr<RuntimeFolder>> MakePrivate(const PathTokens& tokens);
  virtual ~RuntimeFolder() = default;  // removes what it made

  const std::string& path() const { return path_; }

  // gRPC targets to listen on: of the kernel, and of one incarnation (whose folder is
  // made).
  virtual std::string KernelAddress() const = 0;
  virtual Result<std::string> WorkerAddress(uint64_t incarnation) = 0;
  virtual void RemoveWorker(uint64_t incarnation) = 0;
  // Writes "<target>\n<token>\n" for the command line, readable by the owner alone.
  virtual Status WriteAdmin(const std::string& target, const std::string& token) = 0;

 protected:
  explicit RuntimeFolder(std::string path) : path_(std::move(path)) {}
  const std::string path_;
};

// What a running kernel wrote; NotFound when there is none. Reads nothing that others may
// write.
struct AdminAccess {
  std::string target;
  std::string token;
};
Result<AdminAccess> ReadAdmin(const std::string& folder);

}  // namespace nscp::kernel
