#include "workers/cause_crashes/cause_crashes.h"

#include <chrono>
#include <cstdlib>
#include <list>
#include <stdexcept>
#include <thread>

#include "proto/cpp/text.h"
#include "workers/checks/options.h"

namespace nscp::cause_crashes {
namespace {

using sdk::CheckResult;

constexpr int kExitCode = 3;
constexpr size_t kStackFrame = 4096;
constexpr size_t kBlock = 16 * 1024 * 1024;

// All that is written here is volatile, so that no compiler leaves the mischief out.

void Segfault() {
  volatile int* volatile nowhere = nullptr;
  *nowhere = 1;
}

void Overflow(int depth);
void (*volatile const overflow)(int) = &Overflow;

void Overflow(int depth) {
  volatile char frame[kStackFrame];
  frame[0] = static_cast<char>(depth);
  overflow(depth + 1);
  frame[1] = frame[0];
}

// Ends with std::bad_alloc at the worker's own limit.
void TakeAllMemory() {
  std::list<std::string> blocks;
  for (;;) blocks.emplace_back(kBlock, 'x');
}

[[noreturn]] void Hang() {
  for (;;) std::this_thread::sleep_for(std::chrono::hours(1));
}

[[noreturn]] void Spin() {
  for (volatile unsigned counter = 0;;) counter = counter + 1;
}

constexpr struct {
  const char* kind;
  void (*act)();
} kKinds[] = {
    {"segfault", &Segfault},
    {"abort", [] { std::abort(); }},
    {"exit", [] { std::_Exit(kExitCode); }},
    {"stack", [] { overflow(0); }},
    {"memory", &TakeAllMemory},
    {"exception", [] { throw std::runtime_error("CauseCrashes was asked to throw"); }},
    {"hang", [] { Hang(); }},
    {"spin", [] { Spin(); }},
};

std::string Kinds() {
  std::string all;
  for (const auto& kind : kKinds) {
    all.append(all.empty() ? "" : ", ").append(kind.kind);
  }
  return all;
}

class CauseCrashes : public sdk::Module {
 public:
  CauseCrashes() {
    options_.Text("kind", "segfault", "What goes wrong, one of " + Kinds());
  }

  Status Start(const sdk::StartContext&) override { return Status::Ok(); }

  CheckResult OnQuery(const sdk::Query& query, sdk::Call&) override {
    if (query.command != "crash_client") {
      return CheckResult::Unknown("Unknown command(s): " + query.command);
    }
    auto outcome = options_.Parse(query.arguments);
    if (auto* answer = std::get_if<CheckResult>(&outcome)) return std::move(*answer);
    const std::string wanted =
        ToLowerAscii(std::get<checks::Arguments>(outcome).Text("kind"));
    for (const auto& kind : kKinds) {
      if (wanted == kind.kind) kind.act();
    }
    return CheckResult::Unknown("Invalid kind: " + wanted + " (one of " + Kinds() + ")");
  }

 private:
  checks::OptionTable options_;
};

}  // namespace

std::unique_ptr<sdk::Module> MakeCauseCrashes() {
  return std::make_unique<CauseCrashes>();
}

}  // namespace nscp::cause_crashes
