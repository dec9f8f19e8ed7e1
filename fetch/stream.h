// The bytes of one connection, in the clear or inside TLS, until a deadline. One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "fetch/socket.h"
#include "proto/cpp/status.h"

namespace nscp::fetch {

class Stream {
 public:
  virtual ~Stream() = default;
  // Bytes read, 0 = the end; -1 = failed, cut off, or nothing in time.
  virtual long Read(char* data, size_t size) = 0;
  // All of it, or false.
  virtual bool Write(const char* data, size_t size) = 0;
  // How long the other side's certificate is good for, negative when it is over; nothing
  // where there is none.
  virtual std::optional<int64_t> CertificateSeconds() const { return std::nullopt; }
};

std::unique_ptr<Stream> NewPlainStream(Socket socket, Deadline deadline);

struct TlsOptions {
  std::string version = "1.3";  // the oldest: 1.2 or 1.3, "tlsv1.2+" and the like
  bool verify = true;           // certificate and name of the server
  std::string ca_file;          // or a folder of such; empty = the system's
  // Told to the server and looked for in its certificate; empty = the host.
  std::string server_name;
  // For who asks old servers: 1.0, 1.1 and sslv3 are versions too, and one without a "+"
  // is meant exactly.
  bool any_version = false;
  // What the texts call the place where the user says `version` and `ca_file`.
  std::string version_setting = "version in [tls]";
  std::string ca_setting = "ca in [tls] of boot.ini";
};
// Takes what is left of `stream`'s connection for itself: the handshake is part of it.
// `host` is what the certificate must be for. PermissionDenied where it is not believed,
// InvalidArgument for options that make no sense.
Result<std::unique_ptr<Stream>> NewTlsStream(Socket socket, const std::string& host,
                                             const TlsOptions& options,
                                             Deadline deadline);

}  // namespace nscp::fetch
