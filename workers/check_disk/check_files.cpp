#include "workers/check_disk/check_files.h"

#include "proto/cpp/text.h"

namespace nscp::check_disk {
namespace {

using checks::Arguments;
using checks::FilterRequest;
using checks::Sink;

checks::Check<FileRow> MakeFilesCheck(PathStyle style) {
  checks::OptionTable options;
  options.List("path", {},
               "Folder or file to look at; may be given several times.\nAll of them "
               "together are one set of files.");
  options.List("file", {}, "The same as path");
  options.Text("paths", "", "Folders and files to look at, with commas between them");
  options.Text(
      "pattern", "*.*",
      "Pattern of the file names (* ? [a-z]); * and *.* are all names. On Windows "
      "in any case of letters.");
  options
      .Integer("max-depth", -1,
               "How deep to look: 0 and 1 the folder alone, 2 also the folders in it, "
               "-1 all")
      .HideDefault();
  options
      .Text("total", "filter",
            "Add a row with the total of the files that match the filter (filter) or of "
            "all (all)")
      .BareIsDefault();
  options.Bool("ignore-missing",
               "Leave out paths that do not exist.\nNo file at all is then OK.");
  checks::FilterDefaults defaults;
  defaults.empty_state = "unknown";
  defaults.top_syntax = "${status}: ${problem_count}/${count} files (${problem_list})";
  defaults.ok_syntax = "%(status): All %(count) files are ok";
  defaults.empty_syntax = "No files found";
  defaults.detail_syntax = "${name}";
  defaults.perf_syntax = "${name}";
  auto prepare = [](const Arguments& arguments, FilterRequest& request) {
    if (arguments.Flag("ignore-missing") && !arguments.Given("empty-state")) {
      request.empty_state = "ok";
    }
  };
  return {std::move(options), defaults, FileKeywords(style), prepare};
}

checks::Check<FileRow> MakeSingleCheck(PathStyle style) {
  checks::OptionTable options;
  options.Text("file", "", "File to check");
  options.Text("path", "", "The same as file");
  options.Bool("ignore-missing", "A file that does not exist is OK");
  checks::FilterDefaults defaults;
  defaults.empty_state = "ok";
  defaults.top_syntax = "%(status): %(list)";
  defaults.ok_syntax = "%(status): %(filename) is ok";
  defaults.empty_syntax = "No file inspected";
  defaults.detail_syntax = "%(filename) (size=%(size), age=%(age))";
  defaults.perf_syntax = "%(filename)";
  return {std::move(options), defaults, FileKeywords(style)};
}

std::vector<std::string> Starts(const Arguments& arguments) {
  std::vector<std::string> starts = arguments.List("path");
  const auto& files = arguments.List("file");
  starts.insert(starts.end(), files.begin(), files.end());
  for (std::string& path : SplitList(arguments.Text("paths"))) {
    starts.push_back(std::move(path));
  }
  return starts;
}

FileRow MakeFileRow(FoundFile&& file, const checks::Environment& environment,
                    bool content) {
  FileRow row;
  row.name = std::move(file.name);
  row.folder = std::move(file.folder);
  row.facts = file.facts;
  row.now = environment.now;
  if (content) {
    row.content = std::make_unique<FileContent>(JoinPath(*row.folder, row.name),
                                                environment.cancelled);
  }
  return row;
}

// One run: walks the paths and hands the files to the filter.
class FilesRun {
 public:
  FilesRun(const Arguments& arguments, const checks::Environment& environment,
           const FileTree& tree, Sink<FileRow>& sink)
      : arguments_(arguments),
        environment_(environment),
        tree_(tree),
        sink_(sink),
        needs_(NeedsOf(sink)),
        with_total_(arguments.Given("total")),
        all_in_total_(arguments.Text("total") == "all") {}

  Status Collect();

 private:
  WalkWish Wish() const;
  bool Add(FoundFile&& file);
  void AddTotal();

  const Arguments& arguments_;
  const checks::Environment& environment_;
  const FileTree& tree_;
  Sink<FileRow>& sink_;
  const FileNeeds needs_;
  const bool with_total_;
  const bool all_in_total_;
  FileSums sums_;
};

WalkWish FilesRun::Wish() const {
  WalkWish wish;
  wish.pattern = arguments_.Text("pattern");
  wish.max_depth = arguments_.Integer("max-depth");
  wish.facts = needs_.facts;
  wish.cancelled = environment_.cancelled;
  wish.complain = [this](const std::string& text) {
    environment_.Write(sdk::LogLevel::kWarning, text);
  };
  return wish;
}

bool FilesRun::Add(FoundFile&& file) {
  const uint64_t size = file.facts.size;
  const size_t before = sink_.count();
  const bool more = sink_.Add(MakeFileRow(std::move(file), environment_, needs_.content));
  if (with_total_ && (all_in_total_ || sink_.count() > before)) sums_.Add(size);
  return more;
}

void FilesRun::AddTotal() {
  FileRow row;
  row.name = "total";
  row.now = environment_.now;
  row.facts.size = sums_.bytes;
  row.facts.written = row.facts.accessed = row.facts.created = environment_.now;
  row.sums = std::make_unique<FileSums>(sums_);
  sink_.Add(std::move(row));
}

Status FilesRun::Collect() {
  const std::vector<std::string> starts = Starts(arguments_);
  if (starts.empty()) return Status::InvalidArgument("No path specified");
  const WalkWish wish = Wish();
  std::vector<std::string> missing;
  bool more = true;
  for (size_t i = 0; i < starts.size() && more; ++i) {
    ASSIGN_OR_RETURN(const WalkOutcome outcome,
                     tree_.Walk(starts[i], wish, [&](FoundFile&& file) {
                       return more = Add(std::move(file));
                     }));
    sums_.folders += outcome.folders;
    if (outcome.missing) missing.push_back(starts[i]);
  }
  if (!missing.empty() && !arguments_.Flag("ignore-missing")) {
    return Status::NotFound("Path was not found: " + Join(missing, ", "));
  }
  if (with_total_ && more) AddTotal();
  return Status::Ok();
}

}  // namespace

FilesCheck::FilesCheck(PathStyle style) : check_(MakeFilesCheck(style)) {}

sdk::CheckResult FilesCheck::Run(const std::vector<std::string>& arguments,
                                 const checks::Environment& environment,
                                 const FileTree& tree) const {
  return check_.Run(arguments, environment,
                    [&](const Arguments& parsed, Sink<FileRow>& sink) {
                      return FilesRun(parsed, environment, tree, sink).Collect();
                    });
}

SingleFileCheck::SingleFileCheck(PathStyle style) : check_(MakeSingleCheck(style)) {}

sdk::CheckResult SingleFileCheck::Run(const std::vector<std::string>& arguments,
                                      const checks::Environment& environment,
                                      const FileTree& tree) const {
  checks::OptionTable::Outcome outcome = check_.options().Parse(arguments);
  if (auto* answer = std::get_if<sdk::CheckResult>(&outcome)) return std::move(*answer);
  const auto& parsed = std::get<Arguments>(outcome);
  const std::string& path = parsed.Text(parsed.Given("file") ? "file" : "path");
  if (path.empty()) {
    return sdk::CheckResult::Unknown("No file specified (use file=<path>)");
  }
  const auto file = tree.Look(path);
  const bool found = file.ok() && !file->facts.is_folder;
  if (!found && parsed.Flag("ignore-missing")) {
    return sdk::CheckResult::Of(sdk::State::kOk, "File not found (ignored): " + path);
  }
  if (!found) return sdk::CheckResult::Unknown("File not found: " + path);
  return check_.RunParsed(
      parsed, environment, [&](const Arguments&, Sink<FileRow>& sink) -> Status {
        sink.Add(MakeFileRow(FoundFile(*file), environment, NeedsOf(sink).content));
        return Status::Ok();
      });
}

}  // namespace nscp::check_disk
