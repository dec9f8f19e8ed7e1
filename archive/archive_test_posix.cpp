#include "archive/archive.h"

#include <doctest/doctest.h>

#include "tests/unit/zip_archive.h"

namespace nscp {
namespace {

using nscp::testing::Zip;
using nscp::testing::ZipFile;

constexpr ArchiveLimits kLimits = {64 * 1024, 100 * 1024, 20};

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string WhyNot(const std::vector<ZipFile>& files) {
  const auto read = ReadArchive(Zip(files), kLimits);
  CHECK(read.status().code() == Code::kInvalidArgument);
  return read.status().message();
}

TEST_CASE("names stay below the place of unpacking, on every system") {
  for (const char* good : {"a", "a/b", "a.b/c-d_e+f", "A1/x..y"}) {
    CAPTURE(good);
    CHECK(IsEntryName(good));
  }
  for (const char* bad :
       {"", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/./b", ".a", "a/.b",
        "a\\b", "C:a", "a b", "a\nb", "\xC3\xA4"}) {
    CAPTURE(bad);
    CHECK_FALSE(IsEntryName(bad));
  }
  CHECK(IsEntryName(std::string(kMaxEntryName, 'a')));
  CHECK_FALSE(IsEntryName(std::string(kMaxEntryName + 1, 'a')));
}

TEST_CASE("files are read, and folders passed over") {
  const auto files = ReadArchive(
      Zip({{"d/", "", S_IFDIR | 0755}, {"d/a", "one", S_IFREG | 0755}, {"b", "", 0}}),
      kLimits);
  REQUIRE(files.ok());
  REQUIRE(files->size() == 2);
  CHECK((*files)[0].name == "d/a");
  CHECK((*files)[0].bytes == "one");
  CHECK((*files)[0].executable);
  CHECK_FALSE((*files)[1].executable);
}

TEST_CASE("what was packed is unpacked again, and bad names are not packed") {
  const std::string large(30000, 'x');
  const auto zip =
      WriteArchive({{"d/a.txt", "one", false}, {"run", large, true}}, kLimits);
  REQUIRE_MESSAGE(zip.ok(), zip.status().message());
  CHECK(zip->size() < large.size());
  const auto files = ReadArchive(*zip, kLimits);
  REQUIRE(files.ok());
  REQUIRE(files->size() == 2);
  CHECK((*files)[0].name == "d/a.txt");
  CHECK((*files)[0].bytes == "one");
  CHECK_FALSE((*files)[0].executable);
  CHECK((*files)[1].bytes == large);
  CHECK((*files)[1].executable);
  for (const std::vector<ArchiveFile>& bad :
       {std::vector<ArchiveFile>{{"../a", "", false}},
        std::vector<ArchiveFile>{{"a", "", false}, {"A", "", false}},
        std::vector<ArchiveFile>(kLimits.entries + 1)}) {
    CHECK(WriteArchive(bad, kLimits).status().code() == Code::kInvalidArgument);
  }
}

TEST_CASE("what could reach elsewhere, or is no plain file, is refused") {
  CHECK(Has(WhyNot({{"../a", "x", 0}}), "../a"));
  CHECK(Has(WhyNot({{"/etc/passwd", "x", 0}}), "relative"));
  CHECK(Has(WhyNot({{"a\\..\\b", "x", 0}}), "names are made of"));
  CHECK(Has(WhyNot({{"link", "/etc/passwd", S_IFLNK | 0777}}), "links"));
  CHECK(Has(WhyNot({{"pipe", "", S_IFIFO | 0600}}), "neither a file nor a folder"));
  CHECK(Has(WhyNot({{"a/B", "1", 0}, {"A/b", "2", 0}}), "two entries"));
}

TEST_CASE("bounds hold whatever the archive promises") {
  std::vector<ZipFile> many(kLimits.entries + 1);
  for (size_t i = 0; i < many.size(); ++i) many[i].name = "f" + std::to_string(i);
  CHECK(Has(WhyNot(many), "at most 20"));
  many.pop_back();
  CHECK(ReadArchive(Zip(many), kLimits).ok());
  CHECK(Has(WhyNot({{"a", std::string(kLimits.unpacked, 'x'), 0}, {"b", "x", 0}}),
            "holds more than"));
  CHECK(Has(ReadArchive(std::string(kLimits.bytes + 1, 'x'), kLimits).status().message(),
            "larger than"));
}

TEST_CASE("what is no archive, or a damaged one, is refused") {
  std::string zip =
      Zip({{"a", "first", 0}, {"b", std::string(1000, 'p'), S_IFREG | 0600}});
  for (const std::string& bad : {std::string(), std::string("no zip"),
                                 zip.substr(0, zip.size() / 2), zip.substr(10)}) {
    CHECK(ReadArchive(bad, kLimits).status().code() == Code::kInvalidArgument);
  }
  const size_t at = zip.find("first");
  zip[at] = static_cast<char>(zip[at] ^ 0x55);
  CHECK_FALSE(ReadArchive(zip, kLimits).ok());
}

}  // namespace
}  // namespace nscp
