#include "gateway/api/names.h"

#include "gateway/api/answer.h"
#include "gateway/api/context.h"
#include "gateway/api/resources.h"

namespace nscp::gateway {

Response ListNames(const Context& context, v1::NameKind kind) {
  v1::ListQueriesRequest request;
  request.set_kind(kind);
  const auto listed = context.kernel().ListQueries(request, context.Call());
  if (!listed.ok()) return FailedCall(context, listed.status());
  json::Writer out;
  out.BeginArray();
  for (const v1::NameInfo& info : listed->names()) {
    out.BeginObject().Field("name", info.name());
    if (info.modules_size() > 0) out.Field("plugin", info.modules(0));
    out.Field("query_url", context.Link("queries/" + EncodeSegment(info.name()) + "/"))
        .Field("title", info.title().empty() ? info.name() : info.title());
    out.Key("metadata").BeginObject().EndObject();
    out.Field("description", info.description()).EndObject();
  }
  out.EndArray();
  return JsonAnswer(out);
}

namespace {

Response ListAliases(const Context& context) {
  return ListNames(context, v1::NAME_ALIAS);
}

}  // namespace

void AddAliases(Router& router) {
  router.Add({"GET", "/aliases", kBothVersions, "aliases.list", ListAliases});
}

}  // namespace nscp::gateway
