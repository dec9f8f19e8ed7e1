#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

#include "kernel/output/screen.h"

namespace nscp::kernel {
namespace {

std::string_view Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

size_t Columns() {
  winsize size{};
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

}  // namespace

Screen DetectScreen() {
  Screen screen;
  screen.output = isatty(STDOUT_FILENO) == 1;
  screen.errors = isatty(STDERR_FILENO) == 1;
  const std::string_view term = Variable("TERM");
  const bool capable = !term.empty() && term != "dumb";
  if (screen.output) screen.columns = Columns();
  screen.colour = screen.output && capable && Variable("NO_COLOR").empty();
  screen.progress = screen.errors && capable;
  return screen;
}

}  // namespace nscp::kernel
