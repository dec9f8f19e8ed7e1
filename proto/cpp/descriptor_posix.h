// A file descriptor and its end. One owner; for one thread at a time.
#pragma once

#include <utility>

#include <unistd.h>

namespace nscp {

class Descriptor {
 public:
  Descriptor() = default;
  // Takes it over; a negative number, as system calls give for an error, is none.
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(other.Release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() { Close(); }

  int get() const { return fd_; }
  bool open() const { return fd_ >= 0; }
  // What close(2) gives: -1 and errno where what was written may be lost. 0 when none is
  // open.
  int Close() {
    const int fd = Release();
    return fd >= 0 ? ::close(fd) : 0;
  }
  // To another owner.
  int Release() { return std::exchange(fd_, -1); }

 private:
  int fd_ = -1;
};

}  // namespace nscp
