// Regular expressions of filters: linear in time and bounded in memory whatever the
// pattern and the text (RE2 underneath), matched against the whole text, case-sensitive
// unless "(?i)". A Regexp is immutable: any thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "proto/cpp/status.h"

namespace nscp::checks {

constexpr size_t kMaxRegexpMemory = 1024 * 1024;

class Regexp {
 public:
  // The error is RE2's own reason. Look-around and back references are not known to it.
  static Result<Regexp> Compile(const std::string& pattern);
  ~Regexp();
  Regexp(Regexp&&) noexcept;
  Regexp& operator=(Regexp&&) noexcept;

  // `text` may be any bytes; what is not UTF-8 matches as U+FFFD.
  bool MatchesWhole(std::string_view text) const;

 private:
  struct Compiled;
  explicit Regexp(std::unique_ptr<Compiled> compiled);
  std::unique_ptr<Compiled> compiled_;
};

}  // namespace nscp::checks
