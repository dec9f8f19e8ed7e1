#include "workers/net/dns_channel.h"

#include "workers/net/family.h"
#include "workers/net/network.h"

namespace nscp::net {

Status DnsChannel::Open(int flags) {
  ares_options options{};
  options.flags = flags;
  options.timeout = static_cast<int>(kTry.count());
  options.tries = kTries;
  const int error = ares_init_options(
      &channel_, &options, ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES);
  if (error == ARES_SUCCESS) return Status::Ok();
  channel_ = nullptr;
  return Status::Unavailable(std::string("starting the resolver: ") +
                             ares_strerror(error));
}

Status DnsChannel::UseServer(const std::string& address, uint16_t port) {
  const std::string host = IsV6(address) ? "[" + address + "]" : address;
  const std::string server = host + ":" + std::to_string(port);
  const int error = ares_set_servers_ports_csv(channel_, server.c_str());
  if (error == ARES_SUCCESS) return Status::Ok();
  return Status::InvalidArgument("asking the DNS server " + server + ": " +
                                 ares_strerror(error));
}

void DnsChannel::Run(const Limit& limit, const bool& done) {
  while (!done) {
    if (limit.IsOver()) return ares_cancel(channel_);
    ares_socket_t sockets[ARES_GETSOCK_MAXNUM];
    const int mask = ares_getsock(channel_, sockets, ARES_GETSOCK_MAXNUM);
    Awaited awaited[ARES_GETSOCK_MAXNUM];
    size_t count = 0;
    for (int i = 0; i < ARES_GETSOCK_MAXNUM; ++i) {
      const bool to_read = ARES_GETSOCK_READABLE(mask, i) != 0;
      const bool to_write =
          ((static_cast<unsigned>(mask) >> i >> ARES_GETSOCK_MAXNUM) & 1U) != 0;
      if (!to_read && !to_write) continue;
      awaited[count++] = {static_cast<intptr_t>(sockets[i]), to_read, to_write};
    }
    Await(awaited, count, limit.Slice());
    for (size_t i = 0; i < count; ++i) {
      const auto socket = static_cast<ares_socket_t>(awaited[i].socket);
      if (!awaited[i].is_readable && !awaited[i].is_writable) continue;
      ares_process_fd(channel_, awaited[i].is_readable ? socket : ARES_SOCKET_BAD,
                      awaited[i].is_writable ? socket : ARES_SOCKET_BAD);
    }
    // Tries whose time is over.
    ares_process_fd(channel_, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
  }
}

Status DnsStatus(int error) {
  switch (error) {
    case ARES_ENODATA:
    case ARES_ENOTFOUND:
    case ARES_EBADNAME:
      return Status::NotFound("there is no such name");
    case ARES_ETIMEOUT:
    case ARES_ECANCELLED:
      return Status::DeadlineExceeded("the name servers do not answer in time");
    case ARES_EREFUSED:
      return Status::Aborted("the name server refuses to answer");
    case ARES_ECONNREFUSED:
      return Status::Aborted("the name servers cannot be reached, or all refuse");
    case ARES_ESERVFAIL:
      return Status::Unavailable("the name server failed (SERVFAIL)");
    default:
      return Status::Unavailable(std::string("DNS: ") + ares_strerror(error));
  }
}

}  // namespace nscp::net
