#include "gateway/http/test_client.h"

#include <doctest/doctest.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <filesystem>
#include <utility>

#include "proto/cpp/secret.h"
#include "proto/cpp/text.h"

namespace nscp::gateway::testing {
namespace {

constexpr std::chrono::seconds kSocketWait{10};
constexpr std::chrono::seconds kGateWait{20};

struct Free {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* ssl) const { SSL_free(ssl); }
  void operator()(BIO* bio) const { BIO_free_all(bio); }
  void operator()(SSL_SESSION* session) const { SSL_SESSION_free(session); }
  void operator()(X509* certificate) const { X509_free(certificate); }
};

}  // namespace

struct Client::Impl {
  std::unique_ptr<SSL_CTX, Free> context;
  std::unique_ptr<BIO, Free> bio;  // the plain connection, or the one under ssl
  std::unique_ptr<SSL, Free> ssl;
  bool up = false;
  ClientOptions asked;

  bool Wait(int error) {
    int fd = -1;
    BIO_get_fd(ssl ? SSL_get_rbio(ssl.get()) : bio.get(), &fd);
    const bool read =
        ssl ? error == SSL_ERROR_WANT_READ : BIO_should_read(bio.get()) != 0;
    return WaitForSocket(fd, read, kSocketWait);
  }
  // Repeats `step` until it is done, fails for good, or its wait takes too long.
  template <typename StepFunction>
  int Retry(const StepFunction& step) {
    for (;;) {
      ERR_clear_error();
      const int result = step();
      if (result > 0) return result;
      if (ssl) {
        const int error = SSL_get_error(ssl.get(), result);
        if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) return 0;
        if (!Wait(error)) return -1;
      } else {
        if (!BIO_should_retry(bio.get())) return 0;
        if (!Wait(0)) return -1;
      }
    }
  }
  bool Connect(uint16_t port) {
    bio.reset(BIO_new_connect(("127.0.0.1:" + std::to_string(port)).c_str()));
    // Waiting: OpenSSL never sees the end of a refused attempt that didn't, on Windows.
    int fd = -1;
    return BIO_do_connect(bio.get()) > 0 && BIO_get_fd(bio.get(), &fd) >= 0 &&
           BIO_socket_nbio(fd, 1) == 1;
  }
  bool StartTls(const ClientOptions& options, SSL_SESSION* session) {
    context.reset(SSL_CTX_new(TLS_client_method()));
    if (options.allow_old) SSL_CTX_set_security_level(context.get(), 0);
    SSL_CTX_set_min_proto_version(context.get(), options.allow_old ? TLS1_VERSION : 0);
    SSL_CTX_set_max_proto_version(context.get(), options.max_version);
    ssl.reset(SSL_new(context.get()));
    if (session != nullptr) SSL_set_session(ssl.get(), session);
    BIO* connection = bio.release();
    SSL_set_bio(ssl.get(), connection, connection);
    return Retry([&] { return SSL_connect(ssl.get()); }) > 0;
  }
};

Client::Client(uint16_t port, const ClientOptions& options)
    : impl_(std::make_unique<Impl>()) {
  impl_->asked = options;
  impl_->up = impl_->Connect(port) && (!options.tls || impl_->StartTls(options, nullptr));
}
Client::~Client() = default;
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;

bool Client::connected() const { return impl_->up; }

bool Client::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const int size = static_cast<int>(std::min<size_t>(bytes.size(), 16384));
    const int sent = impl_->Retry([&] {
      return impl_->ssl ? SSL_write(impl_->ssl.get(), bytes.data(), size)
                        : BIO_write(impl_->bio.get(), bytes.data(), size);
    });
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

bool Client::Fill() {
  char bytes[16384];
  const int got = impl_->Retry([&] {
    return impl_->ssl ? SSL_read(impl_->ssl.get(), bytes, sizeof bytes)
                      : BIO_read(impl_->bio.get(), bytes, sizeof bytes);
  });
  if (got > 0) received_.append(bytes, static_cast<size_t>(got));
  return got > 0;
}

RawAnswer Client::Read(bool head_only) {
  RawAnswer answer;
  size_t end = std::string::npos;
  while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
    if (!Fill()) return answer;
  }
  answer.head = received_.substr(0, end + 2);
  received_.erase(0, end + 4);
  answer.status = std::stoi(answer.head.substr(9, 3));
  const auto length = answer.Header("Content-Length");
  if (head_only || !length) return answer;
  const size_t size = std::stoul(*length);
  while (received_.size() < size) {
    if (!Fill()) return {};
  }
  answer.body = received_.substr(0, size);
  received_.erase(0, size);
  return answer;
}

std::string Client::ReadUntil(std::string_view text) {
  size_t found = std::string::npos;
  while ((found = received_.find(text)) == std::string::npos) {
    if (!Fill()) return {};
  }
  std::string taken = received_.substr(0, found + text.size());
  received_.erase(0, taken.size());
  return taken;
}

RawAnswer Client::Ask(std::string_view bytes, bool head_only) {
  Send(bytes);  // what the server answered before it closed can still be read
  return Read(head_only);
}

bool Client::Ended() {
  if (!received_.empty()) return false;
  char byte = 0;
  return impl_->Retry([&] {
    return impl_->ssl ? SSL_read(impl_->ssl.get(), &byte, 1)
                      : BIO_read(impl_->bio.get(), &byte, 1);
  }) == 0;
}

std::string Client::TlsVersion() const { return SSL_get_version(impl_->ssl.get()); }

std::string Client::PeerSerial() const {
  const std::unique_ptr<X509, Free> peer(SSL_get1_peer_certificate(impl_->ssl.get()));
  const ASN1_INTEGER* serial = X509_get0_serialNumber(peer.get());
  const auto* data = reinterpret_cast<const char*>(ASN1_STRING_get0_data(serial));
  return ToHex({data, static_cast<size_t>(ASN1_STRING_length(serial))});
}

bool Client::PeerKeyIs(const char* type) const {
  const std::unique_ptr<X509, Free> peer(SSL_get1_peer_certificate(impl_->ssl.get()));
  return EVP_PKEY_is_a(X509_get0_pubkey(peer.get()), type) == 1;
}

bool Client::ResumesAt(uint16_t port) {
  const std::unique_ptr<SSL_SESSION, Free> session(SSL_get1_session(impl_->ssl.get()));
  Impl second;
  return second.Connect(port) && second.StartTls(impl_->asked, session.get()) &&
         SSL_session_reused(second.ssl.get()) == 1;
}

std::optional<std::string> RawAnswer::Header(std::string_view name) const {
  std::optional<std::string> found;
  for (const std::string& line : Split(head, '\n')) {
    const size_t colon = line.find(':');
    if (colon == std::string::npos || !EqualsIgnoreCase(line.substr(0, colon), name))
      continue;
    if (found) return std::nullopt;
    found = std::string(Trim(std::string_view(line).substr(colon + 1)));
  }
  return found;
}

Client SilentClient(uint16_t port) {
  ClientOptions options;
  options.tls = false;
  return Client(port, options);
}

std::string Get(std::string_view path, std::string_view more_headers) {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\n" +
         std::string(more_headers) + "\r\n";
}

TemporaryFolder::TemporaryFolder() {
  auto name = NewToken();
  REQUIRE(name.ok());
  const auto folder = std::filesystem::temp_directory_path() / ("nscp-http-" + *name);
  std::filesystem::create_directory(folder);
  path_ = folder.string();
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

TestServer::TestServer(Handler handler, ServerOptions options, bool tls) {
  if (tls) {
    REQUIRE(MakeCertificate(folder.File("certificate.pem")).ok());
    options.tls = TlsOptions{folder.File("certificate.pem"), ""};
  }
  auto created = Server::Create(std::move(options), std::move(handler));
  REQUIRE_MESSAGE(created.ok(), created.status().ToString());
  server = std::move(created).value();
  auto bound = server->Listen("127.0.0.1", 0);
  REQUIRE_MESSAGE(bound.ok(), bound.status().ToString());
  port = *bound;
}

bool Gate::Wait() {
  std::unique_lock<std::mutex> lock(mutex_);
  ++visitors_;
  changed_.notify_all();
  return changed_.wait_for(lock, kGateWait, [&] { return open_; });
}

void Gate::Open() {
  const std::lock_guard<std::mutex> lock(mutex_);
  open_ = true;
  changed_.notify_all();
}

bool Gate::AwaitVisitors(int count) {
  std::unique_lock<std::mutex> lock(mutex_);
  return changed_.wait_for(lock, kGateWait, [&] { return visitors_ >= count; });
}

}  // namespace nscp::gateway::testing
