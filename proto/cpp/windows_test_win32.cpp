#include <doctest/doctest.h>
// After it, for its macros.
#include <windows.h>

#include <shellapi.h>

#include "proto/cpp/windows_win32.h"

namespace nscp {
namespace {

TEST_CASE("a command line comes apart into the words it was made of") {
  const std::vector<std::string> words = {
      "a b.exe", "", "plain", "back\\slash\\", "with blank\\", "a\\\"b", "\"", "ü \t x"};
  int count = 0;
  wchar_t** apart = ::CommandLineToArgvW(CommandLineOf(words).c_str(), &count);
  REQUIRE(count == static_cast<int>(words.size()));
  for (int i = 0; i < count; ++i) CHECK(Utf8(apart[i]) == words[static_cast<size_t>(i)]);
  ::LocalFree(apart);
  CHECK(CommandLineOf({"cmd.exe", "/c", "echo"}) == L"cmd.exe /c echo");
}

TEST_CASE("text passes between UTF-8 and UTF-16; what is neither is replaced") {
  const std::string text("K\xC3\xB6ln \xF0\x9F\x98\x80 \0 end", 16);
  CHECK(Utf8(Wide(text)) == text);
  CHECK(Wide("").empty());
  CHECK(Utf8(Wide("a\xFF")) == "a\xEF\xBF\xBD");
}

TEST_CASE("errors have words, a number and a kind") {
  const Status missing = WindowsStatus("opening x", ERROR_FILE_NOT_FOUND);
  CHECK(missing.code() == Code::kNotFound);
  CHECK(missing.message().find("opening x: ") == 0);
  CHECK(missing.message().find("(error 2)") != std::string::npos);
  CHECK(WindowsStatus("x", static_cast<unsigned long>(E_ACCESSDENIED)).code() ==
        Code::kPermissionDenied);
  CHECK(WindowsError(0xDEADBEEF) == "error 0xDEADBEEF");
}

}  // namespace
}  // namespace nscp
