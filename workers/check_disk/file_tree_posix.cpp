#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "workers/check_disk/file_tree.h"
#include "workers/check_disk/glob.h"

namespace nscp::check_disk {
namespace {

// How often a walk looks whether somebody still waits.
constexpr size_t kEntriesBetweenLooks = 256;

bool HasVanished(int error) { return error == ENOENT || error == ENOTDIR; }

FileFacts FactsOf(const struct statx& found) {
  const bool has_birth = (found.stx_mask & STATX_BTIME) != 0;
  FileFacts facts;
  facts.size = found.stx_size;
  facts.written = found.stx_mtime.tv_sec;
  facts.accessed = found.stx_atime.tv_sec;
  facts.created = has_birth ? found.stx_btime.tv_sec : found.stx_ctime.tv_sec;
  facts.is_folder = S_ISDIR(found.stx_mode);
  return facts;
}

// False with errno.
bool Stat(int folder, const char* path, int flags, struct statx& found) {
  return ::statx(folder, path, flags, STATX_BASIC_STATS | STATX_BTIME, &found) == 0;
}

// One walk. Folders wait on a stack as paths, so that depth costs neither descriptors nor
// call frames.
class Walker {
 public:
  Walker(const WalkWish& wish, const std::function<bool(FoundFile&&)>& visit)
      : wish_(wish), visit_(visit) {}

  Result<WalkOutcome> Walk(const std::string& start);

 private:
  struct Waiting {
    std::string path;
    int64_t level = 0;
  };

  Status WalkFolder(Waiting folder);
  Status Take(int folder, const dirent& entry, const Waiting& where,
              const std::shared_ptr<const std::string>& path);
  void Complain(const std::string& text);

  const WalkWish& wish_;
  const std::function<bool(FoundFile&&)>& visit_;
  std::vector<Waiting> waiting_;
  WalkOutcome outcome_;
  size_t entries_ = 0;
  int complaints_ = 0;
  bool done_ = false;
};

void Walker::Complain(const std::string& text) {
  if (wish_.complain && complaints_++ < kMaxComplaints) wish_.complain(text);
}

Result<WalkOutcome> Walker::Walk(const std::string& start) {
  struct statx found {};
  if (!Stat(AT_FDCWD, start.c_str(), 0, found)) {
    outcome_.missing = true;
    return outcome_;
  }
  if (!S_ISDIR(found.stx_mode)) {
    PathParts parts = SplitPath(start);
    visit_({std::move(parts.name),
            std::make_shared<const std::string>(std::move(parts.folder)),
            FactsOf(found)});
    return outcome_;
  }
  waiting_.push_back({start, 0});
  while (!waiting_.empty() && !done_) {
    Waiting folder = std::move(waiting_.back());
    waiting_.pop_back();
    RETURN_IF_ERROR(WalkFolder(std::move(folder)));
  }
  return outcome_;
}

Status Walker::WalkFolder(Waiting folder) {
  const bool is_start = folder.level == 0;
  const int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK;
  const int descriptor =
      ::open(folder.path.c_str(), is_start ? flags : flags | O_NOFOLLOW);
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(
      descriptor < 0 ? nullptr : ::fdopendir(descriptor), &::closedir);
  if (stream == nullptr) {
    if (!HasVanished(errno)) {
      Complain("Failed to read the folder " + folder.path + ": " + std::strerror(errno));
    }
    return Status::Ok();
  }
  outcome_.folders += is_start ? 0 : 1;
  const auto path = std::make_shared<const std::string>(folder.path);
  while (const dirent* entry = ::readdir(stream.get())) {
    if (++entries_ % kEntriesBetweenLooks == 0 && wish_.cancelled && wish_.cancelled()) {
      return Status::Cancelled("Looking for files was stopped: nobody waits for them");
    }
    RETURN_IF_ERROR(Take(descriptor, *entry, folder, path));
    if (done_) break;
  }
  return Status::Ok();
}

Status Walker::Take(int folder, const dirent& entry, const Waiting& where,
                    const std::shared_ptr<const std::string>& path) {
  const char* name = entry.d_name;
  if (std::strcmp(name, ".") == 0 || std::strcmp(name, "..") == 0) return Status::Ok();
  unsigned char type = entry.d_type;
  struct statx found {};
  bool has_facts = false;
  if (type == DT_UNKNOWN) {
    if (!Stat(folder, name, AT_SYMLINK_NOFOLLOW, found)) return Status::Ok();
    has_facts = true;
    type = static_cast<unsigned char>(IFTODT(found.stx_mode));
  }
  if (type == DT_LNK) return Status::Ok();
  if (type == DT_DIR) {
    if (wish_.max_depth >= 0 && where.level + 1 >= wish_.max_depth) return Status::Ok();
    if (waiting_.size() >= kMaxWaitingFolders) {
      return Status::ResourceExhausted(
          "Too many folders: more than " + std::to_string(kMaxWaitingFolders) +
          " below " + where.path + ". Use a narrower path or max-depth.");
    }
    waiting_.push_back({JoinPath(where.path, name), where.level + 1});
    return Status::Ok();
  }
  if (!MatchesPattern(wish_.pattern, name)) return Status::Ok();
  if (wish_.facts && !has_facts && !Stat(folder, name, AT_SYMLINK_NOFOLLOW, found)) {
    if (!HasVanished(errno)) {
      Complain("Failed to read " + JoinPath(where.path, name) + ": " +
               std::strerror(errno));
    }
    return Status::Ok();
  }
  done_ = !visit_({name, path, wish_.facts ? FactsOf(found) : FileFacts()});
  return Status::Ok();
}

class SystemTree final : public FileTree {
 public:
  Result<WalkOutcome> Walk(const std::string& start, const WalkWish& wish,
                           const std::function<bool(FoundFile&&)>& visit) const override {
    return Walker(wish, visit).Walk(start);
  }
  Result<FoundFile> Look(const std::string& path) const override {
    struct statx found {};
    if (Stat(AT_FDCWD, path.c_str(), 0, found)) {
      PathParts parts = SplitPath(path);
      return FoundFile{std::move(parts.name),
                       std::make_shared<const std::string>(std::move(parts.folder)),
                       FactsOf(found)};
    }
    return Status::NotFound("Failed to read " + path + ": " + std::strerror(errno));
  }
};

}  // namespace

std::unique_ptr<FileTree> MakeFileTree() { return std::make_unique<SystemTree>(); }

}  // namespace nscp::check_disk
