#include "workers/check_net/http_options.h"

namespace nscp::check_net {
namespace {

constexpr int64_t kMaxRedirects = 50;
constexpr size_t kMaxMethod = 16;

Result<std::string> BuildUrl(const checks::Arguments& given) {
  const std::string host(Trim(given.Text("host")));
  if (host.empty()) return Status::InvalidArgument("No URL or host specified");
  const std::string protocol =
      given.Flag("ssl") ? "https" : ToLowerAscii(given.Text("protocol"));
  if (protocol != "http" && protocol != "https") {
    return Status::InvalidArgument("Invalid protocol: '" + protocol +
                                   "' (expected http or https)");
  }
  std::string port = protocol == "https" ? "443" : "80";
  if (given.Given("port")) {
    ASSIGN_OR_RETURN(const uint16_t number, ReadPort(given));
    port = std::to_string(number);
  }
  const std::string& path = given.Text("path");
  return protocol + "://" + (net::IsV6(host) ? "[" + host + "]" : host) + ":" + port +
         (StartsWith(path, "/") ? "" : "/") + path;
}

Result<std::string> ReadMethod(const checks::Arguments& given) {
  std::string method = given.Text("method");
  const bool is_word =
      !method.empty() && method.size() <= kMaxMethod &&
      std::all_of(method.begin(), method.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
      });
  if (!is_word) {
    return Status::InvalidArgument("Invalid method: '" + method +
                                   "' (expected GET, POST, HEAD or the like)");
  }
  std::transform(method.begin(), method.end(), method.begin(), [](char c) {
    return static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  });
  if (!given.Given("method") && !given.Text("post-data").empty()) method = "POST";
  return method;
}

// What is wrong with a header is told without its value, which may be a secret.
Status ReadHeaders(const checks::Arguments& given, net::HttpCall* call) {
  call->headers.emplace_back("User-Agent", given.Text("user-agent"));
  call->headers.emplace_back("Content-Type", given.Text("content-type"));
  for (const std::string& header : given.List("header")) {
    const size_t colon = header.find(':');
    const std::string name(Trim(std::string_view(header).substr(0, colon)));
    const bool is_name = std::all_of(name.begin(), name.end(), [](char c) {
      return c > ' ' && c < '\x7f' && c != '"' && c != '(' && c != ')' && c != ',';
    });
    if (colon == std::string::npos || name.empty() || !is_name) {
      return Status::InvalidArgument("Invalid header: expected 'Name: value'");
    }
    call->headers.emplace_back(name, Trim(std::string_view(header).substr(colon + 1)));
  }
  for (const auto& [name, value] : call->headers) {
    if (!net::IsHeaderText(value)) {
      return Status::InvalidArgument("Invalid header " + name + ": it has a line end");
    }
  }
  return Status::Ok();
}

Result<bool> ReadFollows(const std::string& text) {
  const std::string word = ToLowerAscii(Trim(text));
  if (word == "ok" || word == "follow") return word == "follow";
  return Status::InvalidArgument("Invalid onredirect: '" + text +
                                 "' (expected ok or follow)");
}

}  // namespace

void AddHttpOptions(checks::OptionTable& options) {
  options.List("url", {},
               "A URL to ask, http://host[:port]/path or https://...; may be given "
               "several times");
  options.Text("host", "", "The host to ask when there is no url");
  options.Integer("port", 0, "The port beside host: 80, and 443 for https, without it")
      .HideDefault();
  options.Text("path", "/", "The path beside host");
  options.Text("protocol", "http", "The protocol beside host: http or https");
  options.Bool("ssl", "The same as protocol=https");
  options.Integer("timeout", 30000,
                  "Milliseconds that one URL has for all, redirects included");
  options.Text("method", "GET", "The method of the request; with post-data it is POST");
  options.Text("post-data", "", "The body of the request");
  options.Text("content-type", "application/x-www-form-urlencoded",
               "What kind of text post-data is");
  options.Text("username", "", "The user for Basic authentication");
  options.Text("password", "", "The password for Basic authentication");
  options.Text("expected-body", "", "Text that the body of the answer must hold");
  options.Text("user-agent", "NSClient++", "How the check names itself to the server");
  options.List("header", {},
               "A further header of the request, 'Name: value'; may be given several "
               "times");
  options.Text("onredirect", "ok",
               "What becomes of a redirect: ok takes it for the answer, follow goes "
               "where it leads");
  options.Integer("max-redirs", 15, "How many redirects to follow at most");
  options.Text("sni", "",
               "The name that is told to the server in TLS and must stand in its "
               "certificate; the URL's host without it");
  AddTlsOptions(options, "peer");
  options.List("json-path", {},
               "A value of an answer in JSON as a keyword, name:dotted.path, such as "
               "queue:status.queue.0.length; may be given several times");
  AddFamilyOption(options);
}

Result<std::vector<JsonPath>> ReadJsonPaths(const checks::Arguments& arguments,
                                            const checks::KeywordTable& keywords) {
  std::vector<JsonPath> paths;
  for (const std::string& text : arguments.List("json-path")) {
    ASSIGN_OR_RETURN(JsonPath path, ParseJsonPath(text));
    bool is_taken = keywords.Find(path.alias) != nullptr;
    for (const JsonPath& other : paths) is_taken |= other.alias == path.alias;
    if (is_taken) {
      return Status::InvalidArgument("Invalid json-path: the name '" + path.alias +
                                     "' is taken; choose another");
    }
    paths.push_back(std::move(path));
  }
  if (paths.size() > kMaxJsonPaths) {
    return Status::InvalidArgument("Too many json-path: at most " +
                                   std::to_string(kMaxJsonPaths));
  }
  return paths;
}

Result<HttpPlan> ReadHttpPlan(const checks::Arguments& arguments,
                              const Surroundings& surroundings) {
  HttpPlan plan;
  plan.urls = arguments.List("url");
  if (plan.urls.empty()) {
    ASSIGN_OR_RETURN(std::string url, BuildUrl(arguments));
    plan.urls.push_back(std::move(url));
  }
  if (plan.urls.size() > kMaxHosts) {
    return Status::InvalidArgument("Too many URLs: " + std::to_string(plan.urls.size()) +
                                   " (at most " + std::to_string(kMaxHosts) + ")");
  }
  net::HttpCall& call = plan.call;
  ASSIGN_OR_RETURN(call.method, ReadMethod(arguments));
  call.body = arguments.Text("post-data");
  call.user = arguments.Text("username");
  call.password = arguments.Text("password");
  RETURN_IF_ERROR(ReadHeaders(arguments, &call));
  ASSIGN_OR_RETURN(call.follow, ReadFollows(arguments.Text("onredirect")));
  ASSIGN_OR_RETURN(const int64_t redirects,
                   ReadNumber(arguments, "max-redirs", 0, kMaxRedirects));
  call.max_redirects = static_cast<int>(redirects);
  ASSIGN_OR_RETURN(call.tls, ReadTls(arguments, surroundings));
  call.tls.server_name = arguments.Text("sni");
  ASSIGN_OR_RETURN(call.family, net::ParseFamily(arguments.Text("address-family")));
  plan.expected = arguments.Text("expected-body");
  return plan;
}

}  // namespace nscp::check_net
