// The server behind http.h: one loop thread accepts, shakes hands, reads and writes; pool
// threads run handlers and nothing else waits in them. gateway/README.md draws the states
// of a connection.
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "gateway/http/connection.h"
#include "gateway/http/http.h"
#include "gateway/http/poller.h"
#include "gateway/http/pool.h"
#include "gateway/http/stream_wakes.h"
#include "gateway/http/tls.h"

namespace nscp::gateway {

constexpr size_t kMaxQueuedRequests = 128;  // long ones, and as many others
constexpr size_t kMaxBufferedBytes =
    64 * 1024 * 1024;  // of unfinished requests, all together
constexpr size_t kAlwaysBufferedBytes =
    64 * 1024;  // of one request, whatever the others hold
// Read away after the last answer: more than any body may have, so that whoever sends too
// much still reads why it is refused.
constexpr size_t kMaxLingerBytes = 16 * 1024 * 1024;
constexpr std::chrono::milliseconds kLingerDeadline{2000};
constexpr std::chrono::milliseconds kLeastWriteTime{
    1000};  // for a late answer, for a refusal
constexpr std::chrono::milliseconds kStopInterval{50};  // how often a stop looks around
constexpr std::chrono::milliseconds kAcceptPause{100};  // when descriptors have run out

class HttpServer final : public Server {
 public:
  HttpServer(ServerOptions options, Handler handler, std::unique_ptr<Poller> poller,
             std::shared_ptr<const TlsContext> tls, std::string id_prefix);
  ~HttpServer() override;

  Status Adopt(int listening_socket) override;
  Result<uint16_t> Listen(const std::string& address, uint16_t port) override;
  void Stop(std::chrono::milliseconds limit) override;
  Status ReloadCertificate(const TlsOptions& tls) override;

 private:
  // server.cpp: the loop thread.
  void Loop();
  void AcceptAll(Socket listening);
  void Welcome(const Accepted& accepted);
  void Sweep();
  bool Stopped();  // true when the loop may end
  void CloseListeners();
  Status AddListener(Socket listening);
  void Complain(const std::string& sentence) const;

  // serve.cpp: the thread that holds the connection. A step gives kDone to go on at once,
  // a wish to wait, kClosed to end it; nothing when the connection was handed on.
  using Step = std::optional<Io>;
  void Drive(const ConnectionPointer& connection);
  Step Shake(const ConnectionPointer& connection);
  Step ReadOn(const ConnectionPointer& connection);
  Step WriteOn(const ConnectionPointer& connection);
  Step StreamOn(const ConnectionPointer& connection);
  Step ReadAway(const ConnectionPointer& connection);
  Step Linger(const ConnectionPointer& connection);
  Step Dispatch(const ConnectionPointer& connection);
  void Run(const ConnectionPointer& connection);
  Step Refuse(const ConnectionPointer& connection, int status, const std::string& text);
  void Expire(const ConnectionPointer& connection, ConnectionTable::Waiting how);
  void BeginStream(const ConnectionPointer& connection, std::shared_ptr<Stream> stream);
  void EndStream(const ConnectionPointer& connection);
  Request MakeRequest(const ConnectionPointer& connection);
  std::string NextId();
  void Account(const ConnectionPointer& connection, size_t bytes);
  void ParkNow(const ConnectionPointer& connection, Io wanted);
  void Drop(const ConnectionPointer& connection);

  const ServerOptions options_;
  const Handler handler_;
  const Limits limits_;
  const std::string id_prefix_;
  const std::unique_ptr<Poller> poller_;
  const std::shared_ptr<StreamWakes> wakes_;
  ConnectionTable table_;

  std::atomic<uint64_t> next_socket_id_{1};
  std::atomic<uint64_t> next_request_{1};
  std::atomic<size_t> buffered_{0};
  std::atomic<bool> stopping_{false};
  std::atomic<bool> cutting_{false};

  std::mutex mutex_;
  std::shared_ptr<const TlsContext> tls_;  // guarded by mutex_
  std::map<uint64_t, Socket> listeners_;   // guarded by mutex_
  std::condition_variable loop_ended_;
  bool ended_ = false;                    // guarded by mutex_
  std::optional<SteadyTime> stop_began_;  // loop thread
  SteadyTime accept_again_;               // loop thread; when accepting pauses
  bool accept_paused_ = false;            // loop thread

  std::mutex stop_mutex_;
  Pool pool_;
  std::thread loop_;  // last: it uses everything above
};

}  // namespace nscp::gateway
