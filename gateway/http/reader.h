// Makes requests out of the bytes of one connection: append what came, ask how far it is.
// Knows no socket and no clock, so tests and the fuzzer drive it byte by byte. Bytes
// behind a complete request are kept for the next one (pipelining).
//
// Used by one thread at a time. Sources: RFC 9112, sections 2.2, 6 and 7.
#pragma once

#include <string>
#include <string_view>

#include "gateway/http/head.h"

namespace nscp::gateway {

// Bound of a chunk's size line, its extensions included, and of all trailers together.
constexpr size_t kMaxChunkLineBytes = 256;
constexpr size_t kMaxTrailerBytes = 4096;
// Empty lines that are skipped before a request line (RFC 9112, 2.2).
constexpr int kMaxEmptyLines = 2;

class RequestReader {
 public:
  explicit RequestReader(const Limits& limits) : limits_(limits), scanner_(limits) {}

  enum class State {
    kEmpty,     // no byte of the next request is here
    kPartial,   // some
    kComplete,  // head() and body() may be used; Next() goes on
    kRefused,   // refusal() says why; nothing more is read
  };
  void Append(std::string_view bytes) { input_.append(bytes); }
  State Advance();

  const Head& head() const { return head_; }  // kComplete
  std::string TakeBody() { return std::move(body_); }
  const Refusal& refusal() const { return refusal_; }
  // Refuses for a reason that lies outside the bytes (time, memory).
  void Refuse(int status, std::string text);
  // True once: the client waits for "100 Continue" before it sends the body.
  bool TakeContinue();
  // Goes on to what follows a complete request.
  void Next();
  size_t buffered() const { return input_.size() + body_.size(); }

 private:
  enum class Step {
    kHead,
    kLength,
    kChunkLine,
    kChunkData,
    kChunkEnd,
    kTrailer,
    kDone,
    kRefused
  };
  // Each takes what it can; false = it needs more bytes.
  bool TakeStep();
  bool TakeHead();
  bool TakeLengthBody();
  bool TakeChunkLine();
  bool TakeChunkData();
  bool TakeChunkEnd();
  bool TakeTrailer();
  // A CRLF-ended line of at most `limit` bytes; false = not here yet, or refused with
  // `status`.
  bool TakeLine(size_t limit, int status, std::string_view* line);
  std::string_view rest() const { return std::string_view(input_).substr(used_); }
  void DropUsed();

  Limits limits_;
  HeadScanner scanner_;
  Step step_ = Step::kHead;
  std::string input_;
  size_t used_ = 0;  // bytes of input_ that are done with
  int empty_lines_ = 0;
  Head head_;
  std::string body_;
  uint64_t chunk_left_ = 0;
  size_t trailer_bytes_ = 0;
  bool continue_due_ = false;
  Refusal refusal_;
};

}  // namespace nscp::gateway
