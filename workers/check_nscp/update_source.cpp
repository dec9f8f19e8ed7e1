#include "workers/check_nscp/update_source.h"

#include <algorithm>

#include "fetch/fetch.h"
#include "proto/cpp/text.h"

namespace nscp::check_nscp {
namespace {

constexpr char kPath[] = "/settings/nscp/check/update";
constexpr char kContext[] = "update";
constexpr char kKey[] = "releases";
constexpr int64_t kHour = 3600;
constexpr int64_t kMaxCacheHours = 24 * 366;
// Of the call's time, kept back for its answer; and the least that a download is worth.
constexpr std::chrono::milliseconds kAnswerTime{250};
constexpr std::chrono::milliseconds kShortest{100};

Result<bool> WantsVerify(const std::string& text) {
  bool verify = false;
  for (const std::string& part : SplitList(text)) {
    const std::string word = ToLowerAscii(part);
    if (StartsWith(word, "peer") || StartsWith(word, "fail-if-no")) {
      verify = true;
    } else if (word != "none" && word != "single" && word != "workarounds" &&
               word != "client-certificate") {
      return Status::InvalidArgument("verify mode under " + std::string(kPath) + ": '" +
                                     part + "' is not known; write peer or none");
    }
  }
  return verify;
}

// What the download knows: "1.2" or "1.3" as the oldest version.
Result<std::string> OldestTls(const std::string& text) {
  std::string word = ToLowerAscii(Trim(text));
  if (StartsWith(word, "tlsv")) word.erase(0, 4);
  if (EndsWith(word, "+")) word.pop_back();
  if (word == "1.2" || word == "1.3") return word;
  return Status::InvalidArgument("tls version under " + std::string(kPath) + ": '" +
                                 text + "' is not spoken; write tlsv1.2+ or tlsv1.3");
}

}  // namespace

Result<UpdateSettings> UpdateSettings::Read(const sdk::Settings& settings) {
  UpdateSettings read;
  read.url = Trim(settings.Get(kPath, "url"));
  read.cache_hours =
      std::clamp<int64_t>(settings.GetInt(kPath, "cache hours", 24), 0, kMaxCacheHours);
  read.experimental = settings.GetBool(kPath, "check experimental", false);
  ASSIGN_OR_RETURN(read.tls_version, OldestTls(settings.Get(kPath, "tls version")));
  read.ca_file = settings.Get(kPath, "ca");
  ASSIGN_OR_RETURN(read.verify, WantsVerify(settings.Get(kPath, "verify mode")));
  if (read.url.empty()) {
    return Status::InvalidArgument("url under " + std::string(kPath) +
                                   " is empty; write where the list of releases is");
  }
  return read;
}

void UpdateSource::Recall() {
  if (recalled_) return;
  recalled_ = true;
  const auto stored = host_.Stored(kContext);
  if (!stored.ok()) {
    host_.Log(sdk::LogLevel::kWarning,
              "reading the kept list of releases: " + stored.status().message());
    return;
  }
  const auto found = stored->find(kKey);
  if (found == stored->end()) return;
  auto releases = DecodeReleases(found->second);
  if (releases.ok()) kept_ = std::move(releases).value();
}

Result<Releases> UpdateSource::Download(const UpdateSettings& settings, int64_t now,
                                        std::chrono::steady_clock::time_point deadline) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
                        deadline - std::chrono::steady_clock::now()) -
                    kAnswerTime;
  if (left < kShortest) {
    return Status::DeadlineExceeded("asking for the newest release: no time is left");
  }
  ASSIGN_OR_RETURN(const std::string body,
                   fetch_(settings, std::min<std::chrono::milliseconds>(
                                        left, fetch::kDefaultTimeout)));
  ASSIGN_OR_RETURN(Releases releases, ParseReleases(body));
  releases.url = settings.url;
  releases.checked_at = now;
  return releases;
}

Result<UpdateSource::Known> UpdateSource::Ask(
    const UpdateSettings& settings, int64_t now,
    std::chrono::steady_clock::time_point deadline) {
  const std::unique_lock<std::timed_mutex> lock(mutex_, deadline);
  if (!lock.owns_lock()) {
    return Status::DeadlineExceeded("another call asks for the newest release still");
  }
  Recall();
  const bool same = kept_ && kept_->url == settings.url && kept_->checked_at <= now;
  if (same && now - kept_->checked_at < settings.cache_hours * kHour) {
    return Known{*kept_, Status::Ok()};
  }
  const bool failed_lately = failure_ && failure_->url == settings.url &&
                             now >= failure_->at && now - failure_->at < kRetrySeconds;
  if (!failed_lately) {
    auto releases = Download(settings, now, deadline);
    if (releases.ok()) {
      failure_.reset();
      kept_ = std::move(releases).value();
      const Status stored = host_.Store(kContext, kKey, EncodeReleases(*kept_));
      if (!stored.ok()) {
        host_.Log(sdk::LogLevel::kWarning,
                  "keeping the list of releases: " + stored.message());
      }
      return Known{*kept_, Status::Ok()};
    }
    failure_ = Failure{settings.url, now, releases.status()};
  }
  if (same) return Known{*kept_, failure_->why};
  return failure_->why.WithContext("asking for the newest release");
}

Result<std::string> FetchReleases(const UpdateSettings& settings,
                                  std::chrono::milliseconds limit) {
  fetch::FetchRequest request;
  request.url = settings.url;
  request.tls_version = settings.tls_version;
  request.verify = settings.verify;
  request.ca_file = settings.ca_file;
  request.timeout = limit;
  request.max_bytes = kMaxReleaseList;
  ASSIGN_OR_RETURN(fetch::Fetched fetched, fetch::FetchIntoMemory(request));
  return std::move(fetched.bytes);
}

}  // namespace nscp::check_nscp
