#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <vector>

#include "proto/cpp/descriptor_posix.h"
#include "workers/check_net/socket_table.h"

namespace nscp::check_net {
namespace {

constexpr size_t kPiece = 65536;
// Of one table: some four million sockets.
constexpr int64_t kMaxTable = int64_t{768} * 1024 * 1024;

Status TableError(const std::string& path, int error) {
  return Status::Unavailable("Failed to read " + path + ": " +
                             std::generic_category().message(error));
}

// Adds to `states`, which is null for what has none.
Result<int64_t> CountTable(const std::string& path,
                           const std::function<bool()>& cancelled, bool* is_there,
                           std::array<int64_t, kTcpStates>* states) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.open()) {
    if (errno == ENOENT) return int64_t{0};
    return TableError(path, errno);
  }
  *is_there = true;
  SocketCounter counter;
  std::vector<char> piece(kPiece);
  int64_t total = 0;
  for (;;) {
    const ssize_t size = ::read(file.get(), piece.data(), piece.size());
    if (size == 0) break;
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return TableError(path, errno);
    total += size;
    if (total > kMaxTable) return TableError(path, EFBIG);
    if (cancelled && cancelled()) {
      return Status::DeadlineExceeded("Failed to read " + path +
                                      " in time: it is longer than " +
                                      std::to_string(total) + " bytes");
    }
    counter.Feed({piece.data(), static_cast<size_t>(size)});
  }
  counter.End();
  for (size_t i = 0; states != nullptr && i < kTcpStates; ++i) {
    (*states)[i] += counter.states()[i];
  }
  return counter.sockets();
}

}  // namespace

Result<SocketCounts> ReadSocketTables(const std::function<bool()>& cancelled) {
  SocketCounts counts;
  bool is_there = false;
  ASSIGN_OR_RETURN(counts.tcp,
                   CountTable("/proc/net/tcp", cancelled, &is_there, &counts.states));
  ASSIGN_OR_RETURN(counts.tcp6,
                   CountTable("/proc/net/tcp6", cancelled, &is_there, &counts.states));
  ASSIGN_OR_RETURN(counts.udp,
                   CountTable("/proc/net/udp", cancelled, &is_there, nullptr));
  ASSIGN_OR_RETURN(counts.udp6,
                   CountTable("/proc/net/udp6", cancelled, &is_there, nullptr));
  if (is_there) return counts;
  return Status::Unavailable(
      "Failed to read /proc/net/{tcp,tcp6,udp,udp6}: there is none of them; is /proc "
      "mounted for the agent?");
}

}  // namespace nscp::check_net
