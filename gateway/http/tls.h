// TLS of the server: a context with our certificate, and one non-blocking session for
// each connection. No OpenSSL type shows here.
//
// A TlsContext is shared by its sessions and never changes; a new certificate is a new
// context. A TlsSession is used by one thread at a time. TLS 1.2 and 1.3 only
// (rest-api.md 1).
#pragma once

#include <memory>
#include <string_view>

#include "gateway/http/http.h"
#include "gateway/http/socket.h"

namespace nscp::gateway {

class TlsSession {
 public:
  virtual ~TlsSession() = default;
  virtual Io Handshake() = 0;
  // After a failed Handshake(): the peer spoke plain HTTP.
  virtual bool PeerSpokePlainHttp() const = 0;
  virtual Io Read(char* data, size_t size, size_t* received) = 0;
  virtual Io Write(const char* data, size_t size, size_t* sent) = 0;
  // Sends the end-of-data alert if that is possible at once.
  virtual void Shutdown() = 0;
};

class TlsContext {
 public:
  static Result<std::shared_ptr<const TlsContext>> Create(const TlsOptions& options);
  virtual ~TlsContext() = default;
  // Does not own the socket.
  virtual std::unique_ptr<TlsSession> NewSession(Socket socket) const = 0;
};

}  // namespace nscp::gateway
