#include "workers/checks/command_line.h"

namespace nscp::checks {
namespace {

// The character that a backslash and `c` stand for, or 0.
char Unescape(char c) {
  switch (c) {
    case '"':
    case '\\':
      return c;
    case 'n':
      return '\n';
    default:
      return 0;
  }
}

}  // namespace

Result<std::vector<std::string>> SplitCommandLine(std::string_view line) {
  if (line.size() > kMaxCommandLineLength) {
    return Status::InvalidArgument("the command line is longer than " +
                                   std::to_string(kMaxCommandLineLength) + " bytes");
  }
  std::vector<std::string> arguments;
  std::string current;
  bool quoted = false;
  auto finish = [&] {
    if (!current.empty()) arguments.push_back(std::move(current));
    current.clear();
  };
  for (size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '\\') {
      if (++i == line.size()) {
        return Status::InvalidArgument("cannot end with escape");
      }
      const char meant = Unescape(line[i]);
      if (meant == 0) return Status::InvalidArgument("unknown escape sequence");
      current += meant;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ' ' && !quoted) {
      finish();
    } else {
      current += c;
    }
  }
  finish();
  return arguments;
}

}  // namespace nscp::checks
