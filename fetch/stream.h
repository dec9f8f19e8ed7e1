// The bytes of one connection, in the clear or inside TLS, until a deadline. One thread.
#pragma once

#include <memory>
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
};

std::unique_ptr<Stream> NewPlainStream(Socket socket, Deadline deadline);

struct TlsOptions {
  std::string version = "1.3";  // the oldest: 1.2 or 1.3, "tlsv1.2+" and the like
  bool verify = true;           // certificate and name of the server
  std::string ca_file;          // empty = the system's
};
// Takes what is left of `stream`'s connection for itself: the handshake is part of it.
// `host` is what the certificate must be for. PermissionDenied where it is not believed,
// InvalidArgument for options that make no sense.
Result<std::unique_ptr<Stream>> NewTlsStream(Socket socket, const std::string& host,
                                             const TlsOptions& options,
                                             Deadline deadline);

}  // namespace nscp::fetch
