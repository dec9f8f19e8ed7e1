#include "kernel/cli/result_json.h"

#include <cmath>

#include "kernel/output/json.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace {

void AddBound(const char* name, const v1::Bound& bound, JsonWriter* json) {
  json->Key(name);
  bound.range().empty() ? json->Real(bound.value()) : json->Text(bound.range());
}

void AddNumber(const v1::Number& number, JsonWriter* json) {
  json->Key("value");
  // "U" is what plugins print for a value that could not be determined.
  std::isfinite(number.value()) ? json->Real(number.value()) : json->Text("U");
  if (number.has_minimum()) json->Key("minimum").Real(number.minimum());
  if (number.has_maximum()) json->Key("maximum").Real(number.maximum());
  if (number.has_warning()) AddBound("warning", number.warning(), json);
  if (number.has_critical()) AddBound("critical", number.critical(), json);
  json->Key("unit").Text(number.unit());
}

void AddLine(const v1::Line& line, JsonWriter* json) {
  json->BeginObject().Key("message").Text(line.message()).Key("perf").BeginObject();
  for (const v1::Perf& perf : line.perf()) {
    json->Key(perf.label()).BeginObject();
    if (perf.has_number()) {
      AddNumber(perf.number(), json);
    } else {
      json->Key("value").Text(perf.text());
    }
    json->EndObject();
  }
  json->EndObject().EndObject();
}

}  // namespace

std::string ResultJson(const std::string& command, const v1::CheckResult& result) {
  JsonWriter json;
  json.BeginObject();
  json.Key("command").Text(result.command().empty() ? ToLowerAscii(command)
                                                    : result.command());
  json.Key("result").Integer(result.code());
  json.Key("lines").BeginArray();
  for (const v1::Line& line : result.lines()) AddLine(line, &json);
  return json.EndArray().EndObject().text();
}

}  // namespace nscp::kernel
