// What stands at the other end of the program's output. Asked once, by main's thread.
#pragma once

#include <cstddef>

namespace nscp::kernel {

struct Screen {
  bool output = false;  // standard output is a terminal
  bool errors = false;  // standard error is one
  // Of the terminal at standard output; 0 = not known, then nothing is cut.
  size_t columns = 0;
  // Standard output may be coloured: a terminal, $NO_COLOR unset or empty, $TERM set and
  // not "dumb". Source: no-color.org.
  bool colour = false;
  // A line of standard error may be written over: a terminal, $TERM set and not "dumb".
  bool progress = false;
};

Screen DetectScreen();

}  // namespace nscp::kernel
