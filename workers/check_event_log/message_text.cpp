#include "workers/check_event_log/message_text.h"

#include <algorithm>

#include "proto/cpp/text.h"
#include "proto/cpp/utf8.h"
#include "workers/check_event_log/event.h"

namespace nscp::check_event_log {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// The place behind "!format!" at `at`, if it is one.
size_t SkipFormat(std::string_view message, size_t at) {
  if (at >= message.size() || message[at] != '!') return at;
  const size_t end = message.find('!', at + 1);
  return end == std::string_view::npos ? at : end + 1;
}

// What "%" and the digits at `at` stand for; `at` moves behind it.
std::string_view Inserted(std::string_view message,
                          const std::vector<std::string>& strings, size_t& at) {
  size_t number = 0;
  for (int digits = 0; digits < 2 && at < message.size() && IsDigit(message[at]);
       ++digits) {
    number = number * 10 + static_cast<size_t>(message[at++] - '0');
  }
  at = SkipFormat(message, at);
  return number == 0 || number > strings.size() ? std::string_view()
                                                : strings[number - 1];
}

std::string_view Escaped(char c) {
  switch (c) {
    case 'n':
      return "\n";
    case 'r':
      return "\r";
    case 't':
      return "\t";
    case 'b':
      return " ";
    case '%':
      return "%";
    case '.':
      return ".";
    case '!':
      return "!";
    default:
      return "";
  }
}

}  // namespace

std::string InsertStrings(std::string_view message,
                          const std::vector<std::string>& strings) {
  std::string text;
  size_t at = 0;
  while (at < message.size() && text.size() < kMaxEventText) {
    const size_t percent = std::min(message.find('%', at), message.size());
    text += message.substr(at, percent - at);
    at = percent + 1;
    if (at >= message.size()) break;
    const char next = message[at];
    if (next == '0') break;  // the end, without a line end
    if (IsDigit(next)) {
      text += Inserted(message, strings, at);
    } else {
      text += Escaped(next);
      if (Escaped(next).empty()) text += std::string("%") + next;
      ++at;
    }
  }
  return CutUtf8(text, kMaxEventText);
}

std::string OneLine(std::string_view text, size_t limit) {
  std::string line;
  line.reserve(text.size());
  for (const char c : Trim(text)) {
    const bool is_blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (!is_blank) {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  return limit == 0 ? line : CutUtf8(line, limit, "");
}

}  // namespace nscp::check_event_log
