#include "gateway/listener.h"

#include <algorithm>
#include <utility>

namespace nscp::gateway {
namespace {

std::string Endpoint(const Listener::Wanted& wanted) {
  const bool v6 = wanted.address.find(':') != std::string::npos;
  return (v6 ? "[" + wanted.address + "]" : wanted.address) + ":" +
         std::to_string(wanted.port);
}

}  // namespace

Listener::Listener(Bind bind, Handler handler, LogFunction log, Pauses pauses)
    : bind_(std::move(bind)),
      handler_(std::move(handler)),
      log_(std::move(log)),
      pauses_(pauses) {}

Listener::~Listener() { Close(); }

Status Listener::Open(Wanted wanted) {
  StopTrying();
  if (Serves(wanted)) {
    return wanted.options.tls ? ReloadCertificate(*wanted.options.tls) : Status::Ok();
  }
  bool again = false;
  const Status first = Try(wanted, again);
  if (!first.ok() && again) {
    retry_ = std::thread([this, wanted = std::move(wanted)] { TryLater(wanted); });
    return Status::Ok();
  }
  return first;
}

Status Listener::ReloadCertificate(const TlsOptions& tls) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return server_ ? server_->ReloadCertificate(tls) : Status::Ok();
}

void Listener::Close() {
  StopTrying();
  std::unique_ptr<Server> last;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    last = std::move(server_);
    endpoint_.clear();
  }
  if (last) last->Stop(kDrain);
}

bool Listener::listening() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return server_ != nullptr;
}

bool Listener::Serves(const Wanted& wanted) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return server_ && endpoint_ == Endpoint(wanted) && threads_ == wanted.options.threads &&
         tls_ == wanted.options.tls.has_value();
}

Status Listener::Try(const Wanted& wanted, bool& again) {
  again = false;
  ASSIGN_OR_RETURN(std::unique_ptr<Server> next,
                   Server::Create(wanted.options, handler_));
  again = true;
  const Result<int> socket = BindOrMakeRoom(wanted);
  const Status adopted = socket.ok() ? next->Adopt(*socket) : socket.status();
  if (!adopted.ok()) {
    log_(sdk::LogLevel::kError,
         "Failed to bind " + Endpoint(wanted) + ": " + adopted.message());
    return adopted;
  }
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    std::swap(server_, next);
    endpoint_ = Endpoint(wanted);
    threads_ = wanted.options.threads;
    tls_ = wanted.options.tls.has_value();
  }
  log_(sdk::LogLevel::kInfo, std::string("Listening on ") +
                                 (wanted.options.tls ? "https://" : "http://") +
                                 Endpoint(wanted));
  if (next) next->Stop(kDrain);  // the one before
  return Status::Ok();
}

// Where a socket cannot be shared, the server before has to leave its address first.
Result<int> Listener::BindOrMakeRoom(const Wanted& wanted) {
  Result<int> socket = bind_(wanted.address, wanted.port);
  if (socket.ok()) return socket;
  std::unique_ptr<Server> last;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!server_ || endpoint_ != Endpoint(wanted)) return socket;
    last = std::move(server_);
  }
  last->Stop(kDrain);
  last.reset();
  return bind_(wanted.address, wanted.port);
}

void Listener::TryLater(Wanted wanted) {
  std::chrono::milliseconds pause = pauses_.first;
  for (;;) {
    {
      std::unique_lock<std::mutex> lock(mutex_);
      if (changed_.wait_for(lock, pause, [this] { return stopping_; })) return;
    }
    bool again = false;
    const Status tried = Try(wanted, again);
    if (tried.ok()) return;
    if (!again) {
      log_(sdk::LogLevel::kError, tried.message());
      return;
    }
    pause = std::min(pause * 2, pauses_.longest);
  }
}

void Listener::StopTrying() {
  if (!retry_.joinable()) return;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  retry_.join();
  const std::lock_guard<std::mutex> lock(mutex_);
  stopping_ = false;
}

}  // namespace nscp::gateway
