#include "gateway/http/connection.h"

#include <utility>

namespace nscp::gateway {

Connection::~Connection() {
  if (stream) stream->Gone();
  tls.reset();
  CloseSocket(socket);
}

Io Connection::Read(char* data, size_t size, size_t* received) {
  return tls ? tls->Read(data, size, received) : Receive(socket, data, size, received);
}

Io Connection::Flush() {
  while (sent < output.size()) {
    const char* data = output.data() + sent;
    const size_t size = output.size() - sent;
    size_t count = 0;
    const Io io = tls ? tls->Write(data, size, &count) : Send(socket, data, size, &count);
    if (io != Io::kDone) return io;
    sent += count;
  }
  std::string().swap(output);
  sent = 0;
  return Io::kDone;
}

ConnectionTable::Entry* ConnectionTable::FindEvictable(const std::string& address) {
  Entry* best = nullptr;
  for (auto& [id, entry] : entries_) {
    if (entry.how > Waiting::kHandshake) continue;
    if (!address.empty() && entry.connection->remote_address != address) continue;
    if (best == nullptr ||
        std::pair(entry.how, entry.since) < std::pair(best->how, best->since)) {
      best = &entry;
    }
  }
  return best;
}

ConnectionTable::Admission ConnectionTable::Admit(const ConnectionPointer& connection) {
  Admission admission;
  const std::lock_guard<std::mutex> lock(mutex_);
  const std::string& address = connection->remote_address;
  const auto known = per_address_.find(address);
  const bool address_full =
      known != per_address_.end() && known->second >= bounds_.max_per_address;
  if (address_full || entries_.size() >= bounds_.max_connections) {
    Entry* evictable = FindEvictable(address_full ? address : std::string());
    if (evictable != nullptr) {
      evictable->how = Waiting::kNot;
      admission.evicted = evictable->connection;
    } else if (refused_ >= kMaxRefusedConnections) {
      return admission;
    } else {
      connection->over_bounds = true;
      ++refused_;
    }
  }
  ++per_address_[address];
  entries_[connection->id].connection = connection;
  admission.admitted = true;
  return admission;
}

void ConnectionTable::Park(const ConnectionPointer& connection, Waiting how, Io wanted,
                           SteadyTime due) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = entries_.find(connection->id);
  if (found == entries_.end()) return;
  found->second.how = how;
  found->second.due = due;
  found->second.since = connection->since;
  poller_.Arm(connection->socket, connection->id, wanted);
}

ConnectionPointer ConnectionTable::Claim(uint64_t id) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = entries_.find(id);
  if (found == entries_.end() || found->second.how == Waiting::kNot) return nullptr;
  found->second.how = Waiting::kNot;
  return found->second.connection;
}

ConnectionPointer ConnectionTable::ClaimEvictable() {
  const std::lock_guard<std::mutex> lock(mutex_);
  Entry* evictable = FindEvictable("");
  if (evictable == nullptr) return nullptr;
  evictable->how = Waiting::kNot;
  return evictable->connection;
}

template <typename Wanted>
std::vector<ConnectionTable::Claimed> ConnectionTable::ClaimIf(const Wanted& wanted) {
  std::vector<Claimed> claimed;
  const std::lock_guard<std::mutex> lock(mutex_);
  for (auto& [id, entry] : entries_) {
    if (entry.how == Waiting::kNot || !wanted(entry)) continue;
    claimed.push_back({entry.connection, entry.how});
    entry.how = Waiting::kNot;
  }
  return claimed;
}

std::vector<ConnectionTable::Claimed> ConnectionTable::ClaimExpired(SteadyTime now) {
  return ClaimIf([&](const Entry& entry) { return entry.due <= now; });
}

std::vector<ConnectionTable::Claimed> ConnectionTable::ClaimForStop(Leaving which) {
  return ClaimIf([&](const Entry& entry) {
    if (which == Leaving::kAll || entry.how == Waiting::kStreaming) return true;
    return entry.how <= Waiting::kHandshake &&
           (which == Leaving::kIdle || entry.connection->served);
  });
}

void ConnectionTable::ShutdownHeld() {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (auto& [id, entry] : entries_) {
    if (entry.how == Waiting::kNot) ShutdownBoth(entry.connection->socket);
  }
}

void ConnectionTable::Remove(const ConnectionPointer& connection) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (entries_.erase(connection->id) == 0) return;
  poller_.Remove(connection->socket, connection->id);
  if (connection->over_bounds) --refused_;
  const auto address = per_address_.find(connection->remote_address);
  if (--address->second == 0) per_address_.erase(address);
}

size_t ConnectionTable::size() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return entries_.size();
}

}  // namespace nscp::gateway
