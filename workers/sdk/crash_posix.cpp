#include <signal.h>
#include <unistd.h>

#include <cstring>

#include "workers/sdk/crash.h"

namespace nscp::sdk {
namespace {

constexpr size_t kMaxCall = 64;
// Plain memory, so that the handler may read it.
thread_local char current_call[kMaxCall] = {0};
// A thread that overflowed its stack needs another one for the handler.
alignas(16) char handler_stack[16 * 1024];

extern "C" void OnCrash(int signal_number) {
  if (current_call[0] != 0) {
    char line[sizeof kCrashWords + kMaxCall + 1];
    size_t length = sizeof kCrashWords - 1;
    std::memcpy(line, kCrashWords, length);
    for (size_t i = 0; i < kMaxCall && current_call[i] != 0; ++i) {
      line[length++] = current_call[i];
    }
    line[length++] = '\n';
    if (::write(STDERR_FILENO, line, length) < 0) {
      // Nobody is left to be told.
    }
  }
  // SA_RESETHAND has put the default back: dying again is the real end.
  ::raise(signal_number);
}

}  // namespace

void InstallCrashHandler() {
  stack_t stack{};
  stack.ss_sp = handler_stack;
  stack.ss_size = sizeof handler_stack;
  ::sigaltstack(&stack, nullptr);
  struct sigaction action {};
  action.sa_handler = OnCrash;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_ONSTACK | SA_NODEFER);
  ::sigemptyset(&action.sa_mask);
  for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) {
    ::sigaction(number, &action, nullptr);
  }
}

CrashScope::CrashScope(const char* call) {
  std::strncpy(current_call, call, kMaxCall - 1);
}

CrashScope::~CrashScope() { current_call[0] = 0; }

}  // namespace nscp::sdk
