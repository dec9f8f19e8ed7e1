// The body of an answer that goes on after its handler has returned (Response::stream): a
// producer writes to it whenever it has something, and the server's loop sends it. An
// open stream holds a connection and no thread.
//
// The producer's side: any thread. Bounded by kMaxWaiting: a producer that is told to
// pause goes on when `room` runs. One that does not listen is cut off at kCutWaiting.
#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

namespace nscp::gateway {

class Stream {
 public:
  static constexpr size_t kMaxWaiting =
      256 * 1024;  // bytes that the socket has not taken
  static constexpr size_t kCutWaiting = 4 * 1024 * 1024;

  // Both run on a thread of the server, without a lock, and must not block: `room` when a
  // full stream has emptied, `gone` once, when nothing is sent any more.
  Stream(std::function<void()> room, std::function<void()> gone);
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  // False: pause until `room` runs; when `gone` has run, for good.
  bool Write(std::string_view bytes);
  // What was written leaves, then the connection ends. Nothing is taken after it.
  void End();
  bool full() const;

  // The server's side. `wake` asks the loop to look; any thread may call it.
  void Attach(std::function<void()> wake);
  struct Portion {
    std::string bytes;
    bool last = false;  // nothing follows
    bool cut = false;   // the producer overran its bound
  };
  Portion Take();
  // Wakes the loop where something waits: for those who have just left the stream alone.
  void WakeIfPending();
  void Gone();

 private:
  const std::function<void()> room_;
  mutable std::mutex mutex_;
  std::function<void()> gone_;  // guarded by mutex_, as all below
  std::function<void()> wake_;
  std::string waiting_;
  bool woken_ = false;  // and not taken from since
  bool ended_ = false;
};

}  // namespace nscp::gateway
