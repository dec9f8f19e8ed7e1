// For this room's tests: a client that speaks raw bytes over plain TCP or TLS, so that a
// test can say exactly what goes over the wire, and a server on a free port with a
// certificate in a folder of its own. Every wait is bounded; what doesn't come in time is
// an empty answer.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/http/http.h"

namespace nscp::gateway::testing {

// One answer as it came over the wire.
struct RawAnswer {
  int status = 0;    // 0: none came
  std::string head;  // status line and headers
  std::string body;
  // The value of a header, any case; nothing when it is absent or stands twice.
  std::optional<std::string> Header(std::string_view name) const;
};

struct ClientOptions {
  bool tls = true;
  int max_version = 0;  // such as TLS1_1_VERSION; 0 = any
  bool allow_old =
      false;  // lower this client's own security level, to ask for old versions
};

class Client {
 public:
  explicit Client(uint16_t port, const ClientOptions& options = {});
  ~Client();
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;

  bool connected() const;  // with TLS: the handshake is done
  bool Send(std::string_view bytes);
  // The next answer; `head_only` for one to HEAD.
  RawAnswer Read(bool head_only = false);
  RawAnswer Ask(std::string_view bytes, bool head_only = false);
  // What came up to the end of `text`, which is taken; empty when it did not come.
  std::string ReadUntil(std::string_view text);
  // True when the server ends the connection (after at most 10 s) without another byte.
  bool Ended();
  std::string TlsVersion() const;
  std::string PeerSerial() const;  // of the server's certificate, in hex
  bool PeerKeyIs(const char* type) const;
  // A new connection that offers this one's session ticket; true when it was taken.
  bool ResumesAt(uint16_t port);

 private:
  struct Impl;
  bool Fill();  // more bytes into received; false at the end

  std::unique_ptr<Impl> impl_;
  std::string received_;
};

// True when the socket can be read (or written) without waiting, or its peer is gone.
bool WaitForSocket(int socket, bool read, std::chrono::milliseconds limit);

// True when no right to the file is given to all users of the system.
bool IsPrivate(const std::string& file);

// A TCP connection that says nothing.
Client SilentClient(uint16_t port);

std::string Get(std::string_view path, std::string_view more_headers = "");

// A folder that goes away with the object.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  const std::string& path() const { return path_; }
  std::string File(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

// A server on 127.0.0.1 with its own certificate; `tls` false leaves TLS out.
struct TestServer {
  explicit TestServer(Handler handler, ServerOptions options = {}, bool tls = true);
  TemporaryFolder folder;
  std::unique_ptr<Server> server;
  uint16_t port = 0;
};

// Handlers wait at it until the test opens it.
class Gate {
 public:
  ~Gate() { Open(); }
  // Counts the visitor, waits for Open(), at most 20 s; false when that was not enough.
  bool Wait();
  void Open();
  bool AwaitVisitors(int count);  // at most 20 s

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int visitors_ = 0;
  bool open_ = false;
};

}  // namespace nscp::gateway::testing
