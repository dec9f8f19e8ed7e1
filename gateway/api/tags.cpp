// The host's tags (rest-api.md 5.11).
#include "gateway/api/answer.h"
#include "gateway/api/context.h"
#include "gateway/api/resources.h"

namespace nscp::gateway {
namespace {

Response ListTags(const Context& context) {
  const auto listed = context.kernel().ListTags({}, context.Call());
  if (!listed.ok()) return FailedCall(context, listed.status());
  json::Writer out;
  out.BeginObject();
  for (const auto& tag : listed->tags()) out.Field(tag.name(), tag.value());
  out.EndObject();
  return JsonAnswer(out);
}

}  // namespace

void AddTags(Router& router) { router.Add({"GET", "/tags", kV2, "tags.get", ListTags}); }

}  // namespace nscp::gateway
