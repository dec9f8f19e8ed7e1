// /auth/token and /auth/logout (rest-api.md 6.2): only for the user agents of 2.4, all
// others are told that credentials in a query string are gone.
#include "gateway/api/answer.h"
#include "gateway/api/context.h"
#include "gateway/legacy/legacy.h"

namespace nscp::gateway {
namespace {

bool IsAllowedAgent(const Context& context) {
  return context.services.auth->access()->IsLegacyAgent(
      context.request.Header("User-Agent").value_or(""));
}

Response Gone() {
  Response response;
  response.status = 410;
  response.content_type = kJson;
  response.body =
      R"({ "status" : "error", "message" : "Credentials as query parameter were removed: )"
      R"(use GET /api/v2/login with Basic authentication" })";
  return response;
}

// `token` is made of letters and digits by ourselves and needs no escaping.
Response TokenAnswer(const std::string& token) {
  Response response;
  response.content_type = kJson;
  response.headers.emplace_back("__TOKEN", token);
  response.body = R"({ "status" : "ok", "auth token": ")" + token + R"(" })";
  return response;
}

Response GetToken(const Context& context) {
  if (!IsAllowedAgent(context)) return Gone();
  Authenticator& auth = *context.services.auth;
  const std::string_view password = context.request.Parameter1("password").value_or("");
  Identity who = auth.IdentifyPassword(context.request, kAdminUser, password, true);
  if (who.ok() && !auth.Allows(who, "login.get")) {
    auth.Revoke(who.token);
    who = Authenticator::RefuseGrant(who, "login.get");
  }
  return who.ok() ? TokenAnswer(who.token) : context.Refuse(who);
}

Response DropToken(const Context& context) {
  if (!IsAllowedAgent(context)) return Gone();
  context.services.auth->Revoke(context.request.Parameter1("token").value_or(""));
  return TokenAnswer("");
}

}  // namespace

void AddLegacyLogin(Router& router) {
  for (const char* method : {"GET", "POST"}) {
    router.Add({method, "/auth/token", kUnversioned, kOpen, GetToken});
    router.Add({method, "/auth/logout", kUnversioned, kOpen, DropToken});
  }
}

}  // namespace nscp::gateway
