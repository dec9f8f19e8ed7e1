// Notices that the files of a certificate have changed on disk, so that a renewed one is
// served without a restart. Looks at time and size every `pace`; a change counts once it
// has stood still for one more look, because certificate and key are written one after
// the other.
//
// One thread of its own, which calls `changed`. Watch and Stop are called by the owner,
// one at a time; when they return, no call for the files before is running.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace nscp::gateway {

class CertificateWatch {
 public:
  static constexpr std::chrono::milliseconds kPace{1000};

  explicit CertificateWatch(std::chrono::milliseconds pace = kPace) : pace_(pace) {}
  ~CertificateWatch() { Stop(); }

  // In place of the files before. What they are now counts as known. A file that is not
  // there is a change when it comes, and none when it goes.
  void Watch(std::vector<std::string> files, std::function<void()> changed);
  void Stop();

 private:
  void Look(const std::vector<std::string>& files, const std::function<void()>& changed,
            std::string known);

  const std::chrono::milliseconds pace_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace nscp::gateway
