#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <deque>

#include "proto/cpp/descriptor_posix.h"
#include "proto/cpp/text.h"
#include "workers/sdk/lifeline.h"

namespace nscp::sdk {
namespace {

constexpr std::string_view kDescriptorWord = "descriptor ";

class PosixLifeline final : public Lifeline {
 public:
  PosixLifeline(Descriptor in, Descriptor wake_read, Descriptor wake_write)
      : in_(std::move(in)),
        wake_read_(std::move(wake_read)),
        wake_write_(std::move(wake_write)) {}

  Result<std::string> ReadBirth(std::chrono::milliseconds limit) override {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    std::string line;
    while (!TakeLine(line)) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
          deadline - std::chrono::steady_clock::now());
      pollfd waiting{in_.get(), POLLIN, 0};
      if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) == 0) {
        return Status::DeadlineExceeded(
            "reading the birth line from standard input: nothing came in time. This "
            "program "
            "is started by the nscp kernel, not by hand");
      }
      if (!Receive()) {
        return Status::FailedPrecondition(
            "reading the birth line from standard input: it ended. This program is "
            "started "
            "by the nscp kernel, not by hand");
      }
    }
    return line;
  }

  Happened Wait() override {
    for (;;) {
      std::string line;
      while (TakeLine(line)) {
        if (!StartsWith(line, kDescriptorWord) || received_.empty()) continue;
        const int descriptor = received_.front().Release();
        received_.pop_front();
        return {Event::kDescriptor, line.substr(kDescriptorWord.size()), descriptor};
      }
      pollfd waiting[] = {{in_.get(), POLLIN, 0}, {wake_read_.get(), POLLIN, 0}};
      if (::poll(waiting, 2, -1) < 0 && errno != EINTR) return {};
      if (waiting[1].revents != 0) return {Event::kInterrupted, "", -1};
      if (waiting[0].revents != 0 && !Receive()) return {};
    }
  }

  void Interrupt() override {
    const char byte = 0;
    while (::write(wake_write_.get(), &byte, 1) < 0 && errno == EINTR) {
    }
  }

 private:
  bool TakeLine(std::string& line) {
    const size_t end = buffer_.find('\n');
    if (end == std::string::npos) return false;
    line = buffer_.substr(0, end);
    buffer_.erase(0, end + 1);
    return true;
  }

  // False at the end of file, and for what cannot come from our kernel.
  bool Receive() {
    char bytes[4096];
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int) * 4)];
    iovec part{bytes, sizeof bytes};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    ssize_t got = ::recvmsg(in_.get(), &message, MSG_CMSG_CLOEXEC);
    if (got < 0 && errno == ENOTSOCK) got = ::read(in_.get(), bytes, sizeof bytes);
    if (got < 0) return errno == EINTR || errno == EAGAIN;
    if (got == 0) return false;
    KeepDescriptors(message);
    buffer_.append(bytes, static_cast<size_t>(got));
    return buffer_.size() <= kMaxLine;
  }

  void KeepDescriptors(msghdr& message) {
    for (cmsghdr* head = CMSG_FIRSTHDR(&message); head != nullptr;
         head = CMSG_NXTHDR(&message, head)) {
      if (head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS) continue;
      const size_t count = (head->cmsg_len - CMSG_LEN(0)) / sizeof(int);
      for (size_t i = 0; i < count; ++i) {
        int fd = -1;
        std::memcpy(&fd, CMSG_DATA(head) + i * sizeof fd, sizeof fd);
        received_.emplace_back(fd);
      }
    }
  }

  const Descriptor in_;
  const Descriptor wake_read_;
  const Descriptor wake_write_;
  std::string buffer_;
  std::deque<Descriptor> received_;
};

}  // namespace

Result<std::unique_ptr<Lifeline>> Lifeline::Take() {
  Descriptor in(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3));
  if (!in.open()) {
    return Status::FailedPrecondition(std::string("taking standard input: ") +
                                      std::strerror(errno));
  }
  int wake[2];
  if (::pipe2(wake, O_CLOEXEC | O_NONBLOCK) != 0) {
    return Status::ResourceExhausted(std::string("making a pipe: ") +
                                     std::strerror(errno));
  }
  const Descriptor null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  if (null.open()) ::dup2(null.get(), STDIN_FILENO);
  return std::unique_ptr<Lifeline>(std::make_unique<PosixLifeline>(
      std::move(in), Descriptor(wake[0]), Descriptor(wake[1])));
}

}  // namespace nscp::sdk
