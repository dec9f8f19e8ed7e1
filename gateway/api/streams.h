// Those who listen to the log or to the events over HTTP (server-sent events): how many
// may, when one has to go, and the heartbeat that tells the others that all is well. Each
// has one stream of the kernel's (proto/cpp/kernel_client.h) that is read only as fast as
// its client reads. gateway/README.md tells the life of a stream.
//
// One object for the life of the gateway; outlives the HTTP servers. Any thread. One
// thread of its own, from the first listener on.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "gateway/auth/authenticator.h"
#include "gateway/http/http.h"
#include "gateway/http/stream.h"
#include "proto/cpp/kernel_client.h"

namespace nscp::gateway {

struct Context;

// One who listens. What comes from the kernel calls it on the kernel client's threads.
class StreamListener {
 public:
  StreamListener(Identity who, std::shared_ptr<Stream> stream)
      : who_(std::move(who)), stream_(std::move(stream)) {}

  // False: pause until the kernel's stream is resumed.
  bool Send(std::string_view text) { return stream_->Write(text); }
  // The kernel has begun to tell.
  void Begun();
  // The kernel has stopped telling.
  void Ended(const Status& why);

 private:
  friend class Streams;
  Status AwaitBegin(std::chrono::milliseconds limit);
  void Hold(std::unique_ptr<KernelClient::Subscription> subscription);
  void Resume();
  // Says why, and ends the stream.
  void SayGoodbye(std::string_view why);

  const Identity who_;
  const std::shared_ptr<Stream> stream_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::unique_ptr<KernelClient::Subscription> subscription_;  // guarded by mutex_
  std::optional<Status> outcome_;                             // of the begin; the same
  bool gone_ = false;     // guarded by Streams::mutex_, as all below
  bool leaving_ = false;  // was said goodbye to
  TimePoint next_beat_{};
};

class Streams {
 public:
  static constexpr size_t kDefaultListeners = 32;
  static constexpr size_t kDefaultListenersOfUser = 8;
  static constexpr size_t kMaxListeners = 64;  // whatever the settings say
  // A comment that keeps proxies from closing a quiet stream and finds clients that are
  // gone without a word.
  static constexpr std::chrono::seconds kHeartbeat{15};
  // How often tokens are looked at.
  static constexpr std::chrono::seconds kLook{1};
  // For the kernel's first word.
  static constexpr std::chrono::seconds kBegin{5};
  // What a client is told to wait before it comes again.
  static constexpr std::chrono::seconds kRetry{3};
  static constexpr std::chrono::seconds kRetryWhenFull{30};

  Streams(const Authenticator* auth, Clock clock);
  ~Streams();
  Streams(const Streams&) = delete;
  Streams& operator=(const Streams&) = delete;

  void SetLimits(size_t listeners, size_t listeners_of_user);
  // Opens the kernel's stream for who asks; an answer with a stream, or 503 where no
  // place is free, or the kernel's error.
  using Watch = std::function<std::unique_ptr<KernelClient::Subscription>(
      KernelClient& kernel, std::shared_ptr<StreamListener> listener)>;
  Response Open(const Context& context, const Watch& watch);
  // Ends all streams, with a comment that says why.
  void EndAll(std::string_view why);
  // The same, and no further one is opened.
  void Close(std::string_view why);
  // What its thread does again and again: heartbeats, ends, tidying up.
  void Look();

 private:
  using Listeners = std::list<std::shared_ptr<StreamListener>>;

  std::shared_ptr<StreamListener> NewListener(const Identity& who);
  // With mutex_ held: a text when there is no place.
  std::optional<std::string> FullLocked(const std::string& user) const;
  void Forget(const std::shared_ptr<StreamListener>& listener);
  void Run();

  const Authenticator* const auth_;
  const Clock clock_;
  std::mutex mutex_;
  std::condition_variable changed_;
  size_t most_ = kDefaultListeners;  // guarded by mutex_, as all below
  size_t most_of_user_ = kDefaultListenersOfUser;
  Listeners listeners_;
  bool look_ = false;
  bool closed_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace nscp::gateway
