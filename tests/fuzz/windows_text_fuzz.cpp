// Any bytes as command lines, drives and paths of Windows. However an argument of a batch
// file looks, cmd.exe must see no character of its own outside of quotes.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tests/fuzz/check.h"
#include "workers/check_disk/drive_names.h"
#include "workers/check_external_scripts/windows_line.h"

namespace {

using namespace nscp::check_disk;
using namespace nscp::check_external_scripts;

void CheckBatch(const std::string& argument) {
  constexpr std::string_view kHead = "cmd.exe /e:ON /v:OFF /d /c \"";
  const auto line = BatchLine({"x.bat", argument});
  if (!line.ok()) {
    nscp::fuzz::Check(argument.find_first_of(std::string_view("\r\n\0", 3)) !=
                      std::string::npos);
    return;
  }
  nscp::fuzz::Check(line->substr(0, kHead.size()) == kHead && line->back() == '"');
  bool in_quotes = false;
  int blanks = 0;
  for (const char c : line->substr(kHead.size(), line->size() - kHead.size() - 1)) {
    if (c == '"') in_quotes = !in_quotes;
    if (in_quotes) continue;
    nscp::fuzz::Check(std::string_view("&|<>^()!=;,%\t").find(c) ==
                      std::string_view::npos);
    blanks += c == ' ' ? 1 : 0;
  }
  nscp::fuzz::Check(!in_quotes && blanks == 1);
}

void CheckNames(std::string_view text) {
  const std::string drive = CanonicalDrive(text, PathStyle::kWindows);
  nscp::fuzz::Check(CanonicalDrive(drive, PathStyle::kWindows).size() <=
                    drive.size() + 2);
  const std::string share = ShareRoot(text);
  if (!share.empty()) nscp::fuzz::Check(LiesBelow(drive, share, PathStyle::kWindows));
  LongPath(std::string(text));
  IsBatchFile(text);
  IsCommandShell(text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const std::string& word : SplitWindowsLine(text)) CheckBatch(word);
  CheckBatch(std::string(text));
  CheckNames(text);
  return 0;
}
