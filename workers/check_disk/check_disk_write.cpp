#include "workers/check_disk/check_disk_write.h"

#include "proto/cpp/text.h"
#include "workers/checks/formats.h"

namespace nscp::check_disk {
namespace {

using checks::Arguments;
using checks::Sink;

std::string Message(const WriteRow& row) {
  if (!row.outcome.issues.empty()) return Join(row.outcome.issues, ", ");
  return "wrote and read back " + std::to_string(row.bytes) + " bytes in " +
         std::to_string(row.outcome.total_ms) + "ms";
}

checks::Keywords<WriteRow> WriteKeywords() {
  checks::Keywords<WriteRow> k;
  k.Text("path", "The test file",
         [](const WriteRow& row) -> std::string_view { return row.path; });
  k.Text("issues", "What went wrong; empty when all went well",
         [](const WriteRow& row) { return Join(row.outcome.issues, ", "); });
  k.Text("message", "What happened, in words", Message);
  k.Size("size", "Bytes that are written and read back", [](const WriteRow& row) {
     return row.bytes;
   }).Perf("B", " size");
  const auto time = [&](const char* name, const char* description,
                        int64_t WriteOutcome::*member) {
    k.Integer(name, description, [member](const WriteRow& row) {
       return row.outcome.*member;
     }).Perf("ms", std::string(" ") + name);
  };
  time("write_time", "Milliseconds for making the file and bringing it to the disk",
       &WriteOutcome::write_ms);
  time("read_time", "Milliseconds for reading it back and comparing it",
       &WriteOutcome::read_ms);
  time("total_time", "Milliseconds for all of it, the removal included",
       &WriteOutcome::total_ms);
  k.Integer("has_issues", "1 when something went wrong", [](const WriteRow& row) {
     return !row.outcome.issues.empty();
   }).NoPerf();
  return k;
}

checks::Check<WriteRow> MakeWriteCheck() {
  checks::OptionTable options;
  options.Text("file", "",
               "File to make for the test.\nIt must not be there yet and is removed "
               "again.");
  options.Text("path", "", "The same as file");
  options.Text("size", "1k", "How much to write, such as 512, 4k or 1M, the most");
  checks::FilterDefaults defaults;
  defaults.critical = {"has_issues = 1"};
  defaults.empty_state = "unknown";
  defaults.top_syntax = "${status}: ${list}";
  defaults.ok_syntax = "%(status): %(list)";
  defaults.empty_syntax = "No write test performed";
  defaults.detail_syntax = "%(path): %(message)";
  defaults.perf_syntax = "%(path)";
  return {std::move(options), defaults, WriteKeywords()};
}

Result<int64_t> SizeOf(const std::string& text) {
  const auto bytes = checks::ParseBytes(text);
  if (!bytes || *bytes < 0) return Status::InvalidArgument("Invalid size: " + text);
  if (*bytes > static_cast<int64_t>(kMaxWriteTest)) {
    return Status::InvalidArgument("Size too large: " + text + " (maximum is 1M)");
  }
  return *bytes;
}

}  // namespace

std::string WriteTestContent(size_t bytes) {
  constexpr std::string_view kText = "nscp check_disk_write may be removed. ";
  std::string content;
  content.reserve(bytes + kText.size());
  while (content.size() < bytes) content += kText;
  content.resize(bytes);
  return content;
}

DiskWriteCheck::DiskWriteCheck() : check_(MakeWriteCheck()) {}

sdk::CheckResult DiskWriteCheck::Run(const std::vector<std::string>& arguments,
                                     const checks::Environment& environment,
                                     const Test& test) const {
  return check_.Run(
      arguments, environment,
      [&](const Arguments& parsed, Sink<WriteRow>& sink) -> Status {
        const std::string& path = parsed.Text(parsed.Given("file") ? "file" : "path");
        if (path.empty()) {
          return Status::InvalidArgument("No file specified (use file=<path>)");
        }
        ASSIGN_OR_RETURN(const int64_t bytes, SizeOf(parsed.Text("size")));
        sink.Add(WriteRow{path, bytes, test(path, static_cast<size_t>(bytes))});
        return Status::Ok();
      });
}

}  // namespace nscp::check_disk
