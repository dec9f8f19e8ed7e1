#include "fetch/stream.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <filesystem>
#include <limits>

#include "proto/cpp/text.h"

namespace nscp::fetch {
namespace {

class PlainStream final : public Stream {
 public:
  PlainStream(Socket socket, Deadline deadline)
      : socket_(std::move(socket)), deadline_(deadline) {}

  long Read(char* data, size_t size) override {
    return socket_.Read(data, size, deadline_);
  }
  bool Write(const char* data, size_t size) override {
    return socket_.Write(data, size, deadline_);
  }

 private:
  const Socket socket_;
  const Deadline deadline_;
};

struct Free {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};
using Context = std::unique_ptr<SSL_CTX, Free>;
using Ssl = std::unique_ptr<SSL, Free>;

// A call of OpenSSL works on a socket that does not block, in memory that is bounded.
int Clamped(size_t size) {
  constexpr size_t kMost = 1024 * 1024;
  return static_cast<int>(size < kMost ? size : kMost);
}

class TlsStream final : public Stream {
 public:
  TlsStream(Socket socket, Context context, Ssl ssl, Deadline deadline)
      : socket_(std::move(socket)),
        context_(std::move(context)),
        ssl_(std::move(ssl)),
        deadline_(deadline) {}

  long Read(char* data, size_t size) override {
    for (;;) {
      ERR_clear_error();
      const int count = SSL_read(ssl_.get(), data, Clamped(size));
      if (count > 0) return count;
      const int error = SSL_get_error(ssl_.get(), count);
      if (error == SSL_ERROR_ZERO_RETURN) return 0;
      if (!WaitFor(error)) return -1;
    }
  }

  bool Write(const char* data, size_t size) override {
    while (size > 0) {
      ERR_clear_error();
      const int count = SSL_write(ssl_.get(), data, Clamped(size));
      if (count > 0) {
        data += count;
        size -= static_cast<size_t>(count);
      } else if (!WaitFor(SSL_get_error(ssl_.get(), count))) {
        return false;
      }
    }
    return true;
  }

  std::optional<int64_t> CertificateSeconds() const override {
    X509* const certificate = SSL_get0_peer_certificate(ssl_.get());
    int days = 0;
    int seconds = 0;
    if (certificate == nullptr ||
        ASN1_TIME_diff(&days, &seconds, nullptr, X509_get0_notAfter(certificate)) != 1) {
      return std::nullopt;
    }
    constexpr int64_t kDay = 86400;
    return days * kDay + seconds;
  }

  // 0, or the error that ended it.
  int Handshake() {
    for (;;) {
      ERR_clear_error();
      const int done = SSL_connect(ssl_.get());
      if (done == 1) return SSL_ERROR_NONE;
      const int error = SSL_get_error(ssl_.get(), done);
      if (!WaitFor(error)) return error;
    }
  }
  SSL* ssl() const { return ssl_.get(); }

 private:
  bool WaitFor(int error) const {
    if (error == SSL_ERROR_WANT_READ) {
      return socket_.Wait(Socket::For::kReading, deadline_);
    }
    if (error == SSL_ERROR_WANT_WRITE) {
      return socket_.Wait(Socket::For::kWriting, deadline_);
    }
    return false;
  }

  const Socket socket_;
  const Context context_;
  const Ssl ssl_;
  const Deadline deadline_;
};

std::string LastTlsError() {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  return reason != nullptr ? reason : "the connection ended or the time was up";
}

struct Versions {
  int oldest = TLS1_3_VERSION;
  int newest = 0;  // 0 = any
};

Result<Versions> WantedVersions(const TlsOptions& options) {
  std::string word = ToLowerAscii(Trim(options.version));
  if (StartsWith(word, "tlsv")) word.erase(0, 4);
  const bool and_newer = EndsWith(word, "+") || !options.any_version;
  if (EndsWith(word, "+")) word.pop_back();
  const auto from = [&](int version) {
    return Versions{version, and_newer ? 0 : version};
  };
  if (word.empty() || word == "1.3") return from(TLS1_3_VERSION);
  if (word == "1.2") return from(TLS1_2_VERSION);
  if (options.any_version && word == "1.1") return from(TLS1_1_VERSION);
  if (options.any_version && word == "1.0") return from(TLS1_VERSION);
  if (options.any_version && word == "sslv3") return from(SSL3_VERSION);
  const std::string known = options.any_version
                                ? "tlsv1.0, tlsv1.1, tlsv1.2, tlsv1.2+ or tlsv1.3"
                                : "1.2 or 1.3";
  return Status::InvalidArgument("the TLS version \"" + options.version +
                                 "\" is not spoken; " + options.version_setting + " is " +
                                 known);
}

// OpenSSL speaks what is older than TLS 1.2 at this level of security alone.
bool AllowVersions(SSL_CTX* context, const Versions& versions) {
  if (versions.oldest < TLS1_2_VERSION) {
    SSL_CTX_set_security_level(context, 0);
    if (SSL_CTX_set_cipher_list(context, "DEFAULT:@SECLEVEL=0") != 1) return false;
  }
  return SSL_CTX_set_min_proto_version(context, versions.oldest) == 1 &&
         SSL_CTX_set_max_proto_version(context, versions.newest) == 1;
}

bool LoadCertificates(SSL_CTX* context, const std::string& place) {
  if (place.empty()) return SSL_CTX_set_default_verify_paths(context) == 1;
  std::error_code error;
  if (std::filesystem::is_directory(std::filesystem::u8path(place), error)) {
    return SSL_CTX_load_verify_dir(context, place.c_str()) == 1;
  }
  return SSL_CTX_load_verify_file(context, place.c_str()) == 1;
}

Result<Context> MakeContext(const TlsOptions& options) {
  ASSIGN_OR_RETURN(const Versions versions, WantedVersions(options));
  Context context(SSL_CTX_new(TLS_client_method()));
  if (!context || !AllowVersions(context.get(), versions)) {
    return Status::Internal("preparing TLS: " + LastTlsError());
  }
  SSL_CTX_set_mode(context.get(),
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  if (!options.verify) return context;
  if (!LoadCertificates(context.get(), options.ca_file)) {
    return Status::FailedPrecondition("reading the trusted certificates in " +
                                      options.ca_file + ": " + LastTlsError() +
                                      "; name such a file as " + options.ca_setting);
  }
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  return context;
}

// The name or address that the certificate must hold; a name is told to the server too.
bool SetName(SSL* ssl, const std::string& host) {
  X509_VERIFY_PARAM* const wanted = SSL_get0_param(ssl);
  if (X509_VERIFY_PARAM_set1_ip_asc(wanted, host.c_str()) == 1) return true;
  ERR_clear_error();
  return X509_VERIFY_PARAM_set1_host(wanted, host.c_str(), host.size()) == 1 &&
         SSL_set_tlsext_host_name(ssl, host.c_str()) == 1;
}

}  // namespace

std::unique_ptr<Stream> NewPlainStream(Socket socket, Deadline deadline) {
  return std::make_unique<PlainStream>(std::move(socket), deadline);
}

Result<std::unique_ptr<Stream>> NewTlsStream(Socket socket, const std::string& host,
                                             const TlsOptions& options,
                                             Deadline deadline) {
  ASSIGN_OR_RETURN(Context context, MakeContext(options));
  Ssl ssl(SSL_new(context.get()));
  const std::string& name = options.server_name.empty() ? host : options.server_name;
  if (!ssl || !SetName(ssl.get(), name) ||
      SSL_set_fd(ssl.get(), static_cast<int>(socket.handle())) != 1) {
    return Status::Internal("preparing TLS for " + host + ": " + LastTlsError());
  }
  auto stream = std::make_unique<TlsStream>(std::move(socket), std::move(context),
                                            std::move(ssl), deadline);
  if (stream->Handshake() == SSL_ERROR_NONE) {
    return std::unique_ptr<Stream>(std::move(stream));
  }
  const long verdict = SSL_get_verify_result(stream->ssl());
  if (verdict != X509_V_OK) {
    return Status::PermissionDenied(
        "the certificate of " + host +
        " is not believed: " + X509_verify_cert_error_string(verdict) +
        "; add its issuer to the file that " + options.ca_setting + " names");
  }
  return Status::Unavailable("the TLS handshake with " + host + ": " + LastTlsError());
}

}  // namespace nscp::fetch
