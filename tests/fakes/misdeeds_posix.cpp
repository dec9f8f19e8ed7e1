#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "tests/fakes/misdeeds.h"

namespace fakes {

void Crash() {
  ::raise(SIGSEGV);
  std::abort();
}

int64_t ForkAway() {
  const pid_t child = ::fork();
  if (child != 0) return child;
  // Only async-signal-safe calls: the parent has threads.
  ::setsid();
  ::close(0);
  ::close(1);
  ::close(2);
  ::sleep(3600);
  ::_exit(0);
}

void Flood(int64_t lines) {
  for (int64_t i = 0; i < lines; ++i) {
    std::printf("line %lld of a flood of words that nobody asked for\n",
                static_cast<long long>(i));
  }
  std::fflush(stdout);
}

void IgnoreTermination() { ::signal(SIGTERM, SIG_IGN); }

}  // namespace fakes
