#include "tests/bench/load/answer.h"

#include <algorithm>
#include <charconv>

#include "proto/cpp/text.h"

namespace nscp::bench {
namespace {

constexpr std::string_view kEndOfHead = "\r\n\r\n";
constexpr std::string_view kVersion = "HTTP/1.1 ";

template <typename Number>
bool ReadNumber(std::string_view text, Number* value) {
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), *value);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

void AnswerReader::Reset() {
  head_size_ = 0;
  in_body_ = has_length_ = closes_ = unwanted_ = false;
  left_ = 0;
  status_ = 0;
}

AnswerReader::State AnswerReader::Append(std::string_view bytes) {
  if (!in_body_) {
    const State head = TakeHead(&bytes);
    if (head != State::kComplete) return head;
  }
  if (bytes.size() > left_) return State::kMalformed;
  if (!unwanted_text_.empty() && bytes.find(unwanted_text_) != std::string_view::npos) {
    unwanted_ = true;
  }
  left_ -= bytes.size();
  return left_ == 0 ? State::kComplete : State::kMore;
}

// Complete: the head is read and `bytes` is what stands behind it.
AnswerReader::State AnswerReader::TakeHead(std::string_view* bytes) {
  const size_t before = head_size_;
  const size_t taken = std::min(bytes->size(), head_.size() - before);
  std::copy_n(bytes->data(), taken, head_.data() + before);
  head_size_ += taken;
  const std::string_view seen(head_.data(), head_size_);
  const size_t from = before < kEndOfHead.size() ? 0 : before - kEndOfHead.size();
  const size_t end = seen.find(kEndOfHead, from);
  if (end == std::string_view::npos) {
    return head_size_ == head_.size() ? State::kMalformed : State::kMore;
  }
  bytes->remove_prefix(end + kEndOfHead.size() - before);
  if (!ReadHead(seen.substr(0, end))) return State::kMalformed;
  in_body_ = true;
  return State::kComplete;
}

bool AnswerReader::ReadHead(std::string_view head) {
  if (head.substr(0, kVersion.size()) != kVersion) return false;
  if (!ReadNumber(head.substr(kVersion.size(), 3), &status_)) return false;
  for (size_t at = head.find("\r\n"); at != std::string_view::npos;) {
    const size_t begin = at + 2;
    at = head.find("\r\n", begin);
    const size_t size = at == std::string_view::npos ? at : at - begin;
    if (!ReadLine(head.substr(begin, size))) return false;
  }
  return has_length_;
}

bool AnswerReader::ReadLine(std::string_view line) {
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos) return false;
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = Trim(line.substr(colon + 1));
  if (EqualsIgnoreCase(name, "Content-Length")) {
    has_length_ = true;
    return ReadNumber(value, &left_);
  }
  if (EqualsIgnoreCase(name, "Connection")) closes_ = EqualsIgnoreCase(value, "close");
  return !EqualsIgnoreCase(name, "Transfer-Encoding");
}

}  // namespace nscp::bench
