#include <doctest/doctest.h>
#include <sys/stat.h>

#include "kernel/packages/installation.h"
#include "kernel/packages/package.h"
#include "tests/unit/temp_folder.h"
#include "tests/unit/zip_archive.h"

namespace nscp::kernel {
namespace {

using nscp::testing::Zip;
using nscp::testing::ZipFile;

std::string ManifestOf(const std::string& name, const std::string& program) {
  return R"({"name": ")" + name + R"(", "program": ")" + program +
         R"(", "contractMin": 1, "contractMax": 1})";
}

std::string GoodZip(const std::string& text = "program") {
  return Zip({{"M.json", ManifestOf("M", "M/bin/run"), 0},
              {"M/bin/run", text, S_IFREG | 0600},
              {"M/lib/x.py", "lib", S_IFREG | 0777},
              {"M/data", "data", S_IFREG | 0666}});
}

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE(
    "a package has a manifest, its program, and nothing beside the module's folder") {
  const auto good = ReadPackage(GoodZip(), "M");
  REQUIRE(good.ok());
  CHECK(good->manifest.name() == "M");
  CHECK(good->files.size() == 3);
  CHECK(good->files[0].executable);  // for it is the program
  const std::string manifest = ManifestOf("M", "M/run");
  const struct {
    const char* name;
    std::vector<ZipFile> files;
    const char* why;
  } kRows[] = {
      {"M", {{"M/run", "x", 0}}, "needs a manifest M.json"},
      {"M", {{"M.json", manifest, 0}}, "not in the archive"},
      {"M", {{"M.json", manifest, 0}, {"M/run", "", 0}, {"N/x", "", 0}}, "holds N/x"},
      {"M", {{"M.json", "{", 0}, {"M/run", "", 0}}, "rule json"},
      {"M", {{"M.json", ManifestOf("N", "M/run"), 0}, {"M/run", "", 0}}, "rule name"},
      {"M", {{"M.json", ManifestOf("M", "/bin/sh"), 0}, {"M/run", "", 0}}, "/bin/sh"},
      {"N", {{"M.json", manifest, 0}, {"M/run", "", 0}}, "holds M.json"},
      {"../M", {{"M.json", manifest, 0}}, "can't be the name"},
      {"M.json", {{"M.json", manifest, 0}}, "can't be the name"},
      {".M", {{"M.json", manifest, 0}}, "can't be the name"},
  };
  for (const auto& row : kRows) {
    CAPTURE(row.why);
    const auto read = ReadPackage(Zip(row.files), row.name);
    REQUIRE_FALSE(read.ok());
    CHECK_MESSAGE(Has(read.status().message(), row.why), read.status().message());
  }
}

std::unique_ptr<Installation> Write(const testing::TempFolder& temp,
                                    const std::string& text) {
  auto made = Installation::Write(temp.path(), ReadPackage(GoodZip(text), "M").value());
  REQUIRE_MESSAGE(made.ok(), made.status().message());
  return std::move(made).value();
}

size_t EntriesIn(const testing::TempFolder& temp) {
  const std::filesystem::directory_iterator it(temp.path());
  return static_cast<size_t>(std::distance(begin(it), end(it)));
}

TEST_CASE("a package is there as a whole after the commit, and nothing else") {
  const testing::TempFolder temp;
  {
    const auto installation = Write(temp, "one");
    CHECK_FALSE(std::filesystem::exists(temp.File("M.json")));
    REQUIRE(installation->Commit().ok());
  }
  CHECK(EntriesIn(temp) == 2);
  CHECK(temp.Read("M/bin/run") == "one");
  CHECK(temp.Read("M/lib/x.py") == "lib");
  struct stat info {};
  for (const auto& [file, mode] :
       {std::pair("M/bin/run", 0755), std::pair("M/data", 0644),
        std::pair("M.json", 0644), std::pair("M/lib", 0755)}) {
    const auto& this_file = file;
    CAPTURE(this_file);
    REQUIRE(stat(temp.File(file).c_str(), &info) == 0);
    CHECK((info.st_mode & 07777) == static_cast<mode_t>(mode));
  }
}

TEST_CASE("what is taken back leaves what was there before") {
  const testing::TempFolder temp;
  {
    const auto first = Write(temp, "one");
    REQUIRE(first->Commit().ok());
    REQUIRE(first->TakeBack().ok());
  }
  CHECK(EntriesIn(temp) == 0);
  REQUIRE(Write(temp, "one")->Commit().ok());
  {
    const auto second = Write(temp, "two");
    REQUIRE(second->Commit().ok());
    CHECK(temp.Read("M/bin/run") == "two");
    REQUIRE(second->TakeBack().ok());
  }
  CHECK(temp.Read("M/bin/run") == "one");
  CHECK(EntriesIn(temp) == 2);
  Write(temp, "never committed");
  CHECK(temp.Read("M/bin/run") == "one");
  CHECK(EntriesIn(temp) == 2);
}

TEST_CASE(
    "an agent that was killed amid a commit finds the old module again, or the new") {
  const std::pair<const char*, const char*> moves[] = {
      {"M.json", ".install-1/old/M.json"},
      {"M", ".install-1/old/M"},
      {".install-1/new/M", "M"},
      {".install-1/new/M.json", "M.json"}};
  for (size_t done = 0; done <= std::size(moves); ++done) {
    CAPTURE(done);
    const testing::TempFolder temp;
    temp.Write("M/run", "old");
    temp.Write("M.json", "old");
    temp.Write(".install-1/new/M/run", "new");
    temp.Write(".install-1/new/M.json", "new");
    std::filesystem::create_directory(temp.File(".install-1/old"));
    for (size_t i = 0; i < done; ++i) {
      std::filesystem::rename(temp.File(moves[i].first), temp.File(moves[i].second));
    }
    CHECK(Installation::CleanUp(temp.path()).ok());
    const std::string expected = done == std::size(moves) ? "new" : "old";
    CHECK(temp.Read("M/run") == expected);
    CHECK(temp.Read("M.json") == expected);
    CHECK(EntriesIn(temp) == 2);
  }
}

TEST_CASE(
    "a killed agent's unfinished package goes, and its like is no matter elsewhere") {
  const testing::TempFolder temp;
  temp.Write(".install-2/new/M/run", "half of it");
  temp.Write("M.json", "kept");
  CHECK(Installation::CleanUp(temp.path()).ok());
  CHECK(EntriesIn(temp) == 1);
  CHECK(Installation::CleanUp(temp.File("nowhere")).ok());
}

TEST_CASE("a module that came otherwise is not replaced") {
  const testing::TempFolder temp;
  temp.Write("M.json", ManifestOf("M", "M.program"));
  const auto package = ReadPackage(GoodZip(), "M").value();
  CHECK(Installation::Write(temp.path(), package).status().code() ==
        Code::kAlreadyExists);
  std::filesystem::remove(temp.File("M.json"));
  temp.Write("m.json", "{");
  CHECK(Has(Installation::Write(temp.path(), package).status().message(), "case only"));
  CHECK(EntriesIn(temp) == 1);
}

}  // namespace
}  // namespace nscp::kernel
