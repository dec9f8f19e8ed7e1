#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>

#include "gateway/ui/folder.h"
#include "gateway/ui/manifest.h"
#include "gateway/ui/source.h"
#include "proto/cpp/sha256.h"
#include "proto/cpp/text.h"
#include "tests/unit/temp_folder.h"
#include "tests/unit/zip_archive.h"

namespace nscp::gateway {
namespace {

namespace fs = std::filesystem;
using nscp::testing::TempFolder;
using nscp::testing::Zip;

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

unsigned ModeOf(const std::string& file) {
  struct stat about {};
  REQUIRE(stat(file.c_str(), &about) == 0);
  return about.st_mode & 0777U;
}

UiSource From(const std::string& file) {
  UiSource source;
  source.version = "1.2.3";
  source.file = file;
  return source;
}

TEST_CASE("a manifest is read as it was written") {
  const UiManifest manifest{"1.2",
                            "https://h/x.zip",
                            "abc",
                            "2026-11-22T10:00:00Z",
                            {"index.html", "assets/a.js"}};
  const auto read = ParseUiManifest(WriteUiManifest(manifest));
  REQUIRE(read.ok());
  CHECK(read->version == "1.2");
  CHECK(read->source_url == "https://h/x.zip");
  CHECK(read->sha256 == "abc");
  CHECK(read->installed_at == "2026-11-22T10:00:00Z");
  CHECK(read->files == manifest.files);
}

TEST_CASE("a manifest that lists files elsewhere is refused") {
  for (const char* bad :
       {"", "[]", "{}", R"({"files": 1})", R"({"files": ["../x"]})",
        R"({"files": ["/etc/passwd"]})", R"({"files": [1]})", R"({"files": ["a\\b"]})"}) {
    CAPTURE(bad);
    CHECK_FALSE(ParseUiManifest(bad).ok());
  }
}

TEST_CASE("a sum is the first word of the first line") {
  const std::string sum(64, 'a');
  CHECK(ParseSum(sum) == sum);
  CHECK(ParseSum(std::string(64, 'A') + "  x.zip\r\nmore") == sum);
  CHECK(ParseSum(sum + " *x.zip") == sum);
  for (const std::string& bad :
       {std::string(), std::string(63, 'a'), std::string(65, 'a'), std::string(64, 'g'),
        "x " + sum}) {
    CHECK(ParseSum(bad).empty());
  }
}

TEST_CASE("a release is part of a URL") {
  CHECK(IsReleaseName("0.16.4"));
  for (const char* bad : {"", "..", "a/b", "a?b", "a b", "%2e"}) {
    CHECK_FALSE(IsReleaseName(bad));
  }
  UiSource source;
  source.version = "1.0";
  source.base = "https://h/d";
  CHECK(source.ArchiveUrl() == "https://h/d/1.0/NSCP-Web-1.0.zip");
  CHECK(source.SumUrl() == "https://h/d/1.0/NSCP-Web-1.0.sha256");
}

TEST_CASE("a local archive is held against the sum beside it") {
  const TempFolder temp;
  const std::string zip = Zip({{"index.html", "page", 0}, {"a/b.js", "code", 0}});
  const std::string file = temp.Write("ui.zip", zip);
  auto brought = BringUi(From(file));
  REQUIRE(brought.ok());
  CHECK_FALSE(brought->verified);
  CHECK(brought->files.size() == 2);
  CHECK(brought->sha256 == Sha256Hex(zip));
  for (const char* name : {"ui.sha256", "ui.zip.sha256"}) {
    CAPTURE(name);
    temp.Write(name, Sha256Hex(zip) + "  ui.zip\n");
    brought = BringUi(From(file));
    REQUIRE(brought.ok());
    CHECK(brought->verified);
    temp.Write(name, std::string(64, '0'));
    CHECK(Has(BringUi(From(file)).status().message(), "SHA-256 mismatch"));
    temp.Write(name, "no sum");
    CHECK(Has(BringUi(From(file)).status().message(), "malformed"));
    fs::remove(temp.File(name));
  }
}

TEST_CASE("what is no user interface is refused") {
  const TempFolder temp;
  CHECK(Has(BringUi(From("/no/such")).status().message(), "Local zip not found"));
  CHECK(Has(BringUi(From(temp.Write("a", "no zip"))).status().message(), "no zip"));
  CHECK(Has(BringUi(From(temp.Write("a", Zip({{"x", "y", 0}})))).status().message(),
            "index.html"));
  CHECK(Has(BringUi(From(temp.Write("a", Zip({{"index.html", "", 0}, {"../x", "y", 0}}))))
                .status()
                .message(),
            "../x"));
  CHECK(Has(BringUi(From(temp.Write("a", std::string(kUiLimits.bytes + 1, 'x'))))
                .status()
                .message(),
            "larger than"));
}

TEST_CASE("a folder is replaced as a whole, and nothing is left beside it") {
  const TempFolder temp;
  const std::string web = temp.File("deep/web");
  CHECK_FALSE(HasFiles(web).value());
  REQUIRE(
      ReplaceFiles(web, {{"index.html", "one", true}, {"a/b/c.js", "js", false}}).ok());
  CHECK(HasFiles(web).value());
  CHECK(temp.Read("deep/web/a/b/c.js") == "js");
  CHECK(ModeOf(web) == 0755);
  CHECK(ModeOf(web + "/a/b") == 0755);
  CHECK(ModeOf(web + "/index.html") == 0644);
  temp.Write("deep/web/own", "x");
  temp.Write("deep/.web.install-0123/left", "by one that was killed");
  REQUIRE(ReplaceFiles(web, {{"index.html", "two", false}}).ok());
  CHECK(temp.Read("deep/web/index.html") == "two");
  CHECK_FALSE(fs::exists(web + "/own"));
  size_t beside = 0;
  for (const auto& entry : fs::directory_iterator(temp.File("deep"))) {
    CHECK(entry.path().filename() == "web");
    ++beside;
  }
  CHECK(beside == 1);
}

TEST_CASE("what can't be written leaves the folder as it was") {
  const TempFolder temp;
  const std::string web = temp.File("web");
  temp.Write("web/index.html", "old");
  // A file and a folder of one name.
  const Status status = ReplaceFiles(web, {{"a", "1", false}, {"a/b", "2", false}});
  CHECK_FALSE(status.ok());
  CHECK(temp.Read("web/index.html") == "old");
  CHECK(std::distance(fs::directory_iterator(temp.path()), fs::directory_iterator()) ==
        1);
}

TEST_CASE("a link to the folder stays one") {
  const TempFolder temp;
  fs::create_directory(temp.File("real"));
  fs::create_directory_symlink(temp.File("real"), temp.File("web"));
  REQUIRE(ReplaceFiles(temp.File("web"), {{"index.html", "x", false}}).ok());
  CHECK(fs::is_symlink(temp.File("web")));
  CHECK(temp.Read("real/index.html") == "x");
}

TEST_CASE("only what is listed is removed, and nothing behind a link") {
  const TempFolder temp;
  for (const char* file : {"web/a/b/one", "web/a/own", "web/two", "else/three"}) {
    temp.Write(file, "x");
  }
  fs::create_directory_symlink(temp.File("else"), temp.File("web/link"));
  const auto removed =
      RemoveFiles(temp.File("web"), {"a/b/one", "two", "missing", "link/three"});
  REQUIRE(removed.ok());
  CHECK(*removed == 2);
  CHECK_FALSE(fs::exists(temp.File("web/a/b")));
  CHECK(fs::exists(temp.File("web/a/own")));
  CHECK(fs::exists(temp.File("else/three")));
  CHECK(fs::exists(temp.File("web")));
}

}  // namespace
}  // namespace nscp::gateway
