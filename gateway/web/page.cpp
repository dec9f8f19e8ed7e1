#include "gateway/web/page.h"

#include "gateway/api/answer.h"
#include "gateway/api/context.h"
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

// The three files of a user interface (rest-api.md 7), of which none is installed.
Response MissingFile(const Context& context) {
  return TextAnswer(404, "Not found: " + RepairUtf8(context.request.path));
}

}  // namespace

Response Page(const Context&) {
  Response response;
  response.content_type = "text/html";
  response.headers.emplace_back("Cache-Control", "no-cache");
  response.body = kPlaceholder;
  return response;
}

void AddPages(Router& router) {
  router.Add({"GET", "/", kUnversioned, kOpen, Page});
  router.Add({"GET", "/index.html", kUnversioned, kOpen, Page});
  for (const char* file : {"/nscp.png", "/assets/index.js", "/assets/index.css"}) {
    router.Add({"GET", file, kUnversioned, kOpen, MissingFile});
  }
  // The addresses of a user interface that keeps its place in the path.
  for (const char* place :
       {"/modules/{rest...}", "/queries/{rest...}", "/settings/{rest...}",
        "/metrics/{rest...}", "/logs/{rest...}", "/events/{rest...}", "/about/{rest...}",
        "/login/{rest...}"}) {
    router.Add({"GET", place, kUnversioned, kOpen, Page});
  }
}

}  // namespace nscp::gateway
