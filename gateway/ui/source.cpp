#include "gateway/ui/source.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>

#include "fetch/fetch.h"
#include "proto/cpp/sha256.h"
#include "proto/cpp/text.h"

namespace nscp::gateway {
namespace fs = std::filesystem;
namespace {

constexpr size_t kSumDigits = 64;
constexpr char kIndex[] = "index.html";
constexpr char kSumSuffix[] = ".sha256";

bool IsThere(const std::string& file) {
  std::error_code error;
  return fs::is_regular_file(fs::u8path(file), error);
}

Result<std::string> ReadFile(const std::string& file, size_t limit) {
  std::ifstream in(fs::u8path(file), std::ios::binary);
  std::string bytes(limit + 1, '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (in.bad() || (!in.eof() && in.fail())) {
    return Status::Unavailable("reading " + file + ": it can't be read");
  }
  bytes.resize(static_cast<size_t>(in.gcount()));
  if (bytes.size() > limit) {
    return Status::ResourceExhausted("reading " + file + ": it is larger than " +
                                     std::to_string(limit) + " bytes");
  }
  return bytes;
}

Result<std::string> ReadSum(const std::string& text, const std::string& where) {
  std::string sum = ParseSum(text);
  if (!sum.empty()) return sum;
  return Status::FailedPrecondition(
      "the checksum file is malformed (expected SHA-256 in hex, and a file name): " +
      where);
}

// Nothing where no sum lies beside the archive.
Result<std::optional<std::string>> SumBeside(const std::string& file) {
  fs::path other = fs::u8path(file);
  other.replace_extension(kSumSuffix);
  for (const std::string& name : {file + kSumSuffix, other.u8string()}) {
    if (!IsThere(name)) continue;
    ASSIGN_OR_RETURN(const std::string text, ReadFile(name, kMaxUiSum));
    ASSIGN_OR_RETURN(std::string sum, ReadSum(text, name));
    return std::optional<std::string>(std::move(sum));
  }
  return std::optional<std::string>();
}

Result<std::string> Download(const UiSource& source, const std::string& url,
                             size_t max_bytes, std::chrono::milliseconds limit) {
  fetch::FetchRequest request;
  request.url = url;
  request.ca_file = source.ca_file;
  request.max_bytes = max_bytes;
  request.timeout = limit;
  auto fetched = fetch::FetchIntoMemory(request);
  if (fetched.ok()) return std::move(fetched->bytes);
  return Status(fetched.status().code(),
                fetched.status().message() +
                    "; name another release with --release-version, another place with "
                    "--url, or an archive that is here with --from");
}

struct Bytes {
  std::string archive;
  std::optional<std::string> sum;
};

Result<Bytes> Bring(const UiSource& source) {
  Bytes bytes;
  if (source.file.empty()) {
    const std::string url = source.SumUrl();
    ASSIGN_OR_RETURN(const std::string text,
                     Download(source, url, kMaxUiSum, kUiSumLimit));
    ASSIGN_OR_RETURN(bytes.sum, ReadSum(text, url));
    ASSIGN_OR_RETURN(bytes.archive, Download(source, source.ArchiveUrl(), kUiLimits.bytes,
                                             kUiDownloadLimit));
    return bytes;
  }
  if (!IsThere(source.file)) {
    return Status::NotFound("Local zip not found: " + source.file);
  }
  ASSIGN_OR_RETURN(bytes.sum, SumBeside(source.file));
  ASSIGN_OR_RETURN(bytes.archive, ReadFile(source.file, kUiLimits.bytes));
  return bytes;
}

}  // namespace

std::string UiSource::ArchiveUrl() const {
  return file.empty() ? base + "/" + version + "/NSCP-Web-" + version + ".zip"
                      : "file://" + file;
}

std::string UiSource::SumUrl() const {
  return base + "/" + version + "/NSCP-Web-" + version + kSumSuffix;
}

Result<UiArchive> BringUi(const UiSource& source) {
  ASSIGN_OR_RETURN(const Bytes bytes, Bring(source));
  UiArchive archive;
  archive.sha256 = Sha256Hex(bytes.archive);
  archive.verified = bytes.sum.has_value();
  if (bytes.sum && *bytes.sum != archive.sha256) {
    return Status::FailedPrecondition("SHA-256 mismatch of " + source.ArchiveUrl() +
                                      ": expected " + *bytes.sum + ", got " +
                                      archive.sha256);
  }
  auto files = ReadArchive(bytes.archive, kUiLimits);
  if (!files.ok()) return files.status().WithContext("unpacking " + source.ArchiveUrl());
  archive.files = std::move(files).value();
  const bool has_index =
      std::any_of(archive.files.begin(), archive.files.end(),
                  [](const ArchiveFile& file) { return file.name == kIndex; });
  if (!has_index) {
    return Status::InvalidArgument("unpacking " + source.ArchiveUrl() + ": it has no " +
                                   kIndex + ", so it is no user interface");
  }
  return archive;
}

bool IsReleaseName(std::string_view version) {
  return IsEntryName(version) && version.find('/') == std::string_view::npos;
}

std::string ParseSum(std::string_view text) {
  const std::string_view line = Trim(text.substr(0, text.find_first_of("\r\n")));
  std::string sum = ToLowerAscii(line.substr(0, line.find_first_of(" \t")));
  const bool is_hex = sum.find_first_not_of("0123456789abcdef") == std::string::npos;
  return is_hex && sum.size() == kSumDigits ? sum : "";
}

}  // namespace nscp::gateway
