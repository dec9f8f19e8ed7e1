#include "workers/check_net/socket_table.h"

#include <charconv>

namespace nscp::check_net {
namespace {

constexpr std::string_view kStateNames[kTcpStates] = {
    "UNKNOWN",   "ESTABLISHED", "SYN_SENT", "SYN_RECV",   "FIN_WAIT1",
    "FIN_WAIT2", "TIME_WAIT",   "CLOSE",    "CLOSE_WAIT", "LAST_ACK",
    "LISTEN",    "CLOSING",     "SYN_RECV"};
// Number, both ends and state stand in front of it, also of an IPv6 line.
constexpr size_t kLineStart = 160;
constexpr int kStateField = 3;

// The state in a line such as "  0: 0100007F:0277 00000000:0000 0A 00000000:...".
size_t StateIn(std::string_view line) {
  constexpr std::string_view kBlanks = " \t";
  for (int field = 0;; ++field) {
    const size_t start = line.find_first_not_of(kBlanks);
    if (start == std::string_view::npos) return 0;
    line.remove_prefix(start);
    const std::string_view word = line.substr(0, line.find_first_of(kBlanks));
    if (field == kStateField) {
      size_t state = 0;
      const auto read =
          std::from_chars(word.data(), word.data() + word.size(), state, 16);
      return read.ec == std::errc() && state < kTcpStates ? state : 0;
    }
    line.remove_prefix(word.size());
  }
}

}  // namespace

std::string_view TcpStateName(size_t state) {
  return kStateNames[state < kTcpStates ? state : 0];
}

void SocketCounter::Feed(std::string_view piece) {
  while (!piece.empty()) {
    const size_t end = piece.find('\n');
    const std::string_view part = piece.substr(0, end);
    line_.append(part.substr(0, kLineStart - std::min(kLineStart, line_.size())));
    if (end == std::string_view::npos) return;
    TakeLine();
    piece.remove_prefix(end + 1);
  }
}

void SocketCounter::End() {
  if (!line_.empty()) TakeLine();
}

void SocketCounter::TakeLine() {
  const bool is_socket = !in_header_ && line_.find(':') != std::string::npos;
  in_header_ = false;
  if (is_socket) {
    ++sockets_;
    ++states_[StateIn(line_)];
  }
  line_.clear();
}

}  // namespace nscp::check_net
