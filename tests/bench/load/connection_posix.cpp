#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <system_error>

#include "tests/bench/load/connection.h"

namespace nscp::bench {
namespace {

constexpr size_t kReadBytes = 16 * 1024;  // a TLS record

Status Failed(const std::string& doing, int error) {
  return Status::Unavailable(doing + ": " + std::generic_category().message(error));
}

}  // namespace

Result<Context> MakeContext() {
  Context context(SSL_CTX_new(TLS_client_method()));
  if (!context) return Status::Internal("making a TLS context failed");
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_NONE, nullptr);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  // One read() for a record instead of two.
  SSL_CTX_set_read_ahead(context.get(), 1);
  return context;
}

Connection::Connection(const Plan& plan, SSL_CTX* context, int epoll)
    : plan_(plan), context_(context), epoll_(epoll), answer_(plan.unwanted) {}

Connection::~Connection() { Close(); }

void Connection::Close() {
  ssl_.reset();
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
}

Status Connection::Open() {
  Close();
  answer_.Reset();
  since_ = Clock::now();
  step_ = Step::kConnect;
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket_ < 0) return Failed("making a socket", errno);
  const int one = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  ssl_.reset(SSL_new(context_));
  if (!ssl_ || SSL_set_fd(ssl_.get(), socket_) != 1) {
    return Status::Internal("making a TLS session failed");
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(plan_.port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) !=
          0 &&
      errno != EINPROGRESS) {
    return Failed("connecting to port " + std::to_string(plan_.port), errno);
  }
  // After connect(): a socket that has not begun to connect counts as hung up.
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLET;
  event.data.ptr = this;
  if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, socket_, &event) != 0) {
    return Failed("watching a socket", errno);
  }
  return Status::Ok();
}

Status Connection::CheckConnected() const {
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(socket_, SOL_SOCKET, SO_ERROR, &error, &size);
  return error == 0 ? Status::Ok()
                    : Failed("connecting to port " + std::to_string(plan_.port), error);
}

Result<bool> Connection::Advance() {
  ERR_clear_error();
  errno = 0;
  if (step_ == Step::kConnect) {
    RETURN_IF_ERROR(CheckConnected());
    step_ = Step::kHandshake;
  }
  if (step_ == Step::kHandshake) {
    const int result = SSL_connect(ssl_.get());
    if (result <= 0) {
      ASSIGN_OR_RETURN(const bool wait, MustWait(result, "shaking hands"));
      if (wait) return false;
    }
    if (!plan_.fresh) since_ = Clock::now();
    step_ = Step::kSend;
  }
  if (step_ == Step::kSend) {
    const int result = SSL_write(ssl_.get(), plan_.request.data(),
                                 static_cast<int>(plan_.request.size()));
    if (result <= 0) {
      ASSIGN_OR_RETURN(const bool wait, MustWait(result, "sending the request"));
      if (wait) return false;
    }
    step_ = Step::kReceive;
    return false;  // the answer's first byte is an event of its own
  }
  return Receive();
}

Result<bool> Connection::MustWait(int result, const char* doing) const {
  const int error = SSL_get_error(ssl_.get(), result);
  if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return true;
  const int system = errno;
  if (error == SSL_ERROR_ZERO_RETURN || (error == SSL_ERROR_SYSCALL && system == 0)) {
    return Status::Unavailable(std::string(doing) + ": the server closed the connection");
  }
  if (error == SSL_ERROR_SYSCALL) return Failed(doing, system);
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_get_error(), text.data(), text.size());
  return Status::Unavailable(std::string(doing) + ": " + text.data());
}

Result<bool> Connection::Receive() {
  std::array<char, kReadBytes> bytes;
  for (;;) {
    ERR_clear_error();
    errno = 0;
    const int result = SSL_read(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()));
    if (result <= 0) {
      ASSIGN_OR_RETURN(const bool wait, MustWait(result, "reading an answer"));
      if (wait) return false;
    }
    switch (answer_.Append({bytes.data(), static_cast<size_t>(result)})) {
      case AnswerReader::State::kMore:
        continue;
      case AnswerReader::State::kMalformed:
        return Status::Internal("reading an answer: it is not HTTP with a length");
      case AnswerReader::State::kComplete:
        break;
    }
    if (answer_.status() != 200) {
      return Status::Unavailable("the server answered " +
                                 std::to_string(answer_.status()) + ", not 200");
    }
    if (answer_.unwanted()) {
      return Status::Unavailable("the server answered with " + plan_.unwanted);
    }
    return true;
  }
}

Status Connection::Again() {
  if (plan_.fresh || answer_.closes()) return Open();
  answer_.Reset();
  since_ = Clock::now();
  step_ = Step::kSend;
  return Advance().status();
}

}  // namespace nscp::bench
