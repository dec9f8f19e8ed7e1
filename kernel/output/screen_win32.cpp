#include <windows.h>

#include <cstdlib>
#include <string_view>

#include "kernel/output/screen.h"

namespace nscp::kernel {
namespace {

std::string_view Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// Consoles before Windows 10 know no escape sequences; whether this one does is asked.
bool TakesSequences(HANDLE console) {
  DWORD mode = 0;
  return GetConsoleMode(console, &mode) != 0 &&
         SetConsoleMode(console, mode | ENABLE_VIRTUAL_TERMINAL_PROCESSING) != 0;
}

bool IsConsole(HANDLE handle) {
  DWORD mode = 0;
  return GetConsoleMode(handle, &mode) != 0;
}

}  // namespace

Screen DetectScreen() {
  const HANDLE output = GetStdHandle(STD_OUTPUT_HANDLE);
  const HANDLE errors = GetStdHandle(STD_ERROR_HANDLE);
  Screen screen;
  screen.output = IsConsole(output);
  screen.errors = IsConsole(errors);
  CONSOLE_SCREEN_BUFFER_INFO info;
  if (screen.output && GetConsoleScreenBufferInfo(output, &info) != 0) {
    screen.columns = static_cast<size_t>(info.srWindow.Right - info.srWindow.Left + 1);
  }
  const bool dumb = Variable("TERM") == "dumb";
  screen.colour =
      screen.output && !dumb && Variable("NO_COLOR").empty() && TakesSequences(output);
  screen.progress = screen.errors && !dumb && TakesSequences(errors);
  return screen;
}

}  // namespace nscp::kernel
