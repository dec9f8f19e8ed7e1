#include "workers/check_external_scripts/output.h"

#include <doctest/doctest.h>

namespace nscp::check_external_scripts {
namespace {

TEST_CASE("text and performance data of a plugin's output") {
  struct {
    std::string output;
    std::string message;
    std::string perf;
  } const rows[] = {
      {"OK: fine\n", "OK: fine", ""},
      {"OK|'a b'=1;2;3\r\n", "OK", "'a b'=1;2;3"},
      {"OK |a=1MB b=2%", "OK", "'a'=1MB 'b'=2%"},
      {"|a=1", "", "'a'=1"},
      {"one\ntwo\nthree\n\n", "one\ntwo\nthree", ""},
      // Nagios: the first line's data, and what follows the next bar.
      {"OK fine|'a'=1;2;3 b=2kB\nsecond line\nthird | c=3\nd=4",
       "OK fine\nsecond line\nthird", "'a'=1;2;3 'b'=2kB 'c'=3 'd'=4"},
      {"one\ntwo|a=1|b=2", "one\ntwo", "'a'=1 'b'=2"},
      {"one|a=1\ntwo", "one\ntwo", "'a'=1"},
      {"", "", ""},
      {" \n\t", "", ""},
      {"  keeps the indent", "  keeps the indent", ""},
      {"bytes \xff\xfe|a=1", "bytes \xff\xfe", "'a'=1"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.output);
    const sdk::Line line = ReadPluginOutput(row.output);
    CHECK(line.message == row.message);
    CHECK(sdk::FormatPerf(line.perf) == row.perf);
  }
}

TEST_CASE("all of it is text where that is wanted") {
  const sdk::Line line = ReadPlainOutput("obj|x=1\nmore|y=2\n");
  CHECK(line.message == "obj|x=1\nmore|y=2");
  CHECK(line.perf.empty());
}

}  // namespace
}  // namespace nscp::check_external_scripts
