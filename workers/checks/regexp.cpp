#include "workers/checks/regexp.h"

#include <re2/re2.h>

#include "proto/cpp/utf8.h"

namespace nscp::checks {
namespace {

RE2::Options Options() {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_never_capture(true);
  options.set_dot_nl(true);
  options.set_max_mem(static_cast<int64_t>(kMaxRegexpMemory));
  return options;
}

}  // namespace

struct Regexp::Compiled {
  explicit Compiled(const std::string& pattern) : re(pattern, Options()) {}
  RE2 re;
};

Regexp::Regexp(std::unique_ptr<Compiled> compiled) : compiled_(std::move(compiled)) {}
Regexp::~Regexp() = default;
Regexp::Regexp(Regexp&&) noexcept = default;
Regexp& Regexp::operator=(Regexp&&) noexcept = default;

Result<Regexp> Regexp::Compile(const std::string& pattern) {
  auto compiled = std::make_unique<Compiled>(RepairUtf8(pattern));
  if (!compiled->re.ok()) return Status::InvalidArgument(compiled->re.error());
  return Regexp(std::move(compiled));
}

bool Regexp::MatchesWhole(std::string_view text) const {
  if (!IsUtf8(text)) return MatchesWhole(RepairUtf8(text));
  return RE2::FullMatch(re2::StringPiece(text.data(), text.size()), compiled_->re);
}

}  // namespace nscp::checks
