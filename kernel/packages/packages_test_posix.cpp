// Archives are made with libzip here, so that odd ones can be made too.
#include <doctest/doctest.h>
#include <sys/stat.h>
#include <zip.h>

#include "kernel/packages/installation.h"
#include "kernel/packages/package.h"
#include "tests/unit/temp_folder.h"

namespace nscp::kernel {
namespace {

struct ZipFile {
  std::string name;
  std::string bytes;
  mode_t mode = 0;  // 0: none is told
};

std::string Zip(const std::vector<ZipFile>& files) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* buffer = zip_source_buffer_create(nullptr, 0, 0, &error);
  zip_source_keep(buffer);
  zip_t* archive = zip_open_from_source(buffer, ZIP_TRUNCATE, &error);
  REQUIRE(archive != nullptr);
  for (const ZipFile& file : files) {
    zip_source_t* bytes =
        zip_source_buffer(archive, file.bytes.data(), file.bytes.size(), 0);
    const zip_int64_t at =
        zip_file_add(archive, file.name.c_str(), bytes, ZIP_FL_ENC_RAW);
    REQUIRE(at >= 0);
    if (file.mode == 0) continue;
    zip_file_set_external_attributes(archive, static_cast<zip_uint64_t>(at), 0,
                                     ZIP_OPSYS_UNIX,
                                     static_cast<zip_uint32_t>(file.mode) << 16U);
  }
  REQUIRE(zip_close(archive) == 0);
  zip_stat_t about;
  REQUIRE(zip_source_stat(buffer, &about) == 0);
  std::string out(about.size, '\0');
  REQUIRE(zip_source_open(buffer) == 0);
  zip_source_read(buffer, out.data(), out.size());
  zip_source_close(buffer);
  zip_source_free(buffer);
  return out;
}

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

std::string WhyNot(const std::vector<ZipFile>& files) {
  const auto read = ReadArchive(Zip(files));
  CHECK(read.status().code() == Code::kInvalidArgument);
  return read.status().message();
}

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
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
      Zip({{"d/", "", S_IFDIR | 0755}, {"d/a", "one", S_IFREG | 0755}, {"b", "", 0}}));
  REQUIRE(files.ok());
  REQUIRE(files->size() == 2);
  CHECK((*files)[0].name == "d/a");
  CHECK((*files)[0].bytes == "one");
  CHECK((*files)[0].executable);
  CHECK_FALSE((*files)[1].executable);
}

TEST_CASE("what was packed is unpacked again, and bad names are not packed") {
  const std::string large(300000, 'x');
  const auto zip = WriteArchive({{"d/a.txt", "one", false}, {"run", large, true}});
  REQUIRE_MESSAGE(zip.ok(), zip.status().message());
  CHECK(zip->size() < large.size());
  const auto files = ReadArchive(*zip);
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
        std::vector<ArchiveFile>(kMaxArchiveEntries + 1)}) {
    CHECK(WriteArchive(bad).status().code() == Code::kInvalidArgument);
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
  std::vector<ZipFile> many(kMaxArchiveEntries + 1);
  for (size_t i = 0; i < many.size(); ++i) many[i].name = "f" + std::to_string(i);
  CHECK(Has(WhyNot(many), "at most 256"));
  many.pop_back();
  CHECK(ReadArchive(Zip(many)).ok());
  CHECK(Has(WhyNot({{"a", std::string(kMaxUnpackedBytes, 'x'), 0}, {"b", "x", 0}}),
            "holds more than"));
  CHECK(Has(ReadArchive(std::string(kMaxArchiveBytes + 1, 'x')).status().message(),
            "larger than"));
}

TEST_CASE("what is no archive, or a damaged one, is refused") {
  std::string zip = GoodZip(std::string(1000, 'p'));
  for (const std::string& bad : {std::string(), std::string("no zip"),
                                 zip.substr(0, zip.size() / 2), zip.substr(10)}) {
    CHECK(ReadArchive(bad).status().code() == Code::kInvalidArgument);
  }
  const size_t at = Zip({{"M.json", ManifestOf("M", "M/bin/run"), 0}}).size() / 3;
  zip[at] = static_cast<char>(zip[at] ^ 0x55);
  CHECK_FALSE(ReadArchive(zip).ok());
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
    CAPTURE(file);
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
