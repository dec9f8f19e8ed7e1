#include <sys/epoll.h>
#include <time.h>

#include <array>
#include <cerrno>
#include <deque>

#include "proto/cpp/descriptor_posix.h"
#include "tests/bench/load/client.h"
#include "tests/bench/load/connection.h"

namespace nscp::bench {
namespace {

constexpr int kEventsAtOnce = 64;

double ThreadSeconds() {
  timespec used{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

int MillisecondsUntil(Clock::time_point when, Clock::time_point now) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(when - now).count();
  return left > 0 ? static_cast<int>(left) : 0;
}

void Record(const Plan& plan, Clock::time_point since, Tally* tally) {
  const auto now = Clock::now();
  ++tally->answers;
  if (now < plan.begin || now >= plan.end) return;
  const auto took = std::chrono::duration_cast<std::chrono::nanoseconds>(now - since);
  tally->latency.Add(static_cast<uint64_t>(took.count()));
}

Status Serve(const Plan& plan, Connection& connection, Tally* tally) {
  ASSIGN_OR_RETURN(const bool complete, connection.Advance());
  if (!complete) return Status::Ok();
  Record(plan, connection.since(), tally);
  return connection.Again();
}

}  // namespace

Status RunClient(const Plan& plan, Tally* tally) {
  ASSIGN_OR_RETURN(const Context context, MakeContext());
  const Descriptor epoll(::epoll_create1(EPOLL_CLOEXEC));
  if (epoll.get() < 0) return Status::Internal("making an epoll descriptor failed");
  std::deque<Connection> connections;
  for (unsigned i = 0; i < plan.connections; ++i) {
    connections.emplace_back(plan, context.get(), epoll.get());
    RETURN_IF_ERROR(connections.back().Open());
  }
  bool recording = false;
  double used_before = 0;
  std::array<epoll_event, kEventsAtOnce> events;
  for (auto now = Clock::now(); now < plan.end; now = Clock::now()) {
    if (!recording && now >= plan.begin) {
      recording = true;
      used_before = ThreadSeconds();
    }
    const int ready =
        ::epoll_wait(epoll.get(), events.data(), kEventsAtOnce,
                     MillisecondsUntil(recording ? plan.end : plan.begin, now));
    if (ready < 0 && errno != EINTR)
      return Status::Internal("waiting for sockets failed");
    for (int i = 0; i < ready; ++i) {
      auto& connection =
          *static_cast<Connection*>(events[static_cast<size_t>(i)].data.ptr);
      RETURN_IF_ERROR(Serve(plan, connection, tally));
    }
  }
  tally->cpu_seconds = ThreadSeconds() - used_before;
  return Status::Ok();
}

}  // namespace nscp::bench
