// Queries: list, single and the two ways to run one (rest-api.md 5.5; corrections 9).
#include "gateway/api/answer.h"
#include "gateway/api/context.h"
#include "gateway/api/execute.h"
#include "gateway/api/names.h"
#include "gateway/api/resources.h"
#include "proto/cpp/text.h"

namespace nscp::gateway {
namespace {

Response ListQueries(const Context& context) {
  return ListNames(context, v1::NAME_QUERY);
}

// Looks in the list rather than asking the query's worker: nothing runs to be described.
Result<v1::NameInfo> FindName(const Context& context, const std::string& name) {
  const std::string wanted = ToLowerAscii(name);
  for (const v1::NameKind kind : {v1::NAME_QUERY, v1::NAME_ALIAS}) {
    v1::ListQueriesRequest request;
    request.set_kind(kind);
    ASSIGN_OR_RETURN(const auto listed,
                     context.kernel().ListQueries(request, context.Call()));
    for (const v1::NameInfo& info : listed.names()) {
      if (ToLowerAscii(info.name()) == wanted) return info;
    }
  }
  return Status::NotFound("Query not found: " + name);
}

Response GetQuery(const Context& context) {
  const std::string& name = context.Get("name");
  const auto found = FindName(context, name);
  if (found.status().code() == Code::kNotFound) {
    return TextAnswer(404, found.status().message());
  }
  if (!found.ok()) return FailedCall(context, found.status());
  const std::string link = "queries/" + EncodeSegment(name) + "/commands/";
  json::Writer out;
  out.BeginObject().Field("name", name);  // as typed
  if (found->modules_size() > 0) out.Field("plugin", found->modules(0));
  out.Field("title", found->title().empty() ? found->name() : found->title())
      .Field("execute_url", context.Link(link + "execute"))
      .Field("execute_nagios_url", context.Link(link + "execute_nagios"));
  out.Key("metadata").BeginObject().EndObject();
  out.Field("description", found->description()).EndObject();
  return JsonAnswer(out);
}

Response CommandQuery(const Context& context) {
  const std::string& command = context.Get("command");
  const bool nagios = command == "execute_nagios";
  if (!nagios && command != "execute") {
    return TextAnswer(404, "unknown command: " + command);
  }
  const sdk::CheckResult result = ExecuteQuery(context, context.Get("name"));
  if (context.request.Header("Accept").value_or("") == kText) return ResultAsText(result);
  Response response;
  response.content_type = kJson;
  response.body = nagios ? ResultAsNagios(result) : ResultAsJson(result);
  return response;
}

}  // namespace

void AddQueries(Router& router) {
  router.Add({"GET", "/queries", kBothVersions, "queries.list", ListQueries});
  router.Add({"GET", "/queries/{name}", kBothVersions, "queries.get", GetQuery});
  router.Add({"GET", "/queries/{name}/commands/{command}", kBothVersions,
              "queries.execute", CommandQuery});
}

}  // namespace nscp::gateway
