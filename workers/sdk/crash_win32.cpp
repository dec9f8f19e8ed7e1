#include <windows.h>

#include <cstring>

#include "workers/sdk/crash.h"

namespace nscp::sdk {
namespace {

constexpr size_t kMaxCall = 64;
thread_local char current_call[kMaxCall] = {0};

LONG WINAPI OnCrash(EXCEPTION_POINTERS*) {
  if (current_call[0] != 0) {
    char line[sizeof kCrashWords + kMaxCall + 1];
    size_t length = sizeof kCrashWords - 1;
    std::memcpy(line, kCrashWords, length);
    for (size_t i = 0; i < kMaxCall && current_call[i] != 0; ++i) {
      line[length++] = current_call[i];
    }
    line[length++] = '\n';
    DWORD written = 0;
    WriteFile(GetStdHandle(STD_ERROR_HANDLE), line, static_cast<DWORD>(length), &written,
              nullptr);
  }
  return EXCEPTION_CONTINUE_SEARCH;
}

}  // namespace

void InstallCrashHandler() {
  SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX);
  SetUnhandledExceptionFilter(OnCrash);
}

CrashScope::CrashScope(const char* call) {
  std::strncpy(current_call, call, kMaxCall - 1);
}

CrashScope::~CrashScope() { current_call[0] = 0; }

}  // namespace nscp::sdk
