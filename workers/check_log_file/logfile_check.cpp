#include "workers/check_log_file/logfile_check.h"

#include <algorithm>

#include "proto/cpp/text.h"
#include "workers/check_log_file/lines.h"

namespace nscp::check_log_file {
namespace {

using checks::Arguments;
using checks::Sink;

constexpr char kAutomatic[] = "auto";

checks::Check<LogRow> MakeLogfileCheck() {
  checks::OptionTable options;
  options.List("file", {},
               "File to read; may be given several times.\nThe lines of all of them are "
               "one set.");
  options.Text("files", "", "Files to read, with commas between them");
  options.Text("line-split", "\\n", "What ends a line (\\n and \\t are decoded)");
  options.Text("column-split", "\\t",
               "What stands between two columns (\\n and \\t are decoded)");
  options.Text("split", "", "The same as column-split");
  options
      .Text(
          "bookmark", kAutomatic,
          "Look only at what is new since the last check with this bookmark.\nWithout a "
          "name each way of calling the check has one of its own.")
      .BareIsDefault();
  options.Integer("max-lines", 0,
                  "Look only at so many of the newest lines of each file");
  options.Text("newest", "last",
               "Where the newest lines stand: last, or first in a file that is written "
               "from the top");
  checks::FilterDefaults defaults;
  defaults.top_syntax = "${count}/${total} (${problem_list})";
  defaults.empty_syntax = "%(status): Nothing found";
  defaults.detail_syntax = "${column1}";
  defaults.perf_syntax = "${column1}";
  return {std::move(options), defaults, LogKeywords()};
}

std::string Decode(std::string text) {
  return ReplaceAll(ReplaceAll(text, "\\t", "\t"), "\\n", "\n");
}

struct Wish {
  std::vector<std::string> files;
  std::string line_split;
  std::shared_ptr<const std::string> column_split;
  uint64_t max_lines = 0;
  bool newest_first = false;
  std::string bookmark;  // empty without one
};

// Calls that differ in anything but their files have bookmarks of their own.
std::string AutomaticName(const std::vector<std::string>& arguments) {
  std::string text;
  for (const std::string& argument : arguments) {
    if (StartsWith(argument, "file") || StartsWith(argument, "--file")) continue;
    text += argument + '\n';
  }
  return std::string(kAutomatic) + "-" + ToHex(Fnv1a(text));
}

Status ReadBookmark(const Arguments& parsed, const std::vector<std::string>& arguments,
                    Wish& wish) {
  if (!parsed.Given("bookmark")) return Status::Ok();
  const std::string& name = parsed.Text("bookmark");
  wish.bookmark = name.empty() || name == kAutomatic ? AutomaticName(arguments) : name;
  if (wish.bookmark.size() > kMaxBookmarkName) {
    return Status::InvalidArgument("The name of the bookmark is longer than " +
                                   std::to_string(kMaxBookmarkName) + " characters");
  }
  if (!wish.newest_first) return Status::Ok();
  return Status::InvalidArgument(
      "newest=first cannot be combined with bookmark: a file which is rewritten from the "
      "top has no position to resume from");
}

Result<Wish> ReadWish(const Arguments& parsed,
                      const std::vector<std::string>& arguments) {
  Wish wish;
  wish.files = parsed.List("file");
  for (std::string& file : SplitList(parsed.Text("files"))) {
    wish.files.push_back(std::move(file));
  }
  wish.line_split = Decode(parsed.Text("line-split"));
  const std::string columns =
      Decode(parsed.Text(parsed.Given("split") ? "split" : "column-split"));
  if (columns.empty()) return Status::InvalidArgument("No column-split specified");
  if (wish.line_split.empty()) return Status::InvalidArgument("No line-split specified");
  if (std::max(columns.size(), wish.line_split.size()) > kMaxSeparator) {
    return Status::InvalidArgument("line-split and column-split have at most " +
                                   std::to_string(kMaxSeparator) + " characters");
  }
  if (wish.files.empty()) {
    return Status::InvalidArgument("Need to specify at least one file: file=foo.txt");
  }
  wish.column_split = std::make_shared<const std::string>(columns);
  wish.max_lines =
      static_cast<uint64_t>(std::max<int64_t>(parsed.Integer("max-lines"), 0));
  const std::string& newest = parsed.Text("newest");
  if (newest != "last" && newest != "first") {
    return Status::InvalidArgument("Invalid newest: " + newest +
                                   " (expected first or last)");
  }
  wish.newest_first = newest == "first";
  RETURN_IF_ERROR(ReadBookmark(parsed, arguments, wish));
  return wish;
}

// One run: reads the files and hands their lines to the filter.
class LogfileRun {
 public:
  LogfileRun(Wish wish, const checks::Environment& environment,
             const LogfileCheck::Open& open, Bookmarks& bookmarks, Sink<LogRow>& sink)
      : wish_(std::move(wish)),
        environment_(environment),
        open_(open),
        bookmarks_(bookmarks),
        sink_(sink) {}

  Status Collect();
  const std::string& bookmark() const { return wish_.bookmark; }
  // Where the files that were read were read to.
  const Bookmarks::Positions& positions() const { return positions_; }

 private:
  Status ReadFile(const std::string& path);
  Result<LineRange> RangeOf(const std::string& path, const LogFile& file,
                            uint64_t size) const;
  bool Take(const Line& line);
  void TellCut(const std::string& path, size_t cut) const;

  const Wish wish_;
  const checks::Environment& environment_;
  const LogfileCheck::Open& open_;
  Bookmarks& bookmarks_;
  Sink<LogRow>& sink_;
  LogRow row_;  // used again for each line
  uint64_t lines_ = 0;
  size_t matched_bytes_ = 0;
  bool done_ = false;
  Status failed_;
  Bookmarks::Positions positions_;
};

// What of the file this call looks at.
Result<LineRange> LogfileRun::RangeOf(const std::string& path, const LogFile& file,
                                      uint64_t size) const {
  LineRange range{0, size};
  const auto& cancelled = environment_.cancelled;
  if (!wish_.bookmark.empty()) {
    const Position position = bookmarks_.Find(wish_.bookmark, path);
    ASSIGN_OR_RETURN(range.from, ResumeAt(position, file, size));
    if (range.from < position.offset) {
      environment_.Write(sdk::LogLevel::kInfo,
                         path +
                             " was cut short or replaced: reading it from its "
                             "beginning");
    }
  }
  if (wish_.max_lines == 0 || wish_.newest_first) return range;
  uint64_t count = wish_.max_lines;
  if (!wish_.bookmark.empty()) {
    // The last line is held back while it has no end, so it is not one of the newest.
    std::string end(wish_.line_split.size(), '\0');
    const bool has_end = size >= end.size();
    const auto got = has_end ? file.ReadAt(size - end.size(), end.data(), end.size())
                             : Result<size_t>(size_t{0});
    RETURN_IF_ERROR(got.status());
    if (end != wish_.line_split) ++count;
  }
  ASSIGN_OR_RETURN(range.from,
                   StartOfLast(file, range, wish_.line_split, count, cancelled));
  return range;
}

bool LogfileRun::Take(const Line& line) {
  if (!line.complete && !wish_.bookmark.empty()) return false;
  row_.line.assign(line.text);
  const size_t before = sink_.count();
  done_ = !sink_.Add(static_cast<const LogRow&>(row_));
  if (sink_.count() > before) matched_bytes_ += row_.line.size();
  if (matched_bytes_ > kMaxMatchedBytes) {
    failed_ =
        Status::ResourceExhausted("The lines that match have more than " +
                                  std::to_string(kMaxMatchedBytes / 1024 / 1024) +
                                  " MiB: use a narrower filter, a bookmark or max-lines");
    done_ = true;
  }
  ++lines_;
  const bool enough =
      wish_.newest_first && wish_.max_lines > 0 && lines_ >= wish_.max_lines;
  return !done_ && !enough;
}

void LogfileRun::TellCut(const std::string& path, size_t cut) const {
  if (cut == 0) return;
  environment_.Write(sdk::LogLevel::kWarning,
                     path + ": lines longer than " + std::to_string(kMaxLine / 1024) +
                         " KiB were cut there: " + std::to_string(cut) +
                         ". Is line-split right?");
}

Status LogfileRun::ReadFile(const std::string& path) {
  const auto file = open_(path);
  if (!file.ok()) {
    environment_.Write(sdk::LogLevel::kError, file.status().message());
    const bool odd = file.status().code() == Code::kFailedPrecondition;
    return Status::NotFound("Failed to open file: " + path +
                            (odd ? " (it is no plain file)" : ""));
  }
  ASSIGN_OR_RETURN(const FileState state, (*file)->State());
  ASSIGN_OR_RETURN(const LineRange range, RangeOf(path, **file, state.size));
  row_.file = std::make_shared<const std::string>(path);
  row_.separator = wish_.column_split;
  lines_ = 0;
  ASSIGN_OR_RETURN(const LinesRead read,
                   ReadLines(**file, range, wish_.line_split, environment_.cancelled,
                             [this](const Line& line) { return Take(line); }));
  TellCut(path, read.cut);
  if (wish_.bookmark.empty()) return Status::Ok();
  ASSIGN_OR_RETURN(const Position position, MakePosition(**file, state.size, read.next));
  positions_.emplace_back(path, position);
  return Status::Ok();
}

Status LogfileRun::Collect() {
  for (const std::string& path : wish_.files) {
    RETURN_IF_ERROR(ReadFile(path));
    if (done_) break;
  }
  return failed_;
}

}  // namespace

LogfileCheck::LogfileCheck() : check_(MakeLogfileCheck()) {}

sdk::CheckResult LogfileCheck::Run(const std::vector<std::string>& arguments,
                                   const checks::Environment& environment,
                                   const Open& open, Bookmarks& bookmarks) const {
  std::string name;
  Bookmarks::Positions positions;
  sdk::CheckResult result = check_.Run(
      arguments, environment, [&](const Arguments& parsed, Sink<LogRow>& sink) -> Status {
        ASSIGN_OR_RETURN(Wish wish, ReadWish(parsed, arguments));
        LogfileRun run(std::move(wish), environment, open, bookmarks, sink);
        const Status collected = run.Collect();
        name = run.bookmark();
        // After too many lines the next check reads on behind them; after any other
        // failure nobody was told of the lines.
        if (collected.ok() || collected.code() == Code::kResourceExhausted) {
          positions = run.positions();
        }
        return collected;
      });
  // Lines whose answer nobody gets are not old yet.
  const bool read_on = environment.cancelled && environment.cancelled();
  if (read_on || positions.empty()) return result;
  const Status saved = bookmarks.Save(name, positions);
  if (!saved.ok()) {
    environment.Write(sdk::LogLevel::kError,
                      "Failed to keep the bookmark " + name + ": " + saved.message());
  }
  return result;
}

}  // namespace nscp::check_log_file
