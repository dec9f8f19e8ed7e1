// Reads HTTP/1.1 answers of one connection as their bytes come, without allocating: knows
// where one ends, its status, and whether the server will close. Only what the agent
// sends is understood: Content-Length, no chunks (RFC 9112, 6.3). One thread.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace nscp::bench {

class AnswerReader {
 public:
  enum class State { kMore, kComplete, kMalformed };
  static constexpr size_t kMaxHead = 8 * 1024;

  // `unwanted`: a body that holds these bytes within one piece is remembered as
  // unwanted(); empty = none. The view must outlive the reader.
  explicit AnswerReader(std::string_view unwanted) : unwanted_text_(unwanted) {}

  // Takes the next bytes. Bytes behind a complete answer are malformed: nobody pipelines.
  State Append(std::string_view bytes);
  // Forgets the answer, for the next one.
  void Reset();

  int status() const { return status_; }
  bool closes() const { return closes_; }
  bool unwanted() const { return unwanted_; }

 private:
  State TakeHead(std::string_view* bytes);
  bool ReadHead(std::string_view head);
  bool ReadLine(std::string_view line);

  const std::string_view unwanted_text_;
  std::array<char, kMaxHead> head_;
  size_t head_size_ = 0;
  bool in_body_ = false;
  bool has_length_ = false;
  size_t left_ = 0;  // of the body
  int status_ = 0;
  bool closes_ = false;
  bool unwanted_ = false;
};

}  // namespace nscp::bench
