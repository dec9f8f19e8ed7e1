// Where the parts of the API are (rest-api.md 5.1 and 11: links carry the version asked).
#include "gateway/api/answer.h"
#include "gateway/api/context.h"
#include "gateway/api/resources.h"

namespace nscp::gateway {
namespace {

Response ListVersions(const Context& context) {
  json::Writer out;
  out.BeginObject()
      .Field("current_api", context.base + "/api/v2")
      .Field("legacy_api", context.base + "/api/v1")
      .Field("beta_api", context.base + "/api/v2")
      .EndObject();
  return JsonAnswer(out);
}

Response ListResources(const Context& context) {
  json::Writer out;
  out.BeginObject();
  for (const char* name :
       {"scripts", "modules", "queries", "aliases", "settings", "logs", "info", "tags"}) {
    out.Field(name + std::string("_url"), context.Link(name));
  }
  out.EndObject();
  return JsonAnswer(out);
}

}  // namespace

void AddDiscovery(Router& router) {
  router.Add({"GET", "/api", kUnversioned, "public", ListVersions});
  router.Add({"GET", "/", kBothVersions, "public", ListResources});
}

}  // namespace nscp::gateway
