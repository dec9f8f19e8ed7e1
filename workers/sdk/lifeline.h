// Standard input as the worker's lifeline (nscp/v1/birth.proto): the birth line,
// descriptors from the kernel, and the end of file that says that the kernel is gone.
// Owned by RunModule; Read and Wait are called by the main thread alone, Interrupt by
// any.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "proto/cpp/status.h"

namespace nscp::sdk {

class Lifeline {
 public:
  // A line that is longer is not from our kernel.
  static constexpr size_t kMaxLine = 16 * 1024;

  // Takes over standard input and leaves an empty one in its place, so that a library or
  // a script that reads it does not eat the lifeline.
  static Result<std::unique_ptr<Lifeline>> Take();
  virtual ~Lifeline() = default;

  // The first line, without its end. Waits at most `limit`.
  virtual Result<std::string> ReadBirth(std::chrono::milliseconds limit) = 0;

  enum class Event { kKernelGone, kDescriptor, kInterrupted };
  struct Happened {
    Event event = Event::kKernelGone;
    std::string name;     // kDescriptor
    int descriptor = -1;  // kDescriptor: the caller's now
  };
  // Waits for the next event, without a limit: the lifeline ends with the kernel.
  virtual Happened Wait() = 0;
  virtual void Interrupt() = 0;
};

}  // namespace nscp::sdk
