// Holds docs/checks/expressions.md to what it shows. Its blocks "call" are the arguments
// of one call and the answer; each line of "expression" is a filter, two blanks, and the
// files that it matches or "refused". POSIX alone: the page is read where it was built.
#include <doctest/doctest.h>

#include <fstream>

#include "proto/cpp/text.h"
#include "workers/checks/check.h"
#include "workers/checks/command_line.h"
#include "workers/checks/formats.h"

namespace nscp::checks {
namespace {

constexpr int64_t kNow = 1700000000;
constexpr int64_t kHour = 3600;

struct File {
  std::string name;
  int64_t size = 0;
  int64_t age = 0;
  std::optional<int64_t> lines;
};

const std::vector<File>& Files() {
  static const std::vector<File> files = {
      {"app.log", 12 << 20, 300, 250000},
      {"db.log", 3 << 20, 2 * kHour, 40000},
      {"old.tmp", 512, 72 * kHour, 7},
      {"data.bin", INT64_C(2) << 30, 30 * 24 * kHour, {}},
  };
  return files;
}

Check<File> FileCheck() {
  Keywords<File> k;
  k.Text("name", "", [](const File& f) -> std::string_view { return f.name; });
  k.Size("size", "", &File::size)
      .Human([](const File& f) { return FormatBytes(static_cast<double>(f.size)); })
      .PerfBytes(" size");
  k.Duration("age", "", &File::age).Perf("s", " age");
  k.Date("written", "", [](const File& f) { return kNow - f.age; });
  k.Integer("lines", "", &File::lines).NoValue("unknown");
  FilterDefaults defaults;
  defaults.top_syntax = "${status}: ${problem_list}";
  defaults.ok_syntax = "%(status): All %(count) files are ok";
  defaults.empty_syntax = "%(status): No files found";
  defaults.detail_syntax = "${name}";
  defaults.perf_syntax = "${name}";
  defaults.empty_state = "unknown";
  return Check<File>(OptionTable(), defaults, std::move(k));
}

std::string Run(const std::vector<std::string>& arguments) {
  static const Check<File> check = FileCheck();
  Environment environment;
  environment.now = kNow;
  const auto result =
      check.Run(arguments, environment, [](const Arguments&, Sink<File>& sink) {
        for (const File& file : Files()) sink.Add(file);
        return Status::Ok();
      });
  return sdk::FormatPlain(result);
}

struct Block {
  std::string kind;
  std::vector<std::string> lines;
};

std::vector<Block> ReadBlocks(const std::string& path) {
  std::ifstream file(path);
  REQUIRE(file.is_open());
  std::vector<Block> blocks;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (StartsWith(line, "```")) {
      if (!inside) blocks.push_back({line.substr(3), {}});
      inside = !inside;
    } else if (inside) {
      blocks.back().lines.push_back(line);
    }
  }
  CHECK_FALSE(inside);
  return blocks;
}

void CheckCall(const Block& block) {
  const auto arguments = SplitCommandLine(block.lines.at(0));
  REQUIRE(arguments.ok());
  std::string answer;
  for (size_t i = 1; i < block.lines.size(); ++i) answer += block.lines[i] + "\n";
  std::string given = Run(*arguments);
  if (!EndsWith(given, "\n")) given += "\n";
  CHECK(given == answer);
}

void CheckExpression(const std::string& line) {
  const size_t gap = line.find("  ");
  REQUIRE(gap != std::string::npos);
  const std::string expression = line.substr(0, gap);
  const std::string expected(Trim(line.substr(gap)));
  const std::string given =
      Run({"filter=" + expression, "top-syntax=%(list)", "empty-syntax=nothing"});
  const bool is_refused = StartsWith(given, "Failed to validate filter");
  CHECK((is_refused ? "refused" : given) == expected);
}

TEST_CASE("the page on expressions shows what the engine does") {
  size_t calls = 0;
  size_t expressions = 0;
  for (const Block& block : ReadBlocks(NSCP_DOCS_FOLDER "/checks/expressions.md")) {
    REQUIRE_FALSE(block.lines.empty());
    CAPTURE(block.lines[0]);
    if (block.kind == "call") {
      CheckCall(block);
      ++calls;
    } else if (block.kind == "expression") {
      for (const std::string& line : block.lines) {
        CAPTURE(line);
        CheckExpression(line);
        ++expressions;
      }
    }
  }
  CHECK(calls >= 10);
  CHECK(expressions >= 25);
}

}  // namespace
}  // namespace nscp::checks
