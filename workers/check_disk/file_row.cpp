#include "workers/check_disk/file_row.h"

#include <algorithm>

#include "proto/cpp/text.h"
#include "workers/check_disk/file_origin.h"
#include "workers/checks/time_zone.h"

namespace nscp::check_disk {
namespace {

using checks::Literal;
using checks::Value;

constexpr int64_t kFile = 1;
constexpr int64_t kFolder = 2;

constexpr struct {
  Checksum kind;
  const char* keyword;
  const char* description;
} kChecksumKeywords[] = {
    {Checksum::kMd5, "md5_checksum", "MD5 of the content"},
    {Checksum::kSha1, "sha1_checksum", "SHA-1 of the content"},
    {Checksum::kSha256, "sha256_checksum", "SHA-256 of the content"},
    {Checksum::kSha384, "sha384_checksum", "SHA-384 of the content"},
    {Checksum::kSha512, "sha512_checksum", "SHA-512 of the content"},
};

constexpr struct {
  const char* name;
  const char* description;
  int64_t FileFacts::*member;
} kTimes[] = {
    {"access", "When the file was last read", &FileFacts::accessed},
    {"creation", "When the file was made", &FileFacts::created},
    {"written", "When the file was last written", &FileFacts::written},
};

std::string Utc(int64_t seconds) {
  return checks::TimeZone::Parse("utc")->Format(seconds);
}
std::string Local(int64_t seconds) { return checks::TimeZone().Format(seconds); }

std::string_view Extension(const FileRow& row) {
  const size_t dot = row.name.rfind('.');
  if (dot == std::string::npos) return "";
  return std::string_view(row.name).substr(dot + 1);
}

Result<Value> ReadFileType(const Literal& literal, const FileRow*) {
  if (EqualsIgnoreCase(literal.text, "file")) return Value::Integer(kFile);
  if (EqualsIgnoreCase(literal.text, "dir")) return Value::Integer(kFolder);
  if (literal.kind == Literal::Kind::kInteger) return Value::Integer(literal.integer);
  return Status::InvalidArgument("There is no type of file \"" + literal.text +
                                 "\" (there are file and dir)");
}

void AddFileNames(checks::Keywords<FileRow>& k) {
  for (const char* name : {"name", "filename", "file"}) {
    k.Text(name, "Name of the file",
           [](const FileRow& row) -> std::string_view { return row.name; });
  }
  k.Text("path", "Folder of the file", [](const FileRow& row) -> std::string_view {
    return row.folder == nullptr ? std::string_view() : *row.folder;
  });
  k.Text("extension", "What stands behind the last dot of the name", Extension);
  k.Text("version", "Version of a Windows program (empty elsewhere)",
         [](const FileRow& row) -> std::string_view {
           return row.content == nullptr ? "" : std::string_view(row.content->Version());
         });
}

void AddOfWindows(checks::Keywords<FileRow>& k) {
  k.Text("attributes",
         "Attributes in words: readonly, hidden, system, archive, temporary, sparse, "
         "reparse, compressed, offline, unindexed, encrypted",
         [](const FileRow& row) { return AttributesText(row.facts.attributes); });
  k.Text("owner", "Account that owns the file, such as BUILTIN\\Administrators",
         [](const FileRow& row) -> std::string_view {
           return row.content == nullptr ? "" : std::string_view(row.content->Owner());
         });
}

void AddTimes(checks::Keywords<FileRow>& k) {
  auto date = [&](const char* name, const char* description, int64_t FileFacts::*member) {
    k.Date(name, description, [member](const FileRow& row) {
       return row.facts.*member;
     }).Human([member](const FileRow& row) { return Utc(row.facts.*member); });
  };
  for (const auto& time : kTimes) {
    const auto member = time.member;
    const std::string name = time.name;
    const std::string description = time.description;
    date(time.name, time.description, member);
    k.Text(name + "_l", description + " (local time)",
           [member](const FileRow& row) { return Local(row.facts.*member); });
    k.Text(name + "_u", description + " (UTC)",
           [member](const FileRow& row) { return Utc(row.facts.*member); });
  }
  date("write", "The same as written", &FileFacts::written);
  k.Duration("age", "Seconds since the file was last written",
             [](const FileRow& row) { return row.now - row.facts.written; });
}

void AddContent(checks::Keywords<FileRow>& k) {
  k.Integer("line_count", "Number of lines", [](const FileRow& row) {
    return row.content == nullptr ? 0 : row.content->LineCount();
  });
  for (const auto& sum : kChecksumKeywords) {
    k.Text(sum.keyword, sum.description,
           [kind = sum.kind](const FileRow& row) -> std::string_view {
             return row.content == nullptr ? ""
                                           : std::string_view(row.content->Sum(kind));
           });
  }
}

void AddTotals(checks::Keywords<FileRow>& k) {
  auto of_total = [](auto get) {
    return [get](const FileRow& row) -> std::optional<uint64_t> {
      if (row.sums == nullptr) return std::nullopt;
      return get(*row.sums);
    };
  };
  k.Size("smallest_size", "Size of the smallest file of a total",
         of_total([](const FileSums& sums) { return sums.smallest; }))
      .PerfBytes(" smallest");
  k.Size("largest_size", "Size of the largest file of a total",
         of_total([](const FileSums& sums) { return sums.largest; }))
      .PerfBytes(" largest");
  k.Size("average_size", "Mean size of the files of a total",
         of_total([](const FileSums& sums) { return sums.average(); }))
      .PerfBytes(" average");
  k.Integer(
       "folder_count", "Folders below the start of a total",
       of_total([](const FileSums& sums) { return static_cast<uint64_t>(sums.folders); }))
      .Perf("", " folders");
  k.Integer("total", "1 for the row of the total", [](const FileRow& row) {
     return row.sums != nullptr;
   }).NoPerf();
}

}  // namespace

void FileSums::Add(uint64_t size) {
  smallest = files == 0 ? size : std::min(smallest, size);
  largest = std::max(largest, size);
  bytes += size;
  ++files;
}

checks::Keywords<FileRow> FileKeywords(PathStyle style) {
  checks::Keywords<FileRow> k;
  AddFileNames(k);
  k.Size("size", "Size of the file in bytes", [](const FileRow& row) {
     return row.facts.size;
   }).PerfBytes(" size");
  AddTimes(k);
  k.Integer("type", "Type: file or dir",
            [](const FileRow& row) { return row.facts.is_folder ? kFolder : kFile; })
      .Convert(ReadFileType)
      .Human([](const FileRow& row) { return row.facts.is_folder ? "dir" : "file"; });
  AddContent(k);
  AddTotals(k);
  if (style == PathStyle::kWindows) AddOfWindows(k);
  return k;
}

FileNeeds NeedsOf(const checks::Sink<FileRow>& sink) {
  FileNeeds needs;
  needs.facts = sink.Uses("attributes") || sink.Uses("size") || sink.Uses("age") ||
                sink.Uses("write");
  for (const auto& time : kTimes) {
    const std::string name = time.name;
    needs.facts = needs.facts || sink.Uses(name) || sink.Uses(name + "_l") ||
                  sink.Uses(name + "_u");
  }
  for (const char* keyword : {"smallest_size", "largest_size", "average_size"}) {
    needs.facts = needs.facts || sink.Uses(keyword);
  }
  needs.content = sink.Uses("line_count") || sink.Uses("version") || sink.Uses("owner");
  for (const auto& sum : kChecksumKeywords) {
    needs.content = needs.content || sink.Uses(sum.keyword);
  }
  return needs;
}

}  // namespace nscp::check_disk
