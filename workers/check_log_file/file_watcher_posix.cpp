#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstring>
#include <map>
#include <set>

#include "proto/cpp/descriptor_posix.h"
#include "workers/check_log_file/file_watcher.h"

namespace nscp::check_log_file {
namespace {

// What may make a file another one or give it more. Not that it was read.
constexpr uint32_t kChanges = IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_DELETE_SELF |
                              IN_MOVE_SELF | IN_ONLYDIR | IN_EXCL_UNLINK;

// A folder is watched and not its files, since a name goes to another file at each
// rotation; other names in it do not wake.
class InotifyWatcher final : public FileWatcher {
 public:
  bool ok() const { return events_.get() >= 0 && wake_.get() >= 0; }
  void Watch(const std::vector<std::string>& files) override;
  void Wait(std::chrono::milliseconds limit) override;
  void Wake() override;

 private:
  bool ReadEvents();
  bool Concerns(const inotify_event& event);

  const Descriptor events_{::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)};
  const Descriptor wake_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
  std::map<int, std::set<std::string>> names_;  // by watch
  std::map<std::string, int> watches_;          // by folder
};

void InotifyWatcher::Watch(const std::vector<std::string>& files) {
  for (const std::string& file : files) {
    const size_t slash = file.rfind('/');
    const std::string folder = slash == std::string::npos ? "."
                               : slash == 0               ? "/"
                                                          : file.substr(0, slash);
    auto found = watches_.find(folder);
    if (found == watches_.end()) {
      if (watches_.size() >= kMaxWatchedFolders) continue;
      const int watch = ::inotify_add_watch(events_.get(), folder.c_str(), kChanges);
      if (watch < 0) continue;
      found = watches_.emplace(folder, watch).first;
    }
    names_[found->second].insert(slash == std::string::npos ? file
                                                            : file.substr(slash + 1));
  }
}

bool InotifyWatcher::Concerns(const inotify_event& event) {
  if ((event.mask & IN_Q_OVERFLOW) != 0) return true;
  if ((event.mask & (IN_IGNORED | IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT)) != 0) {
    // The folder is gone or called otherwise: the next Watch begins anew with its name.
    if ((event.mask & IN_IGNORED) == 0) ::inotify_rm_watch(events_.get(), event.wd);
    names_.erase(event.wd);
    for (auto it = watches_.begin(); it != watches_.end();) {
      it = it->second == event.wd ? watches_.erase(it) : std::next(it);
    }
    return true;
  }
  const auto names = names_.find(event.wd);
  return names != names_.end() && event.len > 0 && names->second.count(event.name) > 0;
}

bool InotifyWatcher::ReadEvents() {
  // So much at a time, that a busy folder cannot keep us here.
  alignas(inotify_event) char buffer[16 * (sizeof(inotify_event) + NAME_MAX + 1)];
  const ssize_t got = ::read(events_.get(), buffer, sizeof(buffer));
  bool concerns = false;
  for (ssize_t at = 0; at + static_cast<ssize_t>(sizeof(inotify_event)) <= got;) {
    const auto* event = reinterpret_cast<const inotify_event*>(buffer + at);
    concerns = Concerns(*event) || concerns;
    at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
  }
  return concerns;
}

void InotifyWatcher::Wait(std::chrono::milliseconds limit) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point end = Clock::now() + limit;
  for (;;) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
    pollfd waited[] = {{events_.get(), POLLIN, 0}, {wake_.get(), POLLIN, 0}};
    const int ready = ::poll(waited, 2, left > 0 ? static_cast<int>(left) : 0);
    if (ready < 0 && errno != EINTR) return;
    if ((waited[1].revents & POLLIN) != 0) {
      uint64_t count = 0;
      if (::read(wake_.get(), &count, sizeof(count)) >= 0) return;
    }
    if ((waited[0].revents & POLLIN) != 0 && ReadEvents()) return;
    if (left <= 0) return;
  }
}

void InotifyWatcher::Wake() {
  const uint64_t one = 1;
  // A counter that is full wakes as well.
  if (::write(wake_.get(), &one, sizeof(one)) < 0) return;
}

}  // namespace

std::unique_ptr<FileWatcher> MakeFileWatcher() {
  auto watcher = std::make_unique<InotifyWatcher>();
  if (watcher->ok()) return watcher;
  return MakeTimedWatcher();
}

}  // namespace nscp::check_log_file
