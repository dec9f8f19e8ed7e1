// Name and version of the agent (rest-api.md 5.3).
#include "gateway/api/answer.h"
#include "gateway/api/context.h"
#include "gateway/api/resources.h"

namespace nscp::gateway {
namespace {

Response GetInfo(const Context& context) {
  json::Writer out;
  out.BeginObject()
      .Field("name", "NSClient++")  // clients look for this very word
      .Field("version", context.services.version)
      .Field("version_url", context.base + "/api/v1/info/version")
      .EndObject();
  return JsonAnswer(out);
}

Response GetVersion(const Context& context) {
  json::Writer out;
  out.BeginObject().Field("version", context.services.version).EndObject();
  return JsonAnswer(out);
}

}  // namespace

void AddInfo(Router& router) {
  router.Add({"GET", "/info", kBothVersions, "info.get", GetInfo});
  router.Add({"GET", "/info/version", kBothVersions, "info.get.version", GetVersion});
}

}  // namespace nscp::gateway
