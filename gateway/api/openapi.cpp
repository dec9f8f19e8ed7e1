#include "gateway/api/openapi.h"

#include "gateway/api/answer.h"
#include "gateway/api/context.h"
#include "gateway/api/resources.h"
#include "json/value.h"
#include "proto/cpp/text.h"

namespace nscp::gateway {
namespace {

constexpr char kAbout[] =
    "Everything the agent answers over HTTPS. A route without the prefix /api is for "
    "older clients. The same address also knows the method X-HTTP-Method-Override names, "
    "for clients that can only GET. Every refusal is the same 403; the agent's log says "
    "which gate refused and what would open it. `x-grant` is what the caller's role must "
    "hold. A path below /settings is sent as one parameter, with or without its slashes "
    "encoded.";

// One address of a route: v1, v2 or neither, with or without what a last capture takes.
struct Place {
  std::string path;
  std::string operation;
  bool under = false;
};

std::vector<std::string_view> Words(std::string_view list) {
  std::vector<std::string_view> words;
  while (!list.empty()) {
    const size_t blank = list.find(' ');
    if (blank != 0) words.push_back(list.substr(0, blank));
    list.remove_prefix(blank == std::string_view::npos ? list.size() : blank + 1);
  }
  return words;
}

void AddPlaces(const std::string& prefix, const std::string& suffix, const Route& route,
               std::string_view operation, std::vector<Place>& places) {
  std::string pattern(route.pattern == "/" && !prefix.empty() ? "" : route.pattern);
  const std::string name = std::string(operation) + suffix;
  if (EndsWith(pattern, "+}")) pattern.replace(pattern.size() - 2, 2, "}");
  if (!EndsWith(pattern, "...}"))
    return places.push_back({prefix + pattern, name, false});
  pattern.replace(pattern.size() - 4, 4, "}");
  const std::string whole = pattern.substr(0, pattern.rfind("/{"));
  places.push_back({prefix + whole, name, false});
  places.push_back({prefix + pattern, std::string(operation) + "Under" + suffix, true});
}

std::vector<Place> PlacesOf(const Route& route, const RouteDescription& words) {
  std::vector<Place> places;
  if (route.versions == kUnversioned) AddPlaces("", "", route, words.operation, places);
  if ((route.versions & kV1) != 0)
    AddPlaces("/api/v1", "V1", route, words.operation, places);
  if ((route.versions & kV2) != 0)
    AddPlaces("/api/v2", "", route, words.operation, places);
  return places;
}

const RouteDescription* FindDescription(const Route& route) {
  for (const RouteDescription& words : RouteDescriptions()) {
    if (words.method == route.method && words.pattern == route.pattern &&
        words.versions == route.versions) {
      return &words;
    }
  }
  return nullptr;
}

void WriteReference(std::string_view kind, std::string_view name, json::Writer& out) {
  out.BeginObject()
      .Field("$ref", "#/components/" + std::string(kind) + "/" + std::string(name))
      .EndObject();
}

void CopyValue(const json::Value& value, json::Writer& out) {
  switch (value.kind()) {
    case json::Value::Kind::kObject:
      out.BeginObject();
      for (const auto& [name, member] : value.Members()) {
        out.Key(name);
        CopyValue(member, out);
      }
      out.EndObject();
      break;
    case json::Value::Kind::kArray:
      out.BeginArray();
      for (const json::Value& item : value.Items()) CopyValue(item, out);
      out.EndArray();
      break;
    case json::Value::Kind::kString:
      out.String(value.AsString());
      break;
    case json::Value::Kind::kBool:
      out.Bool(value.AsBool());
      break;
    case json::Value::Kind::kNumber:
      out.Double(value.AsDouble());
      break;
    case json::Value::Kind::kNull:
      out.Null();
      break;
  }
}

void WriteAnswers(const Route& route, const RouteDescription& words, json::Writer& out) {
  out.Key("responses").BeginObject();
  for (const std::string_view word : Words(words.answers)) {
    const size_t colon = word.find(':');
    out.Key(word.substr(0, colon));
    WriteReference("responses", word.substr(colon + 1), out);
  }
  if (route.grant != kOpen) {
    out.Key("403");
    WriteReference("responses", "Forbidden", out);
  }
  out.EndObject();
}

void WriteOperation(const Route& route, const RouteDescription& words, const Place& place,
                    json::Writer& out) {
  out.Key(ToLowerAscii(route.method)).BeginObject();
  out.Field("operationId", place.operation).Field("summary", std::string(words.summary));
  out.Key("tags").BeginArray().String(words.tag).EndArray();
  out.Key("parameters").BeginArray();
  for (const std::string_view name : Words(words.parameters)) {
    const bool rest = name == "settingsPath" || name == "rest";
    if (rest && !place.under) continue;
    WriteReference("parameters", name, out);
  }
  out.EndArray();
  if (!words.body.empty()) {
    out.Key("requestBody");
    WriteReference("requestBodies", words.body, out);
  }
  WriteAnswers(route, words, out);
  if (route.grant == kOpen) out.Key("security").BeginArray().EndArray();
  if (route.grant != kOpen && route.grant != kHandlerAsks) {
    out.Field("x-grant", std::string(route.grant));
  }
  out.EndObject();
}

void WriteHead(json::Writer& out) {
  out.Field("openapi", "3.0.3").Key("info").BeginObject();
  out.Field("title", "nscp").Field("description", kAbout).Field("version", "2.0.0");
  out.EndObject();
  out.Key("servers").BeginArray().BeginObject().Field("url", "/").EndObject().EndArray();
  // Each alone is enough.
  out.Key("security").BeginArray();
  for (const char* scheme : {"basic", "bearer", "passwordHeader", "tokenHeader",
                             "authTokenHeader", "tokenParameter"}) {
    out.BeginObject().Key(scheme).BeginArray().EndArray().EndObject();
  }
  out.EndArray();
}

Status WriteComponents(json::Writer& out) {
  const OpenApiComponents parts = ApiComponents();
  const std::pair<const char*, std::string_view> kinds[] = {
      {"schemas", parts.schemas},
      {"parameters", parts.parameters},
      {"requestBodies", parts.bodies},
      {"responses", parts.responses},
      {"securitySchemes", parts.security}};
  out.Key("components").BeginObject();
  for (const auto& [name, text] : kinds) {
    const auto parsed = json::Parse(text);
    if (!parsed.ok())
      return Status::Internal(std::string("the API's description of ") + name +
                              " is no JSON: " + parsed.status().message());
    out.Key(name);
    CopyValue(*parsed, out);
  }
  out.EndObject();
  return Status::Ok();
}

// Each place with its operations; the first row of a method and a place counts, as it
// does in the router.
struct Operation {
  const Route* route;
  const RouteDescription* words;
  Place place;
};
using Paths = std::vector<std::pair<std::string, std::vector<Operation>>>;

void AddOperation(Operation operation, Paths& paths) {
  for (auto& [path, operations] : paths) {
    if (path != operation.place.path) continue;
    for (const Operation& known : operations) {
      if (known.route->method == operation.route->method) return;
    }
    operations.push_back(std::move(operation));
    return;
  }
  const std::string path = operation.place.path;
  paths.emplace_back(path, std::vector<Operation>{std::move(operation)});
}

Response GetDocument(const Context& context) {
  const auto document = OpenApiDocument(*context.services.routes);
  if (!document.ok()) return FailedCall(context, document.status());
  return JsonText(*document);
}

}  // namespace

Result<std::string> OpenApiDocument(const std::vector<Route>& routes) {
  Paths paths;
  for (const Route& route : routes) {
    const RouteDescription* words = FindDescription(route);
    if (words == nullptr) {
      return Status::Internal("the route " + std::string(route.method) + " " +
                              std::string(route.pattern) + " has no description");
    }
    for (Place& place : PlacesOf(route, *words)) {
      AddOperation({&route, words, std::move(place)}, paths);
    }
  }
  json::Writer out;
  out.BeginObject();
  WriteHead(out);
  out.Key("paths").BeginObject();
  for (const auto& [path, operations] : paths) {
    out.Key(path).BeginObject();
    for (const Operation& operation : operations) {
      WriteOperation(*operation.route, *operation.words, operation.place, out);
    }
    out.EndObject();
  }
  out.EndObject();
  RETURN_IF_ERROR(WriteComponents(out));
  out.EndObject();
  return out.Text();
}

void AddOpenApi(Router& router) {
  router.Add({"GET", "/openapi.json", kV2, "public", GetDocument});
}

}  // namespace nscp::gateway
