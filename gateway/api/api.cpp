#include "gateway/api/api.h"

#include <algorithm>
#include <utility>

#include "gateway/api/answer.h"
#include "gateway/api/resources.h"
#include "gateway/legacy/legacy.h"
#include "gateway/web/page.h"
#include "proto/cpp/text.h"
#include "proto/cpp/utf8.h"

namespace nscp::gateway {
namespace {

// rest-api.md 1.3: one non-empty copy of exactly this header replaces the method.
std::string EffectiveMethod(const Request& request) {
  std::string_view found;
  for (const std::string_view value : request.Headers("X-HTTP-Method-Override")) {
    if (value.empty()) continue;
    if (!found.empty()) return request.method;
    found = value;
  }
  return found.empty() ? request.method : std::string(found);
}

// rest-api.md 1.2; a Host header that could not be a host is not echoed.
std::string BaseUrl(const Request& request) {
  static constexpr std::string_view kAllowed =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.:_-[]";
  const std::string_view host = request.Header("Host").value_or("");
  if (host.empty() || host.find_first_not_of(kAllowed) != std::string_view::npos)
    return {};
  return (request.tls ? "https://" : "http://") + std::string(host);
}

void SetCookies(const Request& request, const Identity& who, Response& response) {
  if (who.token.empty()) return;
  const std::string attributes = std::string("; Path=/; HttpOnly") +
                                 (request.tls ? "; Secure" : "") + "; SameSite=Strict";
  const std::pair<const char*, const std::string&> cookies[] = {{"token=", who.token},
                                                                {"uid=", who.user}};
  for (const auto& [name, value] : cookies) {
    if (value.find_first_of("\r\n;") != std::string::npos) continue;
    response.headers.emplace_back("Set-Cookie", name + value + attributes);
  }
}

bool WantsPage(const Request& request) {
  return request.Header("Accept").value_or("").find("text/html") !=
         std::string_view::npos;
}

// "modules.{command}" with the captured command in place.
std::string NeededGrant(const Context& context, std::string_view grant) {
  const size_t open = grant.find('{');
  if (open == std::string_view::npos) return std::string(grant);
  const size_t close = grant.find('}', open);
  return std::string(grant.substr(0, open)) +
         context.Get(grant.substr(open + 1, close - open - 1)) +
         std::string(grant.substr(close + 1));
}

}  // namespace

Api::Api(Options options) {
  services_.kernel = options.kernel;
  services_.auth = options.auth;
  services_.clock = std::move(options.clock);
  services_.version = std::move(options.version);
  services_.web_folders = std::move(options.web_folders);
  services_.upload_folder = std::move(options.upload_folder);
  services_.log = std::move(options.log);
  services_.routes = &router_.routes();
  streams_ = std::make_unique<Streams>(services_.auth, services_.clock);
  services_.streams = streams_.get();
  AddDiscovery(router_);
  AddLogin(router_);
  AddInfo(router_);
  AddModules(router_);
  AddModuleUpdates(router_);
  AddQueries(router_);
  AddAliases(router_);
  AddHealth(router_);
  AddLogs(router_);
  AddMetrics(router_);
  AddEvents(router_);
  AddEventStreams(router_);
  AddTags(router_);
  AddMetadata(router_);
  AddScripts(router_);
  AddSettings(router_);
  AddSettingsUpdates(router_);
  AddOpenApi(router_);
  AddLegacy(router_);
  AddPages(router_);  // last: files never hide a route
  if (services_.kernel == nullptr) return;
  watch_ = services_.kernel->WatchModules(
      [this](const v1::WatchModulesResponse& news) {
        services_.listings.Heard(news.revision());
      },
      [this](const Status&) { services_.listings.Deaf(); });
}

void Api::Configure(const sdk::Settings& settings, std::string_view root) {
  const auto access = services_.auth->Configure(settings, root);
  services_.reload.Over();
  const auto bound = [&](const char* key, size_t otherwise) {
    const int64_t number = settings.GetInt(root, key, static_cast<int64_t>(otherwise));
    return static_cast<size_t>(
        std::clamp<int64_t>(number, 0, static_cast<int64_t>(Streams::kMaxListeners)));
  };
  streams_->SetLimits(
      bound("stream listeners", Streams::kDefaultListeners),
      bound("stream listeners of one user", Streams::kDefaultListenersOfUser));
  if (!services_.log) return;
  for (const std::string& error : access->errors) {
    services_.log(sdk::LogLevel::kError, error);
  }
  for (const std::string& warning : access->warnings) {
    services_.log(sdk::LogLevel::kWarning, warning);
  }
}

Response Api::Handle(const Request& request) {
  const auto segments = SplitPath(request.path);
  if (!segments) return TextAnswer(400, "Invalid path");
  Context context{
      request, services_, EffectiveMethod(request), kUnversioned, BaseUrl(request),
      {},      {}};
  auto match = router_.Find(context.method, *segments);
  if (!match) return Unmatched(context, *segments);
  context.version = match->version;
  context.captures = std::move(match->captures);
  return Dispatch(context, *match->route);
}

Response Api::Dispatch(Context& context, const Route& route) {
  if (route.for_browsers != nullptr && WantsPage(context.request)) {
    return route.for_browsers(context);
  }
  if (route.grant == kOpen) return route.handler(context);
  context.who = services_.auth->Identify(context.request, route.fresh_token);
  if (!context.who.ok()) {
    return context.Refuse(context.who);
  }
  if (route.grant != kHandlerAsks) {
    const std::string need = NeededGrant(context, route.grant);
    if (!context.May(need)) return context.Refuse(need);
  }
  Response response = route.handler(context);
  if (response.status != 403) SetCookies(context.request, context.who, response);
  return response;
}

Response Api::Unmatched(const Context& context,
                        const std::vector<std::string>& segments) const {
  if (segments.empty() || segments[0] != "api") {
    const bool page = context.method == "GET" && IsPagePath(context.request.path);
    return page ? Page(context) : TextAnswer(404, "Document not found");
  }
  std::string prefix = "/api";
  size_t first = 1;
  if (VersionOf(segments) != kUnversioned) {
    prefix += "/" + segments[1];
    first = 2;
  }
  std::string rest;
  for (size_t i = first; i < segments.size(); ++i) rest += "/" + segments[i];
  return TextAnswer(404, "[500] Document not found: invalid handler for \"" +
                             RepairUtf8(context.method + ":" + rest) + "\" in " + prefix);
}

size_t Api::BodyLimit(std::string_view method, std::string_view path) {
  const auto segments = SplitPath(path);
  if (!segments) return kMaxBodyBytes;
  if (NamesScript(*segments)) return kMaxScriptBytes;
  const bool is_package = (method == "PUT" || method == "POST") &&
                          VersionOf(*segments) != kUnversioned && segments->size() == 4 &&
                          (*segments)[2] == "modules";
  return is_package ? kMaxPackageBytes : kMaxBodyBytes;
}

bool Api::IsLong(std::string_view, std::string_view path) {
  const auto segments = SplitPath(path);
  if (!segments || segments->empty()) return false;
  const std::string& first = (*segments)[0];
  if (first == "query" || first == "query.pb" || first == "console") return true;
  return VersionOf(*segments) != kUnversioned && segments->size() == 6 &&
         (*segments)[2] == "queries" && (*segments)[4] == "commands";
}

}  // namespace nscp::gateway
