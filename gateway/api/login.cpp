// Login and logout (rest-api.md 5.2).
#include "gateway/api/answer.h"
#include "gateway/api/context.h"
#include "gateway/api/resources.h"

namespace nscp::gateway {
namespace {

Response Login(const Context& context) {
  json::Writer out;
  out.BeginObject()
      .Field("user", context.who.user)
      .Field("key", context.who.token)
      .EndObject();
  return JsonAnswer(out);
}

Response Logout(const Context& context) {
  context.services.auth->Revoke(context.who.token);
  json::Writer out;
  out.BeginObject().Field("status", "ok").EndObject();
  return JsonAnswer(out);
}

}  // namespace

void AddLogin(Router& router) {
  router.Add({"GET", "/login", kBothVersions, "login.get", Login, true});
  router.Add({"DELETE", "/login", kBothVersions, "login.get", Logout, true});
}

}  // namespace nscp::gateway
