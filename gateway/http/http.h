// An HTTPS server for the gateway: own accept, event loop, TLS and reading of requests;
// httplib calls the handler and writes the answer. This header knows neither httplib nor
// OpenSSL; the rest of the gateway includes nothing else of this room but stream.h.
// gateway/README.md tells the life of a request and lists every bound. Sources:
// rest-api.md 1, 1.1, 1.4; RFC 9110, 9112.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "proto/cpp/status.h"

namespace nscp::gateway {

class Stream;

struct Request {
  std::string method;  // as sent; the method override is the API's business
  std::string path;    // as sent, before the '?'; not percent-decoded
  // Decoded (rest-api.md 1.4), in order; `has_value` tells "k" from "k=".
  struct Parameter {
    std::string name;
    std::string value;
    bool has_value = false;
  };
  std::vector<Parameter> parameters;
  std::vector<std::pair<std::string, std::string>> headers;  // in order, names as sent
  std::string body;                                          // bytes
  std::string remote_address;  // numeric, without a port; v4-mapped v6 as v4
  bool tls = true;
  std::string request_id;  // ASCII, made by this room, also in X-Request-Id of the answer
  std::chrono::steady_clock::time_point deadline;  // of the whole request

  // First value of a header, any case; nothing when it is absent.
  std::optional<std::string_view> Header(std::string_view name) const;
  // All values of a header, any case.
  std::vector<std::string_view> Headers(std::string_view name) const;
  // First parameter of that name that has a value.
  std::optional<std::string_view> Parameter1(std::string_view name) const;
};

// The parts of a query string in order: '+' is a blank, %XX a byte, a malformed escape
// stays as it is, empty parts are dropped. The question mark is no part of it.
// (rest-api.md 1.4)
std::vector<Request::Parameter> DecodeQuery(std::string_view query);
// %XX to bytes, malformed escapes kept, '+' untouched: for one segment of a path. The
// caller refuses what must not stand there (NUL, CR, LF).
std::string PercentDecode(std::string_view text);

struct Response {
  int status = 200;
  std::string
      content_type;  // empty: application/json below 300, text/plain from there on
  std::vector<std::pair<std::string, std::string>>
      headers;  // cleaned before they are written
  std::string body;
  bool close = false;  // end the connection after this answer
  // Not null: the body goes on with what is written there, and the connection ends with
  // it; `body` must be empty. HEAD ends the stream at once.
  std::shared_ptr<Stream> stream;
};

// Called on a pool thread, several at once. Must not throw (it would be a 500 that names
// nothing but the request's id); must respect request.deadline.
using Handler = std::function<Response(const Request&)>;

struct TlsOptions {
  std::string certificate_file;  // PEM, may hold the key too
  std::string key_file;          // empty: the key is in certificate_file
};

constexpr unsigned kMaxThreads = 64;
constexpr unsigned kReservedThreads = 8;  // of these, never given to a long request

// Bytes that the body of a request may have, by its method and path as in Request.
using BodyLimit = size_t (*)(std::string_view method, std::string_view path);

struct ServerOptions {
  std::optional<TlsOptions> tls;  // nothing = plain HTTP
  unsigned threads = 10;  // pool at the start; grows to kMaxThreads while all are busy
  // True for a request that may take long (a check). All others find a thread at once,
  // however many long ones run or wait. Unset: none is long. `path` as in Request. Any
  // thread, must not block.
  std::function<bool(std::string_view method, std::string_view path)> is_long;
  // One sentence about what went wrong inside (a handler that threw, accept that failed),
  // for the log; never what a client sent. Any thread, must not block.
  std::function<void(const std::string& sentence)> on_error;
  // One that waits costs no thread, and makes room for others at the bounds below. Much
  // less would cut off those who come all at once to a busy machine.
  std::chrono::milliseconds handshake_deadline{10000};
  std::chrono::milliseconds head_deadline{
      10000};  // first byte until the body is complete
  std::chrono::milliseconds request_deadline{
      75000};                             // first byte until the answer is written
  std::chrono::milliseconds idle{15000};  // keep-alive
  // At a stop, for those who were let in and have not asked anything yet.
  std::chrono::milliseconds newcomer{500};
  // Of a stream: until the client has taken what was handed to its socket, at most
  // Stream::kMaxWaiting and one portion more.
  std::chrono::milliseconds stream_stall{10000};
  size_t max_head_bytes = 32 * 1024;
  size_t max_headers = 100;
  size_t max_body_bytes = 1024 * 1024;
  BodyLimit body_limit = nullptr;  // set: instead of max_body_bytes. The loop thread's
  size_t max_connections = 1024;
  size_t max_connections_per_address = 256;
};

class Server {
 public:
  // Reads the certificate; fails with the file's name and what to do when it can't be
  // used.
  static Result<std::unique_ptr<Server>> Create(ServerOptions options, Handler handler);
  // Stop(), if that was not called; then waits for the handlers that still run.
  virtual ~Server() = default;

  // Serves connections of a listening TCP socket, which the server takes over and closes.
  // More than one may be added. Any thread.
  virtual Status Adopt(int listening_socket) = 0;
  // Binds and listens by itself (Windows, tests). `address` numeric, empty = all IPv4;
  // port 0 = any. Gives the port. A taken port is AlreadyExists naming address and port.
  virtual Result<uint16_t> Listen(const std::string& address, uint16_t port) = 0;
  // Accepts nothing more, closes idle connections, lets running requests end for at most
  // `limit`, then cuts their connections. Idempotent. Not to be called by a handler.
  virtual void Stop(std::chrono::milliseconds limit) = 0;
  // Reads certificate and key again for new connections; on failure the old ones stay.
  virtual Status ReloadCertificate(const TlsOptions& tls) = 0;
};

// Makes a self-signed certificate and its key in one PEM file (rest-api.md 1.1; P-256,
// for the handshake's cost), readable by the owner alone, written atomically; creates the
// folder.
Status MakeCertificate(const std::string& file);
// The same as an authority that may sign others (CA:TRUE, keyCertSign, cRLSign, sslCA).
Status MakeCertificateAuthority(const std::string& file);

}  // namespace nscp::gateway
