// The kernel's services as far as a worker under test needs them, with a record of what
// it asked. A call without the worker's token is refused, as the kernel would, and noted.
// Owned by one session; any thread.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "proto/cpp/status.h"

namespace nscp::conformance {

// kTalks answers so much: more than a result may hold, less than a message.
constexpr size_t kTalkBytes = 6 * 1024 * 1024;

struct AttachSeen {
  bool seen = false;
  uint32_t contract = 0;
  std::string address;
};

class PlayedKernel {
 public:
  struct Options {
    std::string listen;  // a gRPC target
    std::string token;   // the worker's
    // Hands a listening socket over the lifeline.
    std::function<Status(const std::string& line, int descriptor)> pass_descriptor;
  };
  static Result<std::unique_ptr<PlayedKernel>> Serve(Options options);
  virtual ~PlayedKernel() = default;

  // A properly signed attach, if one came within `limit`.
  virtual AttachSeen WaitAttached(std::chrono::milliseconds limit) = 0;
  // Names of the RPCs that came without the worker's token.
  virtual std::vector<std::string> BadlySigned() const = 0;
  // The ids that queries asked back in the name of; waits for `count` of them.
  virtual std::vector<std::string> WaitNested(size_t count,
                                              std::chrono::milliseconds limit) = 0;
  // Answers all that hang, and from now on at once.
  virtual void LetGo() = 0;
};

}  // namespace nscp::conformance
