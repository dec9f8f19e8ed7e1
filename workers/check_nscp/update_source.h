// Where the newest release is known from: a list on a server, asked seldom, and what is
// kept of it in the module's storage, so that a restart asks nothing. Any thread; those
// who ask at the same time wait for one download.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "workers/check_nscp/releases.h"
#include "workers/sdk/module.h"

namespace nscp::check_nscp {

// After a failure nobody asks again so soon: the server counts requests.
constexpr int64_t kRetrySeconds = 600;

struct UpdateSettings {
  std::string url;
  int64_t cache_hours = 24;  // 0 = ask each time
  bool experimental = false;
  std::string tls_version;
  bool verify = true;
  std::string ca_file;

  // InvalidArgument names the key.
  static Result<UpdateSettings> Read(const sdk::Settings& settings);
};

class UpdateSource {
 public:
  // Gives the body of `settings.url`, or why not, within `limit`.
  using Fetch = std::function<Result<std::string>(const UpdateSettings& settings,
                                                  std::chrono::milliseconds limit)>;
  UpdateSource(sdk::Host& host, Fetch fetch) : host_(host), fetch_(std::move(fetch)) {}

  struct Known {
    Releases releases;
    Status failure;  // of the last download, where `releases` is older than it should be
  };
  // `now` in seconds since 1970.
  Result<Known> Ask(const UpdateSettings& settings, int64_t now,
                    std::chrono::steady_clock::time_point deadline);

 private:
  void Recall();
  Result<Releases> Download(const UpdateSettings& settings, int64_t now,
                            std::chrono::steady_clock::time_point deadline);

  sdk::Host& host_;
  const Fetch fetch_;
  std::timed_mutex mutex_;
  bool recalled_ = false;
  std::optional<Releases> kept_;
  struct Failure {
    std::string url;
    int64_t at = 0;
    Status why;
  };
  std::optional<Failure> failure_;
};

// The real one, through fetch/.
Result<std::string> FetchReleases(const UpdateSettings& settings,
                                  std::chrono::milliseconds limit);

}  // namespace nscp::check_nscp
