#include "gateway/http/reader.h"

#include <algorithm>
#include <utility>

namespace nscp::gateway {
namespace {

constexpr size_t kMaxChunkSizeDigits = 8;
constexpr size_t kKeptCapacity = 4096;  // of an idle connection's buffer

// "1a;name=value" -> 26; nothing when it is no size.
bool ParseChunkSize(std::string_view line, uint64_t* size) {
  const std::string_view digits = line.substr(0, line.find(';'));
  if (digits.empty() || digits.size() > kMaxChunkSizeDigits) return false;
  *size = 0;
  for (const char c : digits) {
    const auto digit =
        std::string_view("0123456789abcdef")
            .find(static_cast<char>(c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c));
    if (digit == std::string_view::npos) return false;
    *size = *size * 16 + digit;
  }
  return std::none_of(line.begin(), line.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 && c != '\t';
  });
}

}  // namespace

RequestReader::State RequestReader::Advance() {
  while (step_ != Step::kDone && step_ != Step::kRefused && TakeStep()) {
  }
  DropUsed();
  if (step_ == Step::kDone) return State::kComplete;
  if (step_ == Step::kRefused) return State::kRefused;
  return step_ == Step::kHead && input_.empty() ? State::kEmpty : State::kPartial;
}

bool RequestReader::TakeStep() {
  switch (step_) {
    case Step::kHead:
      return TakeHead();
    case Step::kLength:
      return TakeLengthBody();
    case Step::kChunkLine:
      return TakeChunkLine();
    case Step::kChunkData:
      return TakeChunkData();
    case Step::kChunkEnd:
      return TakeChunkEnd();
    case Step::kTrailer:
      return TakeTrailer();
    case Step::kDone:
    case Step::kRefused:
      break;
  }
  return false;
}

bool RequestReader::TakeHead() {
  if (rest().substr(0, 2) == "\r\n") {
    if (++empty_lines_ > kMaxEmptyLines) {
      Refuse(400, "too many empty lines stand before the request");
      return false;
    }
    used_ += 2;
    scanner_ = HeadScanner(limits_);  // it may have seen the first of the two
    return true;
  }
  switch (scanner_.Scan(rest())) {
    case HeadScanner::Found::kMore:
      return false;
    case HeadScanner::Found::kRefused:
      Refuse(scanner_.refusal().status, scanner_.refusal().text);
      return false;
    case HeadScanner::Found::kEnd:
      break;
  }
  auto parsed = ParseHead(rest().substr(0, scanner_.end()), limits_);
  used_ += scanner_.end();
  if (const auto* refusal = std::get_if<Refusal>(&parsed)) {
    Refuse(refusal->status, refusal->text);
    return false;
  }
  head_ = std::move(std::get<Head>(parsed));
  continue_due_ = head_.expects_continue;
  step_ = head_.framing == Framing::kChunked  ? Step::kChunkLine
          : head_.framing == Framing::kLength ? Step::kLength
                                              : Step::kDone;
  return true;
}

bool RequestReader::TakeLengthBody() {
  const std::string_view part = rest().substr(0, head_.content_length - body_.size());
  body_.append(part);
  used_ += part.size();
  if (body_.size() < head_.content_length) return false;
  step_ = Step::kDone;
  return true;
}

bool RequestReader::TakeLine(size_t limit, int status, std::string_view* line) {
  const size_t newline = rest().find('\n');
  if (std::min(newline, rest().size()) >= limit) {
    Refuse(status, "a line of the chunked body is too long");
    return false;
  }
  if (newline == std::string_view::npos) return false;
  if (newline == 0 || rest()[newline - 1] != '\r') {
    Refuse(400, "a line of the chunked body ends without a carriage return");
    return false;
  }
  *line = rest().substr(0, newline - 1);
  used_ += newline + 1;
  return true;
}

bool RequestReader::TakeChunkLine() {
  std::string_view line;
  if (!TakeLine(kMaxChunkLineBytes, 400, &line)) return false;
  if (!ParseChunkSize(line, &chunk_left_)) {
    Refuse(400, "the size of a chunk is not a hexadecimal number");
    return false;
  }
  if (body_.size() + chunk_left_ > head_.max_body_bytes) {
    const Refusal refusal = TooLarge(head_.max_body_bytes);
    Refuse(refusal.status, refusal.text);
    return false;
  }
  step_ = chunk_left_ == 0 ? Step::kTrailer : Step::kChunkData;
  return true;
}

bool RequestReader::TakeChunkData() {
  const std::string_view part = rest().substr(0, chunk_left_);
  body_.append(part);
  used_ += part.size();
  chunk_left_ -= part.size();
  if (chunk_left_ > 0) return false;
  step_ = Step::kChunkEnd;
  return true;
}

bool RequestReader::TakeChunkEnd() {
  const std::string_view end = rest().substr(0, 2);
  if (end != std::string_view("\r\n").substr(0, end.size())) {
    Refuse(400, "a chunk is longer than its size");
    return false;
  }
  if (end.size() < 2) return false;
  used_ += 2;
  step_ = Step::kChunkLine;
  return true;
}

bool RequestReader::TakeTrailer() {
  std::string_view line;
  if (!TakeLine(kMaxTrailerBytes - trailer_bytes_, 431, &line)) return false;
  trailer_bytes_ += line.size() + 2;
  if (line.empty())
    step_ = Step::kDone;  // trailers are read over, nothing here uses them
  return true;
}

void RequestReader::Refuse(int status, std::string text) {
  refusal_ = {status, std::move(text)};
  step_ = Step::kRefused;
  used_ = input_.size();
  DropUsed();
  std::string().swap(body_);
}

bool RequestReader::TakeContinue() {
  const bool waits = continue_due_ &&
                     (step_ == Step::kLength || step_ == Step::kChunkLine) &&
                     input_.empty() && body_.empty();
  continue_due_ = false;
  return waits;
}

void RequestReader::Next() {
  scanner_ = HeadScanner(limits_);
  step_ = Step::kHead;
  empty_lines_ = 0;
  head_ = Head();
  std::string().swap(body_);
  trailer_bytes_ = 0;
  continue_due_ = false;
}

void RequestReader::DropUsed() {
  input_.erase(0, used_);
  used_ = 0;
  if (input_.empty() && input_.capacity() > kKeptCapacity) std::string().swap(input_);
}

}  // namespace nscp::gateway
