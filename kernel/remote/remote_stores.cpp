#include "kernel/remote/remote_stores.h"

#include <filesystem>
#include <vector>

#include "archive/archive.h"
#include "fetch/url.h"
#include "kernel/settings/atomic_file.h"
#include "kernel/settings/context.h"
#include "kernel/settings/ini_file.h"
#include "proto/cpp/sha256.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace fs = std::filesystem;
namespace {

constexpr size_t kQueryDigits = 16;
constexpr ArchiveLimits kAttachedArchive = {kMaxAttachmentBytes, 64 * 1024 * 1024, 1024};
constexpr std::string_view kUnzip = "unzip:";
constexpr std::string_view kNameless = "cached.ini";

// Without what could lead elsewhere or would not be a file name on every system.
std::string SafeName(std::string_view name) {
  std::string safe;
  for (const char c : name) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
    safe += is_plain ? c : '_';
  }
  const bool is_name = safe.find_first_not_of('.') != std::string::npos;
  return is_name ? safe : std::string(kNameless);
}

// Replaced only where it differs: its time tells when it changed.
Status Put(const std::string& file, const std::string& bytes) {
  const auto before = ReadWholeFile(file, bytes.size());
  if (before.ok() && *before == bytes) return Status::Ok();
  return WriteFileAtomically(file, bytes);
}

Status MakeFolder(const std::string& folder) {
  std::error_code error;
  fs::create_directories(fs::u8path(folder), error);
  if (!error) return Status::Ok();
  return Status::FailedPrecondition("making the folder " + folder + ": " +
                                    error.message() + "; let the agent write there");
}

Status Unpack(const std::string& bytes, const std::string& folder) {
  ASSIGN_OR_RETURN(const auto files, ReadArchive(bytes, kAttachedArchive));
  for (const ArchiveFile& file : files) {
    const std::string place = folder + "/" + file.name;
    RETURN_IF_ERROR(Put(place, file.bytes));
    if (!file.executable) continue;
    std::error_code error;
    fs::permissions(fs::u8path(place), fs::perms::owner_exec | fs::perms::group_exec,
                    fs::perm_options::add, error);
    if (error) {
      return Status::Unavailable("making " + place + " a program: " + error.message());
    }
  }
  return Status::Ok();
}

// The page of a portal or a login is an answer too, and no settings.
Status CheckSettings(const std::string& url, const std::string& bytes) {
  if (bytes.empty() || !IniFile::Parse(bytes).Contents().empty()) return Status::Ok();
  return Status::FailedPrecondition("downloading " + ShownContext(url) +
                                    ": what comes has no [section] and is no settings "
                                    "file; check the address");
}

class Removed {
 public:
  explicit Removed(std::string file) : file_(std::move(file)) {}
  ~Removed() {
    std::error_code ignored;
    fs::remove(fs::u8path(file_), ignored);
  }
  Removed(const Removed&) = delete;
  Removed& operator=(const Removed&) = delete;

 private:
  const std::string file_;
};

}  // namespace

Result<std::string> CopyOf(const std::string& url, const std::string& folder) {
  ASSIGN_OR_RETURN(const fetch::Url parsed, fetch::ParseUrl(url));
  const size_t question = parsed.target.find('?');
  const std::string path = parsed.target.substr(0, question);
  const std::string name = path.substr(path.rfind('/') + 1);
  std::string file = folder + "/" + SafeName(name);
  if (question == std::string::npos || question + 1 == parsed.target.size()) return file;
  const std::string query = parsed.target.substr(question + 1);
  return file + "-" + Sha256Hex(query).substr(0, kQueryDigits);
}

RemoteStores::Options RemoteStores::OptionsOf(const BootConfig& boot,
                                              const PathTokens& tokens) {
  return {tokens, boot.tls, boot.proxy, NamesOfThisHost(), nullptr, nullptr, nullptr};
}

RemoteStores::RemoteStores(Options options)
    : options_(std::move(options)), download_(options_.download) {
  if (download_) return;
  download_ = DownloadByProgram(options_.tokens, [this] { return cancelled_.load(); });
}

void RemoteStores::Warn(const std::string& sentence) const {
  if (options_.warn) options_.warn(sentence);
}

Status RemoteStores::Ask(const fetch::FetchRequest& request, const std::string& file) {
  const auto now = [this] {
    return options_.now ? options_.now() : std::chrono::steady_clock::now();
  };
  ASSIGN_OR_RETURN(const fetch::Url url, fetch::ParseUrl(request.url));
  const std::string server = fetch::HostAndPort(url, true);
  const auto start = now();
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto paused = paused_.find(server);
    if (paused != paused_.end() && start < paused->second) {
      return Status::Unavailable("downloading " + fetch::ShownUrl(url) + ": " + server +
                                 " gave no answer a moment ago, and is left alone for " +
                                 FormatSeconds(kServerPause));
    }
  }
  const Status status = download_(request, file);
  const auto end = now();
  const std::lock_guard<std::mutex> lock(mutex_);
  paused_.erase(server);
  if (paused_.size() >= kMaxRemembered) paused_.clear();
  if (!status.ok() && end - start >= kSlowFailure) paused_[server] = end + kServerPause;
  return status;
}

// By way of a file beside the one that it is for, so that both are on one disk.
Status RemoteStores::Download(const std::string& url, const std::string& file,
                              size_t limit, std::string* bytes) {
  if (cancelled_) return Status::Cancelled("the agent is about to end");
  fetch::FetchRequest request;
  request.url = url;
  request.tls_version = options_.tls.version;
  request.verify =
      !options_.tls.verify_mode.empty() && options_.tls.verify_mode != "none";
  request.ca_file = options_.tokens.Expand(options_.tls.ca);
  request.proxy = options_.proxy.url;
  request.no_proxy = options_.proxy.no_proxy;
  request.timeout = kRemoteLimit;
  request.max_bytes = limit;
  if (!request.verify && StartsWith(url, "https:")) {
    Warn("downloading " + ShownContext(url) +
         ": the server's certificate is not checked (verify mode in [tls] of boot.ini)");
  }
  ASSIGN_OR_RETURN(const std::string temporary, TemporaryBeside(file));
  const Removed removed(temporary);
  RETURN_IF_ERROR(Ask(request, temporary));
  ASSIGN_OR_RETURN(*bytes, ReadWholeFile(temporary, limit));
  return Status::Ok();
}

Result<std::string> RemoteStores::FetchAttachment(const std::string& key,
                                                  const std::string& url) {
  const bool unzip = StartsWith(key, kUnzip);
  const std::string spelled = unzip ? key.substr(kUnzip.size()) : key;
  ASSIGN_OR_RETURN(std::string place, options_.tokens.Resolve(Trim(spelled)));
  if (place.empty()) return Status::InvalidArgument("it names no file");
  if (fs::u8path(place).is_relative()) {
    place = options_.tokens.Expand("${shared-path}") + "/" + place;
  }
  const std::string beside = unzip ? place + "/archive" : place;
  RETURN_IF_ERROR(MakeFolder(fs::u8path(beside).parent_path().u8string()));
  std::string bytes;
  RETURN_IF_ERROR(
      Download(WithHostNames(url, options_.names), beside, kMaxAttachmentBytes, &bytes));
  RETURN_IF_ERROR(unzip ? Unpack(bytes, place) : Put(place, bytes));
  return Sha256Hex(bytes);
}

bool RemoteStores::IsNews(const std::string& what, bool reached) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (unreached_.size() >= kMaxRemembered) unreached_.clear();
  if (!reached) return unreached_.insert(what).second;
  unreached_.erase(what);
  return false;
}

std::string RemoteStores::FetchAttachments(const std::string& bytes,
                                           const std::string& file) {
  std::string digest;
  size_t count = 0;
  for (const IniSection& section : IniFile::Parse(bytes, file).Contents()) {
    if (FoldPath(section.name) != "/attachments") continue;
    for (const IniEntry& entry : section.entries) {
      const auto fetched =
          ++count > kMaxAttachments
              ? Status::ResourceExhausted(
                    "only the first " + std::to_string(kMaxAttachments) + " are fetched")
              : FetchAttachment(entry.key, entry.value);
      const std::string name = entry.key + "=" + entry.value;
      if (IsNews(name, fetched.ok())) {
        Warn("the attachment \"" + entry.key + "\" of " + file +
             " is as it was: " + fetched.status().message());
      }
      const std::lock_guard<std::mutex> lock(mutex_);
      if (attached_.size() >= kMaxRemembered) attached_.clear();
      if (fetched.ok()) attached_[name] = *fetched;
      digest += "," + attached_[name];
    }
  }
  return digest;
}

Result<RemoteStores::Copy> RemoteStores::Get(const std::string& url) {
  const std::string whole = WithHostNames(url, options_.names);
  ASSIGN_OR_RETURN(const std::string folder, options_.tokens.Resolve("${cache-folder}"));
  Copy copy;
  ASSIGN_OR_RETURN(copy.file, CopyOf(whole, folder));
  std::string bytes;
  Status status = MakeFolder(folder);
  if (status.ok()) status = Download(whole, copy.file, kMaxIniBytes, &bytes);
  if (status.ok()) status = CheckSettings(whole, bytes);
  if (status.ok()) status = Put(copy.file, bytes);
  if (status.ok()) {
    copy.digest = Sha256Hex(bytes + FetchAttachments(bytes, copy.file));
    return copy;
  }
  if (!PathExists(copy.file)) return status;
  copy.problem =
      status.message() + "; the copy of the last time is used (" + copy.file + ")";
  return copy;
}

Result<FetchedStore> RemoteStores::Fetch(const std::string& url) {
  ASSIGN_OR_RETURN(const Copy copy, Get(url));
  IsNews(url, copy.problem.empty());  // told by who asks
  const std::lock_guard<std::mutex> lock(mutex_);
  if (copy.problem.empty()) given_[url] = copy.digest;
  given_.emplace(url, copy.digest);
  return FetchedStore{copy.file, copy.problem};
}

bool RemoteStores::HasChanged() {
  std::map<std::string, std::string> given;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    given = given_;
  }
  bool changed = false;
  for (const auto& [url, digest] : given) {
    const auto copy = Get(url);
    if (cancelled_) return false;
    const std::string problem = copy.ok() ? copy->problem : copy.status().message();
    if (IsNews(url, problem.empty())) Warn("remote settings: " + problem);
    changed = changed || (problem.empty() && copy->digest != digest);
  }
  return changed;
}

}  // namespace nscp::kernel
