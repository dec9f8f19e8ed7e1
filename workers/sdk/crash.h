// Last words: when a thread of the worker dies by a signal, its call's id goes to
// standard error as "nscp: crashed in call <id>", where the kernel finds it among the
// last lines and knows whom to blame. The signal then does what it would have done.
#pragma once

namespace nscp::sdk {

constexpr char kCrashWords[] = "nscp: crashed in call ";

// Once, before threads exist.
void InstallCrashHandler();

// The calling thread works on `call` (a short ASCII id, copied) until the object ends.
class CrashScope {
 public:
  explicit CrashScope(const char* call);
  ~CrashScope();
  CrashScope(const CrashScope&) = delete;
  CrashScope& operator=(const CrashScope&) = delete;
};

}  // namespace nscp::sdk
