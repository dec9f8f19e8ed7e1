// What a list of releases says, and how it is kept between two looks. The list is JSON as
// GitHub's API gives it: an array of objects, or one object for the latest alone. Pure;
// any thread. Source: GitHub REST API, "List releases", version 2022-11-28.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "proto/cpp/status.h"
#include "workers/check_nscp/version.h"

namespace nscp::check_nscp {

// A list with thirty releases and all their files is some 300 KB.
constexpr size_t kMaxReleaseList = 8 * 1024 * 1024;

struct Release {
  Version version;
  bool experimental = false;
  std::string published;  // "2026-11-21T10:00:00Z"
  std::string page;       // for people
};

// The newest ones of a list.
struct Releases {
  std::string url;         // where the list came from
  int64_t checked_at = 0;  // seconds since 1970
  std::optional<Release> stable;
  std::optional<Release> experimental;  // of the experimental ones alone

  // Nothing when there is none.
  const Release* Latest(bool with_experimental) const;
};

// Drafts and tags without a number are passed over. InvalidArgument for what is no list
// of releases.
Result<Releases> ParseReleases(std::string_view json);

// For the storage and back.
std::string EncodeReleases(const Releases& releases);
Result<Releases> DecodeReleases(std::string_view text);

}  // namespace nscp::check_nscp
