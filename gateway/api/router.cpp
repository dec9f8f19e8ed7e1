#include "gateway/api/router.h"

#include "proto/cpp/text.h"

namespace nscp::gateway {
namespace {

bool IsCapture(std::string_view part) { return part.size() > 2 && part.front() == '{'; }
bool TakesAny(std::string_view part) { return IsCapture(part) && EndsWith(part, "...}"); }
bool TakesSome(std::string_view part) { return IsCapture(part) && EndsWith(part, "+}"); }

std::string_view CaptureName(std::string_view part) {
  part.remove_suffix(TakesAny(part) ? 4 : TakesSome(part) ? 2 : 1);
  return part.substr(1);
}

std::string JoinFrom(const std::vector<std::string>& segments, size_t first) {
  std::string rest;
  for (size_t i = first; i < segments.size(); ++i) {
    if (i != first) rest += '/';
    rest += segments[i];
  }
  return rest;
}

// Fills `captures` when `segments` from `first` on fit the pattern.
bool Fits(const std::vector<std::string_view>& pattern,
          const std::vector<std::string>& segments, size_t first, Captures& captures) {
  captures.clear();
  for (size_t i = 0; i < pattern.size(); ++i) {
    const bool left = first + i < segments.size();
    if (TakesAny(pattern[i]) || (TakesSome(pattern[i]) && left)) {
      captures.emplace_back(CaptureName(pattern[i]), JoinFrom(segments, first + i));
      return true;
    }
    if (!left) return false;
    if (IsCapture(pattern[i])) {
      captures.emplace_back(CaptureName(pattern[i]), segments[first + i]);
    } else if (pattern[i] != segments[first + i]) {
      return false;
    }
  }
  return first + pattern.size() == segments.size();
}

}  // namespace

std::optional<std::vector<std::string>> SplitPath(std::string_view path) {
  std::vector<std::string> segments;
  while (!path.empty()) {
    const size_t slash = path.find('/');
    const std::string_view raw = path.substr(0, slash);
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
    if (raw.empty()) continue;
    std::string segment = PercentDecode(raw);
    if (segment.find_first_of(std::string_view("\0\r\n", 3)) != std::string::npos) {
      return std::nullopt;
    }
    segments.push_back(std::move(segment));
  }
  return segments;
}

unsigned VersionOf(const std::vector<std::string>& segments) {
  if (segments.size() < 2 || segments[0] != "api") return kUnversioned;
  if (segments[1] == "v1") return kV1;
  return segments[1] == "v2" ? kV2 : kUnversioned;
}

std::string_view VersionName(unsigned version) {
  if (version == kV1) return "v1";
  return version == kV2 ? "v2" : "";
}

void Router::Add(const Route& route) {
  std::vector<std::string_view> pattern;
  std::string_view rest = route.pattern;
  while (!rest.empty()) {
    rest.remove_prefix(1);  // the '/'
    const size_t slash = rest.find('/');
    if (!rest.empty()) pattern.push_back(rest.substr(0, slash));
    rest.remove_prefix(slash == std::string_view::npos ? rest.size() : slash);
  }
  routes_.push_back(route);
  patterns_.push_back(std::move(pattern));
}

std::optional<RouteMatch> Router::Find(std::string_view method,
                                       const std::vector<std::string>& segments) const {
  RouteMatch match;
  match.version = VersionOf(segments);
  for (size_t i = 0; i < routes_.size(); ++i) {
    const Route& route = routes_[i];
    if (route.method != method) continue;
    const bool versioned = route.versions != kUnversioned;
    if (versioned && (route.versions & match.version) == 0) continue;
    if (!Fits(patterns_[i], segments, versioned ? 2 : 0, match.captures)) continue;
    match.route = &route;
    return match;
  }
  return std::nullopt;
}

}  // namespace nscp::gateway
