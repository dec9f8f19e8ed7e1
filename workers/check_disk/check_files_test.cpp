#include "workers/check_disk/check_files.h"

#include <doctest/doctest.h>

#include "workers/check_disk/glob.h"

namespace nscp::check_disk {
namespace {

using sdk::State;
using Words = std::vector<std::string>;

constexpr int64_t kNow = 1704441600;  // 2024-01-05 08:00:00 UTC

TEST_CASE("patterns match names as fnmatch does") {
  const struct {
    const char* pattern;
    const char* name;
    bool matches;
  } rows[] = {
      {"*.*", "Makefile", true},  {"*", "", true},           {"", "any", true},
      {"*.log", "a.log", true},   {"*.log", ".log", true},   {"*.log", "a.log.1", false},
      {"a*b*c", "a-b-b-c", true}, {"a*b*c", "a-c-b", false}, {"?", "x", true},
      {"?", "xy", false},         {"?", "\xff", true},       {"[a-c]x", "bx", true},
      {"[a-c]x", "dx", false},    {"[!a-c]x", "dx", true},   {"[^a]", "a", false},
      {"[]]", "]", true},         {"[a-]", "-", true},       {"[\\]]", "]", true},
      {"[abc", "[abc", true},     {"\\*", "*", true},        {"\\*", "x", false},
      {"*.LOG", "a.log", false},  {"**a**", "bab", true},    {"a", "", false},
      {"x\\", "x\\", true},       {"[z-a]", "m", false},
  };
  for (const auto& row : rows) {
    CAPTURE(row.pattern);
    CAPTURE(row.name);
    CHECK(MatchesPattern(row.pattern, row.name) == row.matches);
  }
  // No pattern takes long, however often it backtracks.
  const std::string stars = "*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b";
  CHECK_FALSE(MatchesPattern(stars, std::string(10000, 'a')));
}

TEST_CASE("a path is parted and joined") {
  CHECK(SplitPath("/etc/passwd").folder == "/etc");
  CHECK(SplitPath("/etc/passwd").name == "passwd");
  CHECK(SplitPath("/vmlinuz").folder == "/");
  CHECK(SplitPath("here").folder == ".");
  CHECK(SplitPath("/a/b//").name == "b");
  CHECK(JoinPath("/", "a") == "/a");
  CHECK(JoinPath("/a", "b") == "/a/b");
}

// Files from a table: five in /data, one of them in a folder below.
class FakeTree final : public FileTree {
 public:
  Result<WalkOutcome> Walk(const std::string& start, const WalkWish& wish,
                           const std::function<bool(FoundFile&&)>& visit) const override {
    last = wish;
    WalkOutcome outcome;
    outcome.missing = start != "/data" && start != "/empty";
    if (start != "/data") return outcome;
    const auto folder = std::make_shared<const std::string>("/data");
    const struct {
      const char* name;
      uint64_t size;
      int64_t age;
    } rows[] = {{"a.log", 1500, 60},
                {"b.tar.gz", 5 << 20, 7200},
                {"c\xff.log", 30 << 20, 90000},
                {"noext", 0, 10}};
    for (const auto& row : rows) {
      if (!MatchesPattern(wish.pattern, row.name)) continue;
      FileFacts facts;
      if (wish.facts) facts = {row.size, kNow - row.age, kNow - 5, kNow - 100000, false};
      if (!visit({row.name, folder, facts})) return outcome;
    }
    outcome.folders = 2;
    return outcome;
  }
  Result<FoundFile> Look(const std::string& path) const override {
    const auto etc = std::make_shared<const std::string>("/etc");
    if (path == "/data") return FoundFile{"data", etc, {0, 0, 0, 0, true}};
    if (path != "/etc/passwd") return Status::NotFound("none");
    return FoundFile{"passwd", etc, {1536, kNow - 86400, kNow - 3, kNow - 90000, false}};
  }
  mutable WalkWish last;
};

template <class Which>
sdk::CheckResult RunCheck(const Words& arguments, const FakeTree& tree = {}) {
  checks::Environment environment;
  environment.now = kNow;
  return Which(PathStyle::kPosix).Run(arguments, environment, tree);
}

TEST_CASE("check_files lists, sums and judges files") {
  const struct {
    Words arguments;
    State state;
    const char* text;
  } rows[] = {
      {{"path=/data"}, State::kOk, "OK: All 4 files are ok"},
      {{"path=/data", "pattern=a.log", "warn=size > 1M", "crit=size > 10M"},
       State::kOk,
       "OK: All 1 files are ok|'a.log size'=0.00143MB;1;10"},
      {{"path=/data", "warn=size > 1M", "crit=size > 10M", "perf-syntax=none"},
       State::kCritical,
       "CRITICAL: 2/4 files (b.tar.gz, c\xff.log)"},
      {{"path=/data", "crit=count > 3"},
       State::kCritical,
       "CRITICAL: 0/4 files (a.log, b.tar.gz, c\xff.log, noext)|'count'=4;0;3"},
      {{"path=/does/not/exist"}, State::kUnknown, "Path was not found: /does/not/exist"},
      {{"paths=/x, /data,/y", "pattern=*.log"},
       State::kUnknown,
       "Path was not found: /x, /y"},
      {{"path=/x", "file=/data", "ignore-missing"}, State::kOk, "OK: All 4 files are ok"},
      {{"path=/x", "ignore-missing"}, State::kOk, "No files found"},
      {{"path=/empty"}, State::kUnknown, "No files found"},
      {{"path=/data", "pattern=*.nomatch", "empty-state=ok"},
       State::kOk,
       "No files found"},
      {{}, State::kUnknown, "No path specified"},
      {{"path=/data", "filter=age > 1h and extension = 'gz'", "warn=age > 1h",
        "detail-syntax=%(name) %(age) %(written) %(written_u) %(path) %(type)%(version)"},
       State::kWarning,
       "WARNING: 1/1 files (b.tar.gz 7200 2024-01-05 06:00:00 2024-01-05 06:00:00 /data "
       "file)|'b.tar.gz_age'=7200;3600;0"},
      {{"path=/data", "pattern=a*", "top-syntax=%(list)",
        "detail-syntax=%(file) %(access) %(creation_u) %(total) %(line_count)"},
       State::kOk,
       "a.log 2024-01-05 07:59:55 2024-01-04 04:13:20 0 0"},
      {{"path=/data", "filter=written > -2m"}, State::kOk, "OK: All 2 files are ok"},
      {{"path=/data", "filter=type = 'dir'"}, State::kUnknown, "No files found"},
      {{"path=/data", "filter=size > 1k and extension != 'gz'", "total",
        "warn=size > 20m", "crit=none", "perf-config=size(unit:M)"},
       State::kWarning,
       "WARNING: 2/3 files (c\xff.log, total)|'a.log size'=0.00143M;20;0 'c\xff.log "
       "size'=30M;20;0 'total size'=30.00143M;20;0"},
      {{"path=/data", "filter=total = 1", "total=all", "top-syntax=%(list)",
        "warn=largest_size > 1g", "crit=folder_count > 5",
        "detail-syntax=%(name) %(size) %(smallest_size) %(largest_size) %(average_size) "
        "%(folder_count)"},
       State::kOk,
       "total 36701660 0 31457280 9175415 2|'total folders'=2;0;5 'total "
       "largest'=0.02929GB;1;0"},
      {{"path=/data", "max-depth=x"},
       State::kUnknown,
       "Invalid command line: the argument ('x') for option '--max-depth' is invalid"},
      {{"pat=*.log"},
       State::kUnknown,
       "Invalid command line: option 'pat=*.log' is ambiguous and matches '--path', "
       "'--paths', and '--pattern'"},
  };
  for (const auto& row : rows) {
    const auto result = RunCheck<FilesCheck>(row.arguments);
    const std::string text = sdk::FormatPlain(result);
    CHECK(text.substr(0, text.find('\n')) == row.text);
    CHECK(result.state == row.state);
  }
  const std::string defaults = RunCheck<FilesCheck>({"show-default"}).lines[0].message;
  CHECK(defaults.find("\"total=filter\"") != std::string::npos);
  CHECK(defaults.find("\"pattern=*.*\"") != std::string::npos);
}

TEST_CASE("facts of files are read only when somebody looks at them") {
  const struct {
    Words arguments;
    bool facts;
  } rows[] = {
      {{"path=/data"}, false},
      {{"path=/data", "crit=count > 5", "total"}, false},
      {{"path=/data", "filter=name like 'x'", "detail-syntax=%(path)/%(extension)"},
       false},
      {{"path=/data", "warn=size > 1g"}, true},
      {{"path=/data", "detail-syntax=%(written_l)"}, true},
      {{"path=/data", "filter=creation < -1d"}, true},
      {{"path=/data", "total", "warn=average_size > 1g"}, true},
  };
  for (const auto& row : rows) {
    const FakeTree tree;
    RunCheck<FilesCheck>(row.arguments, tree);
    CHECK(tree.last.facts == row.facts);
  }
}

TEST_CASE("check_single_file looks at one file") {
  const struct {
    Words arguments;
    State state;
    const char* text;
  } rows[] = {
      {{"file=/etc/passwd"}, State::kOk, "OK: passwd (size=1536, age=86400)"},
      {{"path=/etc/passwd", "warn=age > 1h", "crit=size > 2k"},
       State::kWarning,
       "WARNING: passwd (size=1536, age=86400)|'passwd_age'=86400;3600;0 'passwd "
       "size'=1.5KB;0;2"},
      {{"file=/etc/passwd", "filter=size > 1m"}, State::kOk, "No file inspected"},
      {{}, State::kUnknown, "No file specified (use file=<path>)"},
      {{"file=/etc/none"}, State::kUnknown, "File not found: /etc/none"},
      {{"file=/data"}, State::kUnknown, "File not found: /data"},
      {{"file=/etc/none", "ignore-missing"},
       State::kOk,
       "File not found (ignored): /etc/none"},
  };
  for (const auto& row : rows) {
    const auto result = RunCheck<SingleFileCheck>(row.arguments);
    CHECK(sdk::FormatPlain(result) == row.text);
    CHECK(result.state == row.state);
  }
}

}  // namespace
}  // namespace nscp::check_disk
