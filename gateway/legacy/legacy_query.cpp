// GET /query/<command> (rest-api.md 6.1, 8.1 and 8.2): what check_nsc_web and
// check_nscp_api ask.
#include "gateway/api/answer.h"
#include "gateway/api/context.h"
#include "gateway/api/execute.h"
#include "gateway/legacy/legacy.h"
#include "proto/cpp/text.h"

namespace nscp::gateway {
namespace {

// check_nscp_api needs a number's object for each item and crashes without one.
void WriteText(const sdk::PerfValue& perf, bool as_number_too, json::Writer& out) {
  out.Key("string_value").BeginObject().Field("value", *perf.text).EndObject();
  if (!as_number_too) return;
  out.Key("float_value")
      .BeginObject()
      .Field("value", *perf.text)
      .Field("unit", "")
      .EndObject();
}

void WriteItem(const sdk::PerfValue& perf, bool text_as_number, json::Writer& out) {
  out.BeginObject().Field("alias", perf.label);
  if (perf.text) {
    WriteText(perf, text_as_number, out);
  } else {
    out.Key("float_value").BeginObject();
    WriteNumber(perf, out);
    out.EndObject();
  }
  out.EndObject();
}

Response LegacyQuery(const Context& context) {
  const bool icinga = ToLowerAscii(context.request.Header("User-Agent").value_or(""))
                          .find("check_nscp_api") != std::string::npos;
  const sdk::CheckResult result = ExecuteQuery(context, context.Get("name"));
  json::Writer out;
  out.BeginObject().Key("payload").BeginArray().BeginObject();
  out.Field("command", result.command).Field("result", sdk::StateName(result.state));
  out.Key("lines").BeginArray();
  for (const sdk::Line& line : result.lines) {
    out.BeginObject().Field("message", line.message).Key("perf").BeginArray();
    for (const sdk::PerfValue& perf : line.perf) WriteItem(perf, icinga, out);
    out.EndArray().EndObject();
  }
  out.EndArray().EndObject().EndArray().EndObject();
  return JsonAnswer(out);
}

}  // namespace

void AddLegacyQuery(Router& router) {
  router.Add({"GET", "/query/{name}", kUnversioned, "legacy", LegacyQuery});
}

void AddLegacy(Router& router) {
  AddLegacyQuery(router);
  AddLegacyLogin(router);
  AddLegacyCore(router);
  AddLegacyLog(router);
  AddLegacyQueryMessage(router);
  AddLegacySettingsMessage(router);
}

}  // namespace nscp::gateway
