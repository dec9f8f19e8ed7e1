#include "gateway/web/page.h"

#include <algorithm>
#include <iterator>

#include "gateway/api/answer.h"
#include "gateway/api/context.h"
#include "gateway/web/files.h"
#include "proto/cpp/text.h"
#include "proto/cpp/utf8.h"

namespace nscp::gateway {
namespace {

// No script, no picture, nothing to fetch: it says where the API is and how to get the
// rest.
constexpr char kPlaceholder[] = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>nscp</title>
<style>
body { font-family: sans-serif; max-width: 40em; margin: 4em auto; padding: 0 1em; }
code { background: #eee; padding: 0.1em 0.3em; }
</style>
</head>
<body>
<h1>The agent is running</h1>
<p>No user interface is installed. The REST API answers under <code>/api/v2</code>.</p>
<p>To install the user interface, run on this machine:</p>
<p><code>nscp web install-ui</code></p>
<p>Without a connection to the internet, fetch the package elsewhere and run:</p>
<p><code>nscp web install-ui --from NSCP-Web.zip</code></p>
</body>
</html>
)";

constexpr char kFileAge[] = "max-age=3600";
// The addresses of a user interface that keeps its place in the path.
constexpr std::string_view kPlaces[] = {"/modules/{rest...}",  "/queries/{rest...}",
                                        "/settings/{rest...}", "/metrics/{rest...}",
                                        "/logs/{rest...}",     "/events/{rest...}",
                                        "/about/{rest...}",    "/login/{rest...}"};

// What could lead out of the folder. Nothing here would follow it.
bool LeadsOut(std::string_view path) {
  const auto segments = SplitPath(path);
  return !segments ||
         std::find(segments->begin(), segments->end(), "..") != segments->end();
}

// One of the three files that a user interface has beside its page.
Response File(const Context& context) {
  const std::string path = Join(*SplitPath(context.request.path), "/");
  auto contents = ReadWebFile(context.services.web_folders, path);
  if (!contents) {
    return TextAnswer(404, "Not found: " + RepairUtf8(context.request.path));
  }
  Response response;
  response.content_type = WebTypeOf(path);
  response.headers.emplace_back("Cache-Control", kFileAge);
  response.body = *std::move(contents);
  return response;
}

}  // namespace

// Its type follows the path's extension: older servers do so, whatever they give.
Response Page(const Context& context) {
  const std::string& path = context.request.path;
  if (LeadsOut(path)) {
    return TextAnswer(500, "Invalid path: " + RepairUtf8(path));
  }
  Response response;
  response.content_type = WebTypeOf(path);
  response.headers.emplace_back("Cache-Control", "no-cache");
  response.body =
      ReadWebFile(context.services.web_folders, "index.html").value_or(kPlaceholder);
  return response;
}

bool IsPagePath(std::string_view path) {
  for (const char* end : {".js", ".css", ".html", ".png"}) {
    if (EndsWith(path, end)) return true;
  }
  const auto segments = SplitPath(path);
  if (!segments || segments->empty()) return false;
  const std::string first = "/" + segments->front();
  return std::any_of(std::begin(kPlaces), std::end(kPlaces), [&](std::string_view place) {
    return StartsWith(first, place.substr(0, place.find("/{")));
  });
}

void AddPages(Router& router) {
  router.Add({"GET", "/", kUnversioned, kOpen, Page});
  router.Add({"GET", "/index.html", kUnversioned, kOpen, Page});
  for (const char* file : {"/nscp.png", "/assets/index.js", "/assets/index.css"}) {
    router.Add({"GET", file, kUnversioned, kOpen, File});
  }
  for (const std::string_view place : kPlaces) {
    router.Add({"GET", place, kUnversioned, kOpen, Page});
  }
}

}  // namespace nscp::gateway
