#include "gateway/http/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <string>
#include <utility>

namespace nscp::gateway {
namespace {

// Forward secrecy and AEAD only; the suites of TLS 1.3 need no list.
constexpr const char* kCiphers12 =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

struct ContextDeleter {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
struct SessionDeleter {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};
using ContextPointer = std::unique_ptr<SSL_CTX, ContextDeleter>;
using SessionPointer = std::unique_ptr<SSL, SessionDeleter>;

std::string TakeError() {
  const unsigned long code = ERR_get_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  ERR_clear_error();
  return reason == nullptr ? "the file can't be read" : reason;
}

int SelectHttp11(SSL*, const unsigned char** out, unsigned char* out_length,
                 const unsigned char* in, unsigned in_length, void*) {
  static const unsigned char kHttp11[] = "\x08http/1.1";
  auto* selected = const_cast<unsigned char**>(out);
  const int found = SSL_select_next_proto(selected, out_length, kHttp11,
                                          sizeof kHttp11 - 1, in, in_length);
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

class Session final : public TlsSession {
 public:
  explicit Session(SessionPointer ssl) : ssl_(std::move(ssl)) {}

  Io Handshake() override {
    ERR_clear_error();
    const int result = SSL_do_handshake(ssl_.get());
    if (result == 1) return Io::kDone;
    const Io io = Explain(result);
    if (io == Io::kClosed) {
      const int reason = ERR_GET_REASON(ERR_peek_error());
      plain_http_ = reason == SSL_R_HTTP_REQUEST;
      broken_ = true;
      ERR_clear_error();
    }
    return io;
  }

  bool PeerSpokePlainHttp() const override { return plain_http_; }

  Io Read(char* data, size_t size, size_t* received) override {
    ERR_clear_error();
    const int result = SSL_read_ex(ssl_.get(), data, size, received);
    return result == 1 ? Io::kDone : Explain(result);
  }

  Io Write(const char* data, size_t size, size_t* sent) override {
    ERR_clear_error();
    const int result = SSL_write_ex(ssl_.get(), data, size, sent);
    return result == 1 ? Io::kDone : Explain(result);
  }

  void Shutdown() override {
    if (broken_) return;  // OpenSSL forbids it after a fatal error
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
    ERR_clear_error();
  }

 private:
  Io Explain(int result) {
    switch (SSL_get_error(ssl_.get(), result)) {
      case SSL_ERROR_WANT_READ:
        return Io::kWantRead;
      case SSL_ERROR_WANT_WRITE:
        return Io::kWantWrite;
      case SSL_ERROR_SSL:
      case SSL_ERROR_SYSCALL:
        broken_ = true;
        return Io::kClosed;
      default:
        return Io::kClosed;
    }
  }

  SessionPointer ssl_;
  bool broken_ = false;
  bool plain_http_ = false;
};

class Context final : public TlsContext {
 public:
  explicit Context(ContextPointer context) : context_(std::move(context)) {}

  std::unique_ptr<TlsSession> NewSession(Socket socket) const override {
    SessionPointer ssl(SSL_new(context_.get()));
    if (ssl == nullptr || SSL_set_fd(ssl.get(), static_cast<int>(socket)) != 1)
      return nullptr;
    SSL_set_accept_state(ssl.get());
    return std::make_unique<Session>(std::move(ssl));
  }

 private:
  ContextPointer context_;
};

// An encrypted key must fail; without this OpenSSL would ask for its pass phrase on a
// terminal.
int NoPassPhrase(char*, int, int, void*) { return 0; }

void Harden(SSL_CTX* context) {
  SSL_CTX_set_default_passwd_cb(context, NoPassPhrase);
  SSL_CTX_set_options(context, SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_NO_RENEGOTIATION |
                                   SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                SSL_MODE_RELEASE_BUFFERS);
  // Resumption by tickets alone: nothing to remember, and a poller's next handshake is
  // cheap.
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context, 1);
  static const unsigned char kSessionContext[] = "nscp";
  SSL_CTX_set_session_id_context(context, kSessionContext, sizeof kSessionContext - 1);
  SSL_CTX_set_alpn_select_cb(context, SelectHttp11, nullptr);
}

}  // namespace

Result<std::shared_ptr<const TlsContext>> TlsContext::Create(const TlsOptions& options) {
  ERR_clear_error();
  ContextPointer context(SSL_CTX_new(TLS_server_method()));
  if (context == nullptr ||
      SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) != 1 ||
      SSL_CTX_set_cipher_list(context.get(), kCiphers12) != 1) {
    return Status::Internal("setting TLS up: " + TakeError());
  }
  Harden(context.get());
  const std::string& certificate = options.certificate_file;
  if (SSL_CTX_use_certificate_chain_file(context.get(), certificate.c_str()) != 1) {
    return Status::InvalidArgument("loading the certificate " + certificate + ": " +
                                   TakeError() +
                                   ". Give a PEM file that the agent may read");
  }
  const std::string& key = options.key_file.empty() ? certificate : options.key_file;
  if (SSL_CTX_use_PrivateKey_file(context.get(), key.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(context.get()) != 1) {
    return Status::InvalidArgument(
        "loading the private key " + key + ": " + TakeError() +
        ". Give the unencrypted PEM key of the certificate, in its file "
        "or as 'certificate key'");
  }
  return std::shared_ptr<const TlsContext>(std::make_shared<Context>(std::move(context)));
}

}  // namespace nscp::gateway
