#include "gateway/http/head.h"

#include <algorithm>
#include <optional>

#include "proto/cpp/text.h"

namespace nscp::gateway {
namespace {

constexpr size_t kMaxMethodBytes = 32;
constexpr size_t kMaxLengthDigits = 18;  // fits uint64_t whatever the digits

bool IsTokenCharacter(char c) {
  if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
    return true;
  return c != '\0' &&
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool IsToken(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), IsTokenCharacter);
}

bool HasControlCharacter(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
  });
}

std::string_view TakeLine(std::string_view* bytes) {
  const size_t end = bytes->find("\r\n");
  const std::string_view line = bytes->substr(0, end);
  bytes->remove_prefix(std::min(bytes->size(), end + 2));
  return line;
}

// "http://host/path" (RFC 9112, 3.2.2) becomes "/path"; other forms stay.
std::string_view OriginForm(std::string_view target) {
  for (std::string_view scheme : {"http://", "https://"}) {
    if (!EqualsIgnoreCase(target.substr(0, scheme.size()), scheme)) continue;
    const size_t slash = target.find_first_of("/?", scheme.size());
    if (slash == std::string_view::npos) return "/";
    return target.substr(slash);
  }
  return target;
}

std::optional<Refusal> ParseRequestLine(std::string_view line, Head* head) {
  const size_t first = line.find(' ');
  const size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) {
    return Refusal{400, "the request line is not \"METHOD target HTTP/1.1\""};
  }
  const std::string_view method = line.substr(0, first);
  std::string_view target = line.substr(first + 1, last - first - 1);
  const std::string_view version = line.substr(last + 1);
  if (!IsToken(method) || method.size() > kMaxMethodBytes) {
    return Refusal{400, "the method is not a word"};
  }
  if (target.empty() || target.find(' ') != std::string_view::npos ||
      HasControlCharacter(target) || target.find('\t') != std::string_view::npos) {
    return Refusal{400, "the target is empty or holds blanks or control characters"};
  }
  if (version != "HTTP/1.1" && version != "HTTP/1.0") {
    const bool other = StartsWith(version, "HTTP/") && version.size() == 8;
    return Refusal{other ? 505 : 400, "only HTTP/1.1 and HTTP/1.0 are spoken here"};
  }
  target = OriginForm(target);
  const size_t question = target.find('?');
  head->method = std::string(method);
  head->path = question == 0 ? "/" : std::string(target.substr(0, question));
  if (question != std::string_view::npos) head->query = target.substr(question + 1);
  head->minor_version = version.back() - '0';
  return std::nullopt;
}

std::optional<Refusal> ParseHeaderLine(std::string_view line, Head* head) {
  if (line.front() == ' ' || line.front() == '\t') {
    return Refusal{400, "a header is folded over two lines"};
  }
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos || !IsToken(line.substr(0, colon))) {
    return Refusal{400, "a header line is not \"Name: value\""};
  }
  const std::string_view value = line.substr(colon + 1);
  if (HasControlCharacter(value)) {
    return Refusal{400, "a header value holds control characters"};
  }
  head->headers.emplace_back(std::string(line.substr(0, colon)),
                             std::string(Trim(value)));
  return std::nullopt;
}

std::vector<std::string_view> Values(const Head& head, std::string_view name) {
  std::vector<std::string_view> values;
  for (const auto& [key, value] : head.headers) {
    if (EqualsIgnoreCase(key, name)) values.push_back(value);
  }
  return values;
}

std::optional<Refusal> ParseLength(std::string_view value, Head* head) {
  if (value.empty() || !std::all_of(value.begin(), value.end(),
                                    [](char c) { return c >= '0' && c <= '9'; })) {
    return Refusal{400, "Content-Length is not a number"};
  }
  if (value.size() > kMaxLengthDigits) return Refusal{413, "the body is too large"};
  head->framing = Framing::kLength;
  for (const char c : value) {
    head->content_length = head->content_length * 10 + static_cast<uint64_t>(c - '0');
  }
  return std::nullopt;
}

std::optional<Refusal> ParseFraming(const Limits& limits, Head* head) {
  const auto lengths = Values(*head, "Content-Length");
  const auto encodings = Values(*head, "Transfer-Encoding");
  if (lengths.size() > 1 || encodings.size() > 1) {
    return Refusal{400, "Content-Length or Transfer-Encoding stands twice"};
  }
  if (!lengths.empty() && !encodings.empty()) {
    return Refusal{400, "Content-Length and Transfer-Encoding stand side by side"};
  }
  if (!encodings.empty()) {
    if (head->minor_version == 0) {
      return Refusal{400, "HTTP/1.0 has no Transfer-Encoding"};
    }
    if (!EqualsIgnoreCase(encodings[0], "chunked")) {
      return Refusal{501, "the only Transfer-Encoding known here is \"chunked\""};
    }
    head->framing = Framing::kChunked;
  }
  if (!lengths.empty()) {
    if (auto refusal = ParseLength(lengths[0], head)) return refusal;
  }
  const bool has_body = head->framing == Framing::kChunked || head->content_length > 0;
  if (has_body && (head->method == "GET" || head->method == "HEAD")) {
    return Refusal{400, "GET and HEAD have no body"};
  }
  head->max_body_bytes = limits.body_limit != nullptr
                             ? limits.body_limit(head->method, head->path)
                             : limits.max_body_bytes;
  if (head->content_length > head->max_body_bytes) return TooLarge(head->max_body_bytes);
  return std::nullopt;
}

std::optional<Refusal> ParseConnection(Head* head) {
  head->keep_alive = head->minor_version == 1;
  for (const std::string_view value : Values(*head, "Connection")) {
    for (const std::string& word : SplitList(value)) {
      if (EqualsIgnoreCase(word, "close")) head->keep_alive = false;
    }
  }
  if (Values(*head, "Host").size() > 1) return Refusal{400, "Host stands twice"};
  for (const std::string_view value : Values(*head, "Expect")) {
    if (!EqualsIgnoreCase(value, "100-continue")) {
      return Refusal{417, "the only expectation known here is \"100-continue\""};
    }
    head->expects_continue = head->minor_version == 1 && head->framing != Framing::kNone;
  }
  return std::nullopt;
}

}  // namespace

Refusal TooLarge(size_t limit) {
  return {413, "the body is too large, the limit is " + std::to_string(limit) + " bytes"};
}

HeadScanner::Found HeadScanner::Refuse(int status, const char* text) {
  refusal_ = {status, text};
  return Found::kRefused;
}

HeadScanner::Found HeadScanner::Scan(std::string_view bytes) {
  for (;;) {
    const size_t newline = bytes.find('\n', position_);
    if (std::min(newline, bytes.size()) >= limits_.max_head_bytes) {
      return Refuse(431, "the head of the request is too large");
    }
    if (newline == std::string_view::npos) break;
    if (newline == 0 || bytes[newline - 1] != '\r') {
      return Refuse(400, "a line ends without a carriage return");
    }
    const bool empty = newline == line_start_ + 1;
    position_ = line_start_ = newline + 1;
    if (empty) return Found::kEnd;
    if (++lines_ > limits_.max_headers + 1) {  // and the request line
      return Refuse(431, "the request has too many headers");
    }
  }
  position_ = bytes.size();
  return Found::kMore;
}

std::variant<Head, Refusal> ParseHead(std::string_view bytes, const Limits& limits) {
  Head head;
  if (auto refusal = ParseRequestLine(TakeLine(&bytes), &head)) return *refusal;
  while (true) {
    const std::string_view line = TakeLine(&bytes);
    if (line.empty()) break;
    if (auto refusal = ParseHeaderLine(line, &head)) return *refusal;
  }
  if (auto refusal = ParseFraming(limits, &head)) return *refusal;
  if (auto refusal = ParseConnection(&head)) return *refusal;
  return head;
}

}  // namespace nscp::gateway
