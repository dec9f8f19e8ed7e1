#include "kernel/cli/line_input.h"

#include <doctest/doctest.h>

#include <string>

namespace nscp::kernel {
namespace {

TEST_CASE("lines are cut at their ends, and long ones in pieces") {
  LineSplitter lines;
  lines.Add("one\r\ntw");
  CHECK(lines.Take() == "one");
  CHECK_FALSE(lines.Take().has_value());
  lines.Add("o\n\n");
  CHECK(lines.Take() == "two");
  CHECK(lines.Take() == "");
  CHECK_FALSE(lines.TakeRest().has_value());
  lines.Add(std::string(kMaxInputLine, 'x'));
  CHECK(lines.Take() == std::string(kMaxInputLine, 'x'));
  lines.Add("rest");
  CHECK(lines.TakeRest() == "rest");
}

}  // namespace
}  // namespace nscp::kernel
