#include "gateway/http/server.h"

#include <algorithm>
#include <utility>

#include "gateway/http/exchange.h"
#include "proto/cpp/secret.h"

namespace nscp::gateway {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

// Deadlines are looked at this often while there are connections, and not at all without.
milliseconds SweepInterval(const ServerOptions& options) {
  const auto shortest =
      std::min({options.handshake_deadline, options.head_deadline, options.idle});
  return std::clamp(shortest / 4, milliseconds(10), milliseconds(500));
}

Status CheckOptions(const ServerOptions& options, const Handler& handler) {
  if (handler && options.threads > 0 && options.max_connections > 0 &&
      options.max_connections_per_address > 0 && options.max_head_bytes > 0) {
    return Status::Ok();
  }
  return Status::InvalidArgument(
      "starting the web server: threads, connections and head bytes must be above zero");
}

}  // namespace

Result<std::unique_ptr<Server>> Server::Create(ServerOptions options, Handler handler) {
  RETURN_IF_ERROR(CheckOptions(options, handler));
  std::shared_ptr<const TlsContext> tls;
  if (options.tls) {
    ASSIGN_OR_RETURN(tls, TlsContext::Create(*options.tls));
  }
  IgnoreBrokenPipes();
  ASSIGN_OR_RETURN(auto poller, Poller::Create());
  ASSIGN_OR_RETURN(const std::string random, RandomBytes(8));
  return std::unique_ptr<Server>(std::make_unique<HttpServer>(
      std::move(options), std::move(handler), std::move(poller), std::move(tls),
      ToHex(random) + "-"));
}

HttpServer::HttpServer(ServerOptions options, Handler handler,
                       std::unique_ptr<Poller> poller,
                       std::shared_ptr<const TlsContext> tls, std::string id_prefix)
    : options_(std::move(options)),
      handler_(std::move(handler)),
      limits_{options_.max_head_bytes, options_.max_headers, options_.max_body_bytes,
              options_.body_limit},
      id_prefix_(std::move(id_prefix)),
      poller_(std::move(poller)),
      wakes_(std::make_shared<StreamWakes>(*poller_)),
      table_({options_.max_connections, options_.max_connections_per_address}, *poller_),
      tls_(std::move(tls)),
      pool_({options_.threads, kMaxThreads, kReservedThreads, kMaxQueuedRequests}),
      loop_([this] { Loop(); }) {}

HttpServer::~HttpServer() {
  Stop(milliseconds(0));
  wakes_->Close();
}

Status HttpServer::Adopt(int listening_socket) {
  const Status ready = PrepareListening(listening_socket);
  if (!ready.ok()) return ready;
  return AddListener(listening_socket);
}

Result<uint16_t> HttpServer::Listen(const std::string& address, uint16_t port) {
  ASSIGN_OR_RETURN(const Socket socket, ListenOn(address, port));
  auto bound = PortOf(socket);
  if (!bound.ok()) {
    CloseSocket(socket);
    return bound.status();
  }
  RETURN_IF_ERROR(AddListener(socket));
  return bound;
}

Status HttpServer::AddListener(Socket listening) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const uint64_t id = next_socket_id_++;
  Status added = stopping_
                     ? Status::FailedPrecondition("listening: the web server has stopped")
                     : poller_->Add(listening, id, Io::kWantRead);
  if (added.ok()) {
    listeners_[id] = listening;
  } else {
    CloseSocket(listening);
  }
  return added;
}

Status HttpServer::ReloadCertificate(const TlsOptions& tls) {
  ASSIGN_OR_RETURN(auto fresh, TlsContext::Create(tls));
  const std::lock_guard<std::mutex> lock(mutex_);
  if (tls_ == nullptr) {
    return Status::FailedPrecondition(
        "loading a certificate: this server speaks plain HTTP");
  }
  tls_ = std::move(fresh);  // sessions that run keep the old one alive
  return Status::Ok();
}

void HttpServer::Stop(milliseconds limit) {
  const std::lock_guard<std::mutex> only_one(stop_mutex_);
  if (!loop_.joinable()) return;
  stopping_ = true;
  poller_->Wake();
  {
    std::unique_lock<std::mutex> lock(mutex_);
    if (!loop_ended_.wait_for(lock, limit, [&] { return ended_; })) {
      cutting_ = true;
      poller_->Wake();
    }
  }
  loop_.join();
}

void HttpServer::Loop() {
  milliseconds interval = SweepInterval(options_);
  auto next_sweep = Clock::now() + interval;
  while (!Stopped()) {
    if (stopping_) interval = std::min(interval, kStopInterval);
    const bool idle = table_.size() == 0 && !accept_paused_;
    for (const uint64_t id : poller_->Wait(idle ? milliseconds(-1) : interval)) {
      Socket listening = kNoSocket;
      {
        const std::lock_guard<std::mutex> lock(mutex_);
        const auto found = listeners_.find(id);
        if (found != listeners_.end()) listening = found->second;
      }
      if (listening != kNoSocket) {
        AcceptAll(listening);
        if (!accept_paused_) poller_->Arm(listening, id, Io::kWantRead);
      } else if (auto connection = table_.Claim(id)) {
        Drive(connection);
      }
    }
    for (const uint64_t id : wakes_->Take()) {
      if (auto connection = table_.Claim(id)) Drive(connection);
    }
    if (Clock::now() >= next_sweep) {
      Sweep();
      next_sweep = Clock::now() + interval;
    }
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  ended_ = true;
  loop_ended_.notify_all();
}

bool HttpServer::Stopped() {
  if (!stopping_) return false;
  CloseListeners();
  const auto now = Clock::now();
  if (!stop_began_) stop_began_ = now;
  const bool cut = cutting_;
  const bool patient = now - *stop_began_ < options_.newcomer;
  using Leaving = ConnectionTable::Leaving;
  const Leaving leaving = cut       ? Leaving::kAll
                          : patient ? Leaving::kServed
                                    : Leaving::kIdle;
  for (const auto& claimed : table_.ClaimForStop(leaving)) {
    if (claimed.how == ConnectionTable::Waiting::kStreaming && !cut) {
      EndStream(claimed.connection);
    } else {
      Drop(claimed.connection);
    }
  }
  if (cut) table_.ShutdownHeld();
  return cut || table_.size() == 0;
}

void HttpServer::CloseListeners() {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const auto& [id, socket] : listeners_) {
    poller_->Remove(socket, id);
    CloseSocket(socket);
  }
  listeners_.clear();
}

void HttpServer::AcceptAll(Socket listening) {
  for (int i = 0; i < kListenBacklog; ++i) {
    const Accepted accepted = AcceptFrom(listening);
    if (accepted.exhausted) {
      if (const auto evicted = table_.ClaimEvictable()) {
        Drop(evicted);
        continue;
      }
      Complain(
          "accepting a connection: no file descriptor is left. Raise the limit of files");
      accept_paused_ = true;
      accept_again_ = Clock::now() + kAcceptPause;
    }
    if (accepted.socket == kNoSocket) return;
    Welcome(accepted);
  }
}

void HttpServer::Welcome(const Accepted& accepted) {
  const auto connection = std::make_shared<Connection>(next_socket_id_++, accepted.socket,
                                                       accepted.remote_address, limits_);
  connection->since = Clock::now();
  std::shared_ptr<const TlsContext> tls;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    tls = tls_;
  }
  if (tls) {
    connection->phase = Connection::Phase::kHandshake;
    connection->tls = tls->NewSession(accepted.socket);
    if (connection->tls == nullptr) return;
  }
  const auto admission = table_.Admit(connection);
  if (admission.evicted) Drop(admission.evicted);
  if (!admission.admitted) return;
  if (!poller_->Add(connection->socket, connection->id, Io::kWantRead).ok()) {
    Drop(connection);
    return;
  }
  ParkNow(connection, Io::kWantRead);
}

void HttpServer::Sweep() {
  const auto now = Clock::now();
  for (const auto& claimed : table_.ClaimExpired(now))
    Expire(claimed.connection, claimed.how);
  if (!accept_paused_ || now < accept_again_) return;
  accept_paused_ = false;
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const auto& [id, socket] : listeners_) poller_->Arm(socket, id, Io::kWantRead);
}

void HttpServer::Complain(const std::string& sentence) const {
  if (options_.on_error) options_.on_error(sentence);
}

}  // namespace nscp::gateway
