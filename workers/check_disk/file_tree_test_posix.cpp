#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "tests/unit/temp_folder.h"
#include "workers/check_disk/file_content.h"
#include "workers/check_disk/file_tree.h"

namespace nscp::check_disk {
namespace {

using testing::TempFolder;

struct Walked {
  std::vector<std::string> names;  // sorted, below the start
  WalkOutcome outcome;
};

Walked Walk(const TempFolder& folder, WalkWish wish) {
  Walked walked;
  const auto outcome = MakeFileTree()->Walk(folder.path(), wish, [&](FoundFile&& file) {
    const std::string path = JoinPath(*file.folder, file.name);
    walked.names.push_back(path.substr(folder.path().size() + 1));
    return true;
  });
  REQUIRE(outcome.ok());
  walked.outcome = *outcome;
  std::sort(walked.names.begin(), walked.names.end());
  return walked;
}

using Names = std::vector<std::string>;

TEST_CASE("a tree is walked as deep as wished, without following links") {
  const TempFolder folder;
  folder.Write("top.log", "1");
  folder.Write("a/one.log", "1");
  folder.Write("a/b/two.txt", "1");
  folder.Write("a/b/c/\xff\xfe.log", "1");
  REQUIRE(::symlink("..", folder.File("a/loop").c_str()) == 0);
  REQUIRE(::symlink("top.log", folder.File("link.log").c_str()) == 0);
  REQUIRE(::symlink("nowhere", folder.File("broken.log").c_str()) == 0);
  REQUIRE(::mkfifo(folder.File("pipe").c_str(), 0600) == 0);
  const struct {
    const char* pattern;
    int64_t max_depth;
    Names names;
    int64_t folders;
  } rows[] = {
      {"*", -1, {"a/b/c/\xff\xfe.log", "a/b/two.txt", "a/one.log", "pipe", "top.log"}, 3},
      {"*.log", -1, {"a/b/c/\xff\xfe.log", "a/one.log", "top.log"}, 3},
      {"*", 0, {"pipe", "top.log"}, 0},
      {"*", 1, {"pipe", "top.log"}, 0},
      {"*", 2, {"a/one.log", "pipe", "top.log"}, 1},
      {"*.txt", 3, {"a/b/two.txt"}, 2},
  };
  for (const auto& row : rows) {
    CAPTURE(row.max_depth);
    WalkWish wish;
    wish.pattern = row.pattern;
    wish.max_depth = row.max_depth;
    const Walked walked = Walk(folder, wish);
    CHECK(walked.names == row.names);
    CHECK(walked.outcome.folders == row.folders);
  }
}

TEST_CASE("the facts of a file are those of the system") {
  const TempFolder folder;
  const std::string path = folder.Write("file", "12345");
  const timespec times[2] = {{1000, 0}, {2000, 0}};
  REQUIRE(::utimensat(AT_FDCWD, path.c_str(), times, 0) == 0);
  const auto facts = MakeFileTree()->Look(path);
  REQUIRE(facts.ok());
  CHECK(facts->facts.size == 5);
  CHECK(facts->facts.accessed == 1000);
  CHECK(facts->facts.written == 2000);
  CHECK(facts->facts.created > 2000);
  CHECK_FALSE(facts->facts.is_folder);
  CHECK(MakeFileTree()->Look(folder.path())->facts.is_folder);
  CHECK(MakeFileTree()->Look(folder.File("none")).status().code() == Code::kNotFound);

  for (const bool wanted : {true, false}) {
    WalkWish wish;
    wish.facts = wanted;
    std::vector<FoundFile> found;
    REQUIRE(MakeFileTree()
                ->Walk(path, wish,
                       [&](FoundFile&& file) {
                         found.push_back(std::move(file));
                         return true;
                       })
                .ok());
    REQUIRE(found.size() == 1);
    CHECK(found[0].name == "file");
    CHECK(*found[0].folder == folder.path());
    CHECK(found[0].facts.size == 5);
  }
}

TEST_CASE("a walk tells what is missing and what it may not read, and goes on") {
  const TempFolder folder;
  folder.Write("open/file", "1");
  folder.Write("closed/file", "1");
  const auto missing =
      MakeFileTree()->Walk(folder.File("none"), {}, [](FoundFile&&) { return true; });
  REQUIRE(missing.ok());
  CHECK(missing->missing);
  if (::geteuid() == 0) return;  // nothing is closed to root
  REQUIRE(::chmod(folder.File("closed").c_str(), 0) == 0);
  WalkWish wish;
  Names complaints;
  wish.complain = [&](const std::string& text) { complaints.push_back(text); };
  CHECK(Walk(folder, wish).names == Names{"open/file"});
  CHECK(complaints == Names{"Failed to read the folder " + folder.File("closed") +
                            ": Permission denied"});
  REQUIRE(::chmod(folder.File("closed").c_str(), 0700) == 0);
}

TEST_CASE("a walk ends when nobody waits or nothing more is wanted") {
  const TempFolder folder;
  for (int i = 0; i < 600; ++i) folder.Write("f" + std::to_string(i), "");
  int seen = 0;
  WalkWish wish;
  wish.cancelled = [&] { return seen > 0; };
  const auto stopped =
      MakeFileTree()->Walk(folder.path(), wish, [&](FoundFile&&) { return ++seen > 0; });
  CHECK(stopped.status().code() == Code::kCancelled);
  CHECK(seen < 300);
  seen = 0;
  CHECK(MakeFileTree()
            ->Walk(folder.path(), {}, [&](FoundFile&&) { return ++seen < 3; })
            .ok());
  CHECK(seen == 3);
}

TEST_CASE("lines and checksums of a file are those that other tools tell") {
  const TempFolder folder;
  // wc -l, md5sum, sha1sum ... of "one\ntwo\n".
  FileContent content(folder.Write("text", "one\ntwo\n"), {});
  CHECK(content.LineCount() == 2);
  CHECK(content.Sum(Checksum::kMd5) == "2094b601daac3d68f5aed51d3c20f7cd");
  CHECK(content.Sum(Checksum::kSha1) == "c708d7ef841f7e1748436b8ef5670d0b2de1a227");
  CHECK(content.Sum(Checksum::kSha256).size() == 64);
  CHECK(content.Sum(Checksum::kSha384).size() == 96);
  CHECK(content.Sum(Checksum::kSha512).size() == 128);
  const struct {
    const char* text;
    int64_t lines;
  } rows[] = {{"", 0},       {"no end", 0},  {"\n\n\n", 3}, {"a\r\nb\r\n", 2},
              {"a\rb\r", 2}, {"a\r\r\n", 2}, {"a\n\rb", 2}};
  for (const auto& row : rows) {
    CHECK(FileContent(folder.Write("lines", row.text), {}).LineCount() == row.lines);
  }
}

TEST_CASE("what is no plain file has no content, and nobody waits for a pipe") {
  const TempFolder folder;
  REQUIRE(::mkfifo(folder.File("pipe").c_str(), 0600) == 0);
  for (const std::string& path :
       {folder.File("pipe"), folder.File("none"), folder.path()}) {
    FileContent content(path, {});
    CHECK(content.LineCount() == 0);
    CHECK(content.Sum(Checksum::kMd5).empty());
  }
  FileContent cancelled(folder.Write("file", "a\nb\n"), [] { return true; });
  CHECK(cancelled.LineCount() == 0);
  CHECK(cancelled.Sum(Checksum::kMd5).empty());
}

}  // namespace
}  // namespace nscp::check_disk
