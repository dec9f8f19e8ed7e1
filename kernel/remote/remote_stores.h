// Settings that come from elsewhere: an http(s) context downloaded into the cache folder,
// with the files that its [/attachments] name. Where that fails the copy of the last time
// is taken, with a warning.
//
// The copy: ${cache-folder}/<file name of the URL>, "cached.ini" without one; behind it
// "-" and 16 hex digits of the SHA-256 of the query, where there is one.
// An attachment: "<file> = <url>" or "unzip:<folder> = <url>"; tokens are expanded, and
// what is no absolute path lies below ${shared-path}. Unpacked are zip archives within
// the bounds of kernel/packages, whose rules for names keep every file below the folder.
//
// Any thread; several at once. Source: the settings specification B.3.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "fetch/request.h"
#include "kernel/remote/host_names.h"
#include "kernel/settings/boot.h"
#include "kernel/settings/fetched_store.h"
#include "kernel/settings/paths.h"
#include "proto/cpp/status.h"

namespace nscp::kernel {

constexpr std::chrono::milliseconds kRemoteLimit{30000};  // of one download
// A server that kept a download waiting so long for nothing is not asked again for a
// while: a store with many files would wait for each.
constexpr std::chrono::milliseconds kSlowFailure{4000};
constexpr std::chrono::milliseconds kServerPause{60000};
// Of servers, attachments and what was told about them; beyond, they are forgotten.
constexpr size_t kMaxRemembered = 1000;
constexpr size_t kMaxAttachments = 64;  // of one store
constexpr size_t kMaxAttachmentBytes = 16 * 1024 * 1024;

// Downloads what is asked into the file.
using Downloader =
    std::function<Status(const fetch::FetchRequest& request, const std::string& file)>;
// By nscp-fetch. `cancelled` ends it.
Downloader DownloadByProgram(const PathTokens& tokens, std::function<bool()> cancelled);

// Where the copy of `url` lies in `folder`.
Result<std::string> CopyOf(const std::string& url, const std::string& folder);

class RemoteStores {
 public:
  struct Options {
    PathTokens tokens;  // with those of boot.ini
    BootTls tls;
    BootProxy proxy;
    HostNames names;
    // Told of what went wrong beside the settings themselves, a sentence each.
    std::function<void(const std::string&)> warn;
    Downloader download;                                         // none = by nscp-fetch
    std::function<std::chrono::steady_clock::time_point()> now;  // none = the clock
  };
  // As boot.ini has it, for this host, by nscp-fetch.
  static Options OptionsOf(const BootConfig& boot, const PathTokens& tokens);
  explicit RemoteStores(Options options);

  // A StoreFetcher.
  Result<FetchedStore> Fetch(const std::string& url);
  // Downloads again what Fetch was asked for; true when something of it is another than
  // what Fetch gave last. What can't be reached is as it was, and is told once.
  bool HasChanged();
  // Downloads under way end, and no further one begins.
  void Cancel() { cancelled_ = true; }

 private:
  struct Copy {
    std::string file;
    std::string digest;   // of it and its attachments
    std::string problem;  // why it is an old one
  };

  Result<Copy> Get(const std::string& url);
  Status Download(const std::string& url, const std::string& file, size_t limit,
                  std::string* bytes);
  // The downloader, unless the server is to be left alone.
  Status Ask(const fetch::FetchRequest& request, const std::string& file);
  // Gives a digest of all; one that can't be fetched counts as it was.
  std::string FetchAttachments(const std::string& bytes, const std::string& file);
  Result<std::string> FetchAttachment(const std::string& key, const std::string& url);
  // Whether this is news: once until it is reached again.
  bool IsNews(const std::string& what, bool reached);
  void Warn(const std::string& sentence) const;

  const Options options_;
  std::atomic<bool> cancelled_{false};
  Downloader download_;
  std::mutex mutex_;
  std::map<std::string, std::string> given_;     // URL -> digest of what Fetch gave
  std::map<std::string, std::string> attached_;  // key and URL -> its digest
  // "host:port" -> when it may be asked again
  std::map<std::string, std::chrono::steady_clock::time_point> paused_;
  std::set<std::string> unreached_;  // told already
};

}  // namespace nscp::kernel
