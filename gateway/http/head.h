// The head of a request: request line and headers, read strictly. Whatever two readers
// could understand differently is refused, so no second request can hide behind the first
// (RFC 9112, sections 5.2, 6.3 and 11.2). Pure functions over bytes; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace nscp::gateway {

struct Limits {
  size_t max_head_bytes;
  size_t max_headers;
  size_t max_body_bytes;
  // Set: instead of max_body_bytes, by method and path.
  size_t (*body_limit)(std::string_view method, std::string_view path) = nullptr;
};

// Why a request isn't handed on: an HTTP status and a sentence for the client. The
// connection is closed after it.
struct Refusal {
  int status = 0;
  std::string text;
};

// For a body beyond its limit.
Refusal TooLarge(size_t limit);

// How the body's end is found.
enum class Framing { kNone, kLength, kChunked };

struct Head {
  std::string method;
  std::string path;   // before the '?', not decoded
  std::string query;  // behind it
  int minor_version = 1;
  std::vector<std::pair<std::string, std::string>> headers;  // values trimmed
  Framing framing = Framing::kNone;
  uint64_t content_length = 0;  // for kLength
  size_t max_body_bytes = 0;    // for kChunked
  bool keep_alive = true;
  bool expects_continue = false;
};

// Looks for the end of a head in bytes as they come, and refuses early what can't become
// one.
class HeadScanner {
 public:
  explicit HeadScanner(const Limits& limits) : limits_(limits) {}

  enum class Found { kMore, kEnd, kRefused };
  // `bytes` holds all bytes of the head so far, each call at least those of the last one.
  Found Scan(std::string_view bytes);
  size_t end() const { return position_; }  // after kEnd: just behind the empty line
  const Refusal& refusal() const { return refusal_; }

 private:
  Found Refuse(int status, const char* text);

  Limits limits_;
  size_t position_ = 0;    // everything before was looked at
  size_t line_start_ = 0;  // of the line that is being read
  size_t lines_ = 0;
  Refusal refusal_;
};

// `bytes` is exactly what a HeadScanner found, the empty line included.
std::variant<Head, Refusal> ParseHead(std::string_view bytes, const Limits& limits);

}  // namespace nscp::gateway
