// One TLS connection of the load program, over a non-blocking socket that is registered
// once, edge-triggered, so that a request costs no call of epoll_ctl. One thread.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string_view>

#include "proto/cpp/status.h"
#include "tests/bench/load/answer.h"
#include "tests/bench/load/client.h"

namespace nscp::bench {

struct Free {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};
using Context = std::unique_ptr<SSL_CTX, Free>;

// A client's context that trusts every certificate and resumes no session.
Result<Context> MakeContext();

class Connection {
 public:
  // All three must outlive it. `epoll` is where its socket is registered, with its
  // address.
  Connection(const Plan& plan, SSL_CTX* context, int epoll);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  Status Open();
  // Goes on as far as it can without waiting. True when an answer is complete: the caller
  // records it and calls Again().
  Result<bool> Advance();
  // Begins the next request, over a new connection where the plan or the server want one.
  Status Again();

  Clock::time_point since() const { return since_; }

 private:
  enum class Step { kConnect, kHandshake, kSend, kReceive };
  Status CheckConnected() const;
  // What an SSL_* call that gave `result` means: true = it must wait.
  Result<bool> MustWait(int result, const char* doing) const;
  Result<bool> Receive();
  void Close();

  const Plan& plan_;
  SSL_CTX* const context_;
  const int epoll_;
  int socket_ = -1;
  std::unique_ptr<SSL, Free> ssl_;
  Step step_ = Step::kConnect;
  AnswerReader answer_;
  Clock::time_point since_;
};

}  // namespace nscp::bench
