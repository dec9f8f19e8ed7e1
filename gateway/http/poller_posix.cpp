#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "gateway/http/poller.h"
#include "proto/cpp/descriptor_posix.h"

namespace nscp::gateway {
namespace {

constexpr size_t kMaxEventsAtOnce = 64;
constexpr uint64_t kWakeId = 0;  // ids of connections and listeners begin at 1

class EpollPoller final : public Poller {
 public:
  EpollPoller(Descriptor epoll, Descriptor wake)
      : epoll_(std::move(epoll)), wake_(std::move(wake)) {}

  Status WatchWake() {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = kWakeId;
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wake_.get(), &event) == 0) {
      return Status::Ok();
    }
    return Status::Internal("watching the wake-up: " +
                            std::generic_category().message(errno));
  }

  Status Add(Socket socket, uint64_t id, Io wanted) override {
    if (Control(EPOLL_CTL_ADD, socket, id, wanted)) return Status::Ok();
    return Status::ResourceExhausted("watching a socket: " +
                                     std::generic_category().message(errno));
  }

  void Arm(Socket socket, uint64_t id, Io wanted) override {
    Control(EPOLL_CTL_MOD, socket, id, wanted);
  }

  void Remove(Socket socket, uint64_t) override {
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, static_cast<int>(socket), nullptr);
  }

  std::vector<uint64_t> Wait(std::chrono::milliseconds timeout) override {
    std::array<epoll_event, kMaxEventsAtOnce> events;
    const int count =
        ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()),
                     static_cast<int>(timeout.count()));
    std::vector<uint64_t> ids;
    for (int i = 0; i < count; ++i) {
      const uint64_t id = events[static_cast<size_t>(i)].data.u64;
      if (id == kWakeId) {
        uint64_t counter = 0;
        [[maybe_unused]] const ssize_t got =
            ::read(wake_.get(), &counter, sizeof counter);
      } else {
        ids.push_back(id);
      }
    }
    return ids;
  }

  void Wake() override {
    const uint64_t one = 1;
    [[maybe_unused]] const ssize_t put = ::write(wake_.get(), &one, sizeof one);
  }

 private:
  bool Control(int operation, Socket socket, uint64_t id, Io wanted) {
    epoll_event event{};
    event.events = EPOLLONESHOT | (wanted == Io::kWantWrite ? EPOLLOUT : EPOLLIN);
    event.data.u64 = id;
    return ::epoll_ctl(epoll_.get(), operation, static_cast<int>(socket), &event) == 0;
  }

  const Descriptor epoll_;
  const Descriptor wake_;
};

}  // namespace

Result<std::unique_ptr<Poller>> Poller::Create() {
  Descriptor epoll(::epoll_create1(EPOLL_CLOEXEC));
  Descriptor wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!epoll.open() || !wake.open()) {
    return Status::ResourceExhausted(
        "making an event loop: " + std::generic_category().message(errno) +
        ". Raise the limit of open files");
  }
  auto poller = std::make_unique<EpollPoller>(std::move(epoll), std::move(wake));
  RETURN_IF_ERROR(poller->WatchWake());
  return std::unique_ptr<Poller>(std::move(poller));
}

}  // namespace nscp::gateway
