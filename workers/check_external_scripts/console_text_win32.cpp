#include "workers/check_external_scripts/console_text.h"

#include <windows.h>

#include <cstring>

#include "proto/cpp/text.h"
#include "proto/cpp/utf8.h"
#include "proto/cpp/windows_win32.h"

namespace nscp::check_external_scripts {
namespace {

constexpr char kUtf16Mark[] = "\xff\xfe";

std::string FromUtf16(const std::string& bytes) {
  std::wstring wide(bytes.size() / sizeof(wchar_t), L'\0');
  std::memcpy(wide.data(), bytes.data(), wide.size() * sizeof(wchar_t));
  return Utf8(std::wstring_view(wide).substr(1));
}

}  // namespace

std::string ConsoleText(std::string output) {
  if (StartsWith(output, kUtf16Mark)) return FromUtf16(output);
  if (output.empty() || IsUtf8(output)) return output;
  const int length = static_cast<int>(output.size());
  const int size = ::MultiByteToWideChar(CP_OEMCP, 0, output.data(), length, nullptr, 0);
  std::wstring wide(static_cast<size_t>(size), L'\0');
  ::MultiByteToWideChar(CP_OEMCP, 0, output.data(), length, wide.data(), size);
  return wide.empty() ? output : Utf8(wide);
}

}  // namespace nscp::check_external_scripts
