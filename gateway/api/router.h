// One table of routes, and how a request finds its row: by method and by the decoded
// segments of its path (rest-api.md 1.5). No route knows a module's name.
//
// Filled once by Api's constructor, only read afterwards; then any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/http/http.h"

namespace nscp::gateway {

struct Context;
using RouteHandler = Response (*)(const Context&);

// Which prefix a route stands under.
enum Version : unsigned {
  kUnversioned = 0,  // none
  kV1 = 1,           // /api/v1
  kV2 = 2,           // /api/v2
  kBothVersions = 3,
};

// Instead of a grant: nobody is asked for credentials, or the handler asks for grants
// itself.
inline constexpr std::string_view kOpen = "";
inline constexpr std::string_view kHandlerAsks = "?";

struct Route {
  std::string_view method;
  // "/modules/{name}/commands/{command}"; a last "{path...}" takes all that is left, also
  // nothing, and a last "{path+}" at least one segment.
  std::string_view pattern;
  unsigned versions = kUnversioned;
  // May name a capture: "modules.{command}".
  std::string_view grant;
  RouteHandler handler = nullptr;
  // A right password is given a token of its own (login).
  bool fresh_token = false;
  // Answers in the handler's place, without credentials, when Accept names text/html.
  RouteHandler for_browsers = nullptr;
};

using Captures = std::vector<std::pair<std::string_view, std::string>>;

struct RouteMatch {
  const Route* route = nullptr;
  unsigned version = kUnversioned;  // that of the request
  Captures captures;
};

// The decoded segments: runs of '/' count as one and a trailing one does not matter.
// Nothing when a decoded NUL, CR or LF stands in the path.
std::optional<std::vector<std::string>> SplitPath(std::string_view path);

// kV1, kV2 or kUnversioned, by the first two segments.
unsigned VersionOf(const std::vector<std::string>& segments);
// "v1", "v2" or "".
std::string_view VersionName(unsigned version);

class Router {
 public:
  void Add(const Route& route);
  // The first row that fits; a row with the right path and another method does not.
  std::optional<RouteMatch> Find(std::string_view method,
                                 const std::vector<std::string>& segments) const;
  const std::vector<Route>& routes() const { return routes_; }

 private:
  std::vector<Route> routes_;
  std::vector<std::vector<std::string_view>> patterns_;  // of the same place in routes_
};

}  // namespace nscp::gateway
