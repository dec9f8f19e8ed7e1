// Keeps the HTTP server listening where the settings say: tries at once, and while the
// address cannot be bound again and again with growing pauses. A server that works is
// given up only when the next one listens, so a bad change of the settings costs no
// service.
//
// Owned by WebServer. Open and Close are called one at a time, never beside each other; a
// thread of its own does the later tries.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "gateway/certificates.h"
#include "gateway/http/http.h"
#include "proto/cpp/status.h"

namespace nscp::gateway {

class Listener {
 public:
  struct Wanted {
    std::string address;  // numeric, "0.0.0.0" = all IPv4
    uint16_t port = 0;
    ServerOptions options;
  };
  // A listening socket, which the server takes over.
  using Bind = std::function<Result<int>(const std::string& address, uint16_t port)>;

  struct Pauses {
    std::chrono::milliseconds first{1000};  // doubled after each try
    std::chrono::milliseconds longest{30000};
  };
  // How long the requests of a server that goes may still run.
  static constexpr std::chrono::milliseconds kDrain{3000};

  Listener(Bind bind, Handler handler, LogFunction log, Pauses pauses);
  ~Listener();

  // The first try is over when it returns. An error means that no later one will follow:
  // what is wrong is not the address (the certificate, say). A server that listens there
  // with the same threads stays, its connections with it, and reads its certificate
  // again; its other options stay as they were.
  Status Open(Wanted wanted);
  // Reads the certificate again for new connections, where a server listens.
  Status ReloadCertificate(const TlsOptions& tls);
  void Close();
  bool listening() const;

 private:
  bool Serves(const Wanted& wanted) const;
  // `again` tells whether another try could help.
  Status Try(const Wanted& wanted, bool& again);
  Result<int> BindOrMakeRoom(const Wanted& wanted);
  void TryLater(Wanted wanted);
  void StopTrying();

  const Bind bind_;
  const Handler handler_;
  const LogFunction log_;
  const Pauses pauses_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;           // guarded by mutex_
  std::unique_ptr<Server> server_;  // guarded by mutex_
  std::string endpoint_;            // guarded by mutex_; these three of server_
  unsigned threads_ = 0;
  bool tls_ = false;
  std::thread retry_;
};

}  // namespace nscp::gateway
