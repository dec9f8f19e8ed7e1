// Splits any bytes as a line of the console; the words, quoted again, must be the same
// words.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/console/shell_words.h"
#include "tests/fuzz/check.h"

namespace {

using nscp::kernel::SplitShellWords;

std::string Quoted(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) {
    line += " \"";
    for (const char c : word) {
      if (c == '"' || c == '\\') line += '\\';
      line += c;
    }
    line += '"';
  }
  return line;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  const std::vector<std::string> words = SplitShellWords(line);
  size_t total = 0;
  for (const std::string& word : words) total += word.size();
  nscp::fuzz::Check(total <= size && words.size() <= size);
  nscp::fuzz::Check(SplitShellWords(Quoted(words)) == words);
  return 0;
}
