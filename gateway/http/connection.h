// One connection and the table of all of them. A connection is *parked* while it waits
// for its socket (the table may then hand it to the loop, to the sweep of deadlines or to
// an eviction), and otherwise belongs to the one thread that claimed it: the loop, or a
// pool thread.
//
// ConnectionTable: any thread. Connection: its holder's thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "gateway/http/poller.h"
#include "gateway/http/reader.h"
#include "gateway/http/socket.h"
#include "gateway/http/stream.h"
#include "gateway/http/tls.h"

namespace nscp::gateway {

using SteadyTime = std::chrono::steady_clock::time_point;

// Connections beyond the bounds that are kept just long enough to tell them 503.
constexpr size_t kMaxRefusedConnections = 32;

struct Connection {
  enum class Phase { kHandshake, kReading, kRunning, kWriting, kStreaming, kLingering };

  Connection(uint64_t id_, Socket socket_, std::string address, const Limits& limits)
      : id(id_), socket(socket_), remote_address(std::move(address)), reader(limits) {}
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  Io Read(char* data, size_t size, size_t* received);
  // Sends `output`; kDone when all of it has left.
  Io Flush();

  const uint64_t id;
  const Socket socket;
  const std::string remote_address;
  std::unique_ptr<TlsSession> tls;  // null: plain
  RequestReader reader;
  Phase phase = Phase::kReading;
  bool over_bounds = false;  // its first request is answered 503
  bool close = false;        // after the answer that is being made or written
  bool begun = false;        // a byte of the present request is here
  bool served = false;       // it has had an answer
  SteadyTime since;          // accepted, became idle, first byte, or began to linger
  SteadyTime write_due;      // the answer must have left by then
  std::string output;
  size_t sent = 0;
  std::shared_ptr<Stream> stream;  // of the answer that is being written; mostly none
  bool chunked = false;            // how it is framed
  size_t lingered = 0;             // bytes read and thrown away
  size_t counted = 0;              // its share of the server's buffered bytes
};

using ConnectionPointer = std::shared_ptr<Connection>;

class ConnectionTable {
 public:
  struct Bounds {
    size_t max_connections;
    size_t max_per_address;
  };
  // `poller` must outlive the table.
  ConnectionTable(const Bounds& bounds, Poller& poller)
      : bounds_(bounds), poller_(poller) {}

  struct Admission {
    bool admitted = false;
    ConnectionPointer evicted;  // claimed for the caller, who drops it
  };
  // Takes a new connection in. At a bound the oldest idle connection (of the same address
  // when it is that bound) goes out for it; when there is none it is marked over_bounds.
  Admission Admit(const ConnectionPointer& connection);

  // How a connection waits; the first three may be evicted, in this order.
  enum class Waiting {
    kLingering,
    kIdle,
    kHandshake,
    kReading,
    kWriting,
    kStreaming,
    kNot
  };
  // The caller gives the connection up: it waits until `wanted` is possible, at most
  // until `due`.
  void Park(const ConnectionPointer& connection, Waiting how, Io wanted, SteadyTime due);
  // The caller gets it, or nothing when it is gone or belongs to another.
  ConnectionPointer Claim(uint64_t id);
  struct Claimed {
    ConnectionPointer connection;
    Waiting how;
  };
  // The best to evict when descriptors have run out; nothing when none may go.
  ConnectionPointer ClaimEvictable();
  // All whose time has come.
  std::vector<Claimed> ClaimExpired(SteadyTime now);
  enum class Leaving { kServed, kIdle, kAll };
  // Of those that wait: kServed are those that have had their answers and ask nothing,
  // kIdle also those that never asked, kAll also those in the middle of a request.
  // Streams are among them each time.
  std::vector<Claimed> ClaimForStop(Leaving which);
  // Ends input and output of those that a thread holds; they notice at their next step.
  void ShutdownHeld();
  // Forgets it; the caller holds it. The socket closes with the last pointer.
  void Remove(const ConnectionPointer& connection);
  size_t size() const;

 private:
  struct Entry {
    ConnectionPointer connection;
    Waiting how = Waiting::kNot;
    SteadyTime due;
    SteadyTime since;
  };
  // With mutex_ held: the best to evict, of one address when that isn't empty.
  Entry* FindEvictable(const std::string& address);
  template <typename Wanted>
  std::vector<Claimed> ClaimIf(const Wanted& wanted);

  const Bounds bounds_;
  Poller& poller_;
  mutable std::mutex mutex_;
  std::unordered_map<uint64_t, Entry> entries_;          // guarded by mutex_
  std::unordered_map<std::string, size_t> per_address_;  // guarded by mutex_
  size_t refused_ = 0;                                   // guarded by mutex_
};

}  // namespace nscp::gateway
