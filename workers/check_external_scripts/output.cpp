#include "workers/check_external_scripts/output.h"

#include "proto/cpp/text.h"

namespace nscp::check_external_scripts {
namespace {

std::string_view TrimEnd(std::string_view text) {
  const size_t last = text.find_last_not_of(" \t\r\n");
  return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

// Cuts `text` at its first '|': what stands before it stays, the rest is given.
std::string_view TakePerf(std::string_view& text) {
  const size_t bar = text.find('|');
  if (bar == std::string_view::npos) return {};
  const std::string_view perf = text.substr(bar + 1);
  text = text.substr(0, bar);
  return perf;
}

// Line ends separate items like blanks; a further '|' has no meaning.
std::string OnOneLine(std::string_view perf) {
  std::string line(perf);
  for (char& c : line) {
    if (c == '\n' || c == '\r' || c == '\t' || c == '|') c = ' ';
  }
  return line;
}

}  // namespace

sdk::Line ReadPluginOutput(std::string_view output) {
  output = TrimEnd(output);
  const size_t end = output.find('\n');
  std::string_view first = output.substr(0, end);
  std::string_view rest =
      end == std::string_view::npos ? std::string_view() : output.substr(end + 1);
  const std::string perf = OnOneLine(TakePerf(first)) + " " + OnOneLine(TakePerf(rest));
  sdk::Line line;
  line.message = TrimEnd(first);
  rest = TrimEnd(rest);
  if (!rest.empty()) line.message += "\n" + std::string(rest);
  line.perf = sdk::ParsePerf(Trim(perf));
  return line;
}

sdk::Line ReadPlainOutput(std::string_view output) {
  sdk::Line line;
  line.message = TrimEnd(output);
  return line;
}

}  // namespace nscp::check_external_scripts
