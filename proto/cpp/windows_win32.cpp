#include "proto/cpp/windows_win32.h"

#include <windows.h>

#include <cstdio>

#include "proto/cpp/text.h"

namespace nscp {
namespace {

constexpr DWORD kMessageSize = 512;

Code CodeOf(unsigned long code) {
  // An HRESULT of the kind "Win32" has the plain code in its lower half.
  if (HRESULT_FACILITY(static_cast<HRESULT>(code)) == FACILITY_WIN32) {
    code = HRESULT_CODE(code);
  }
  switch (code) {
    case ERROR_FILE_NOT_FOUND:
    case ERROR_PATH_NOT_FOUND:
    case ERROR_SERVICE_DOES_NOT_EXIST:
      return Code::kNotFound;
    case ERROR_ACCESS_DENIED:
    case static_cast<unsigned long>(E_ACCESSDENIED):
      return Code::kPermissionDenied;
    case ERROR_CALL_NOT_IMPLEMENTED:
    case ERROR_NOT_SUPPORTED:
    case static_cast<unsigned long>(E_NOTIMPL):
      return Code::kUnimplemented;
    default:
      return Code::kUnavailable;
  }
}

// Small codes as they are known, others as documentation has them.
std::string Number(unsigned long code) {
  constexpr unsigned long kSmall = 0x10000;
  if (code < kSmall) return std::to_string(code);
  char text[16];
  snprintf(text, sizeof(text), "0x%08lX", code);
  return text;
}

// Backslashes count double before a quote, and only there.
std::wstring Quoted(const std::wstring& word) {
  // Not where none is needed: cmd.exe takes its switches only without.
  if (!word.empty() && word.find_first_of(L" \t\n\v\"") == std::wstring::npos) {
    return word;
  }
  std::wstring quoted = L"\"";
  size_t backslashes = 0;
  for (const wchar_t c : word) {
    if (c == L'"') quoted.append(backslashes + 1, L'\\');
    backslashes = c == L'\\' ? backslashes + 1 : 0;
    quoted += c;
  }
  quoted.append(backslashes, L'\\');
  return quoted + L"\"";
}

}  // namespace

std::wstring Wide(std::string_view text) {
  const int length = static_cast<int>(text.size());
  const int size = ::MultiByteToWideChar(CP_UTF8, 0, text.data(), length, nullptr, 0);
  std::wstring wide(static_cast<size_t>(size), L'\0');
  ::MultiByteToWideChar(CP_UTF8, 0, text.data(), length, wide.data(), size);
  return wide;
}

std::string Utf8(std::wstring_view text) {
  const int length = static_cast<int>(text.size());
  const int size = ::WideCharToMultiByte(CP_UTF8, 0, text.data(), length, nullptr, 0,
                                         nullptr, nullptr);
  std::string narrow(static_cast<size_t>(size), '\0');
  ::WideCharToMultiByte(CP_UTF8, 0, text.data(), length, narrow.data(), size, nullptr,
                        nullptr);
  return narrow;
}

std::wstring CommandLineOf(const std::vector<std::string>& words) {
  std::wstring line;
  for (const std::string& word : words) {
    if (!line.empty()) line += L' ';
    line += Quoted(Wide(word));
  }
  return line;
}

std::string WindowsError(unsigned long code) {
  wchar_t words[kMessageSize];
  const DWORD length =
      ::FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS,
                       nullptr, code, 0, words, kMessageSize, nullptr);
  std::string text = Utf8({words, length});
  text = Trim(ReplaceAll(ReplaceAll(text, "\r", ""), "\n", " "));
  if (EndsWith(text, ".")) text.pop_back();
  const std::string number = "error " + Number(code);
  return text.empty() ? number : text + " (" + number + ")";
}

Status WindowsStatus(const std::string& doing, unsigned long code) {
  return Status(CodeOf(code), doing + ": " + WindowsError(code));
}

Status LastError(const std::string& doing) {
  return WindowsStatus(doing, ::GetLastError());
}

bool Handle::open() const {
  return handle_ != nullptr && handle_ != INVALID_HANDLE_VALUE;
}

void Handle::Close() {
  if (open()) ::CloseHandle(handle_);
  handle_ = nullptr;
}

}  // namespace nscp
