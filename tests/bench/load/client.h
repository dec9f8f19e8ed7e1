// One thread's connections to the server that is measured: each sends the same request
// over TLS, waits for the answer, and sends it again. What was answered between `begin`
// and `end` is recorded, without allocating; the time before is for warming up.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "proto/cpp/status.h"
#include "tests/bench/load/histogram.h"

namespace nscp::bench {

using Clock = std::chrono::steady_clock;

struct Plan {
  uint16_t port = 0;    // of 127.0.0.1
  std::string request;  // whole, head and body
  // An answer with these bytes in its body is a failure; empty = none.
  std::string unwanted;
  unsigned connections = 1;  // of this thread
  // A connection for each request: a full handshake, no resumption.
  bool fresh = false;
  Clock::time_point begin;
  Clock::time_point end;
};

struct Tally {
  Histogram latency;  // fresh: from connect() on, else from the request's first byte on
  uint64_t answers = 0;    // before `begin` too
  double cpu_seconds = 0;  // of this thread from `begin` to `end`
};

// Runs until plan.end. The first failure of any connection ends it: an answer that is not
// 200 or is unwanted, a connection that breaks.
Status RunClient(const Plan& plan, Tally* tally);

}  // namespace nscp::bench
