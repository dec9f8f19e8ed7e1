// The description of the API against the router and against the rules of OpenAPI 3.0.
#include "gateway/api/openapi.h"

#include <doctest/doctest.h>

#include <fstream>
#include <functional>
#include <set>
#include <sstream>

#include "gateway/api/api_fixture.h"
#include "json/value.h"

namespace nscp::gateway {
namespace {

json::Value Described(ApiFixture& f) {
  const Response answer = f.AsAdmin("GET /api/v2/openapi.json");
  REQUIRE(answer.status == 200);
  CHECK(answer.content_type == "application/json");
  return json::Parse(answer.body).value();
}

// Calls `visit` for each operation of the document.
void EachOperation(
    const json::Value& document,
    const std::function<void(const std::string& path, const std::string& method,
                             const json::Value& operation)>& visit) {
  for (const auto& [path, operations] : document.Find("paths")->Members()) {
    for (const auto& [method, operation] : operations.Members()) {
      const auto& this_path = path;
      CAPTURE(this_path);
      const auto& this_method = method;
      CAPTURE(this_method);
      visit(path, method, operation);
    }
  }
}

std::optional<json::Value> Resolve(const json::Value& document,
                                   const std::string& reference) {
  std::optional<json::Value> at = document;
  const std::vector<std::string> steps = Split(reference, '/');
  if (steps.empty() || steps[0] != "#") return std::nullopt;
  for (size_t i = 1; at && i < steps.size(); ++i) at = at->Find(steps[i]);
  return at;
}

void CollectReferences(const json::Value& value, std::set<std::string>& found) {
  for (const auto& [name, member] : value.Members()) {
    if (name == "$ref" && member.IsString()) found.insert(member.AsString());
    CollectReferences(member, found);
  }
  for (const json::Value& item : value.Items()) CollectReferences(item, found);
}

TEST_CASE("each route has one row of words, and each row of words a route") {
  ApiFixture f;
  const auto key = [](const auto& row) {
    return std::string(row.method) + " " + std::string(row.pattern) + " " +
           std::to_string(row.versions);
  };
  std::set<std::string> routes;
  for (const Route& route : f.api->router().routes()) {
    CHECK_MESSAGE(routes.insert(key(route)).second, key(route));
  }
  std::set<std::string> described;
  for (const RouteDescription& words : RouteDescriptions()) {
    CHECK_MESSAGE(described.insert(key(words)).second, key(words));
    CHECK_FALSE(words.summary.empty());
    CHECK_FALSE(words.answers.empty());
  }
  CHECK(routes == described);
}

TEST_CASE("a route without words makes no document") {
  const auto document = OpenApiDocument({{"GET", "/new", kV2, "public", nullptr}});
  CHECK(document.status().code() == Code::kInternal);
  CHECK(document.status().message().find("GET /new") != std::string::npos);
}

TEST_CASE("every address of a route stands in the document") {
  ApiFixture f;
  const json::Value document = Described(f);
  CHECK(document.Find("openapi")->AsString() == "3.0.3");
  const json::Value paths = document.Find("paths").value();
  for (const char* path :
       {"/", "/api", "/api/v1", "/api/v2", "/api/v1/modules/{name}",
        "/api/v2/modules/{name}", "/api/v2/settings", "/api/v2/settings/{path}",
        "/api/v2/metrics", "/metrics", "/metrics/{rest}", "/query/{name}"}) {
    CHECK_MESSAGE(paths.Find(path), path);
  }
  CHECK_FALSE(paths.Find("/api/v1/metrics"));
  CHECK(paths.Find("/metrics")->Find("get")->Find("operationId")->AsString() ==
        "getMetricTree");
}

TEST_CASE("operations have names of their own and declare what stands in their path") {
  ApiFixture f;
  const json::Value document = Described(f);
  std::set<std::string> names;
  EachOperation(document, [&](const std::string& path, const std::string&,
                              const json::Value& operation) {
    CHECK(names.insert(operation.Find("operationId")->AsString()).second);
    CHECK(operation.Find("responses")->size() > 0);
    std::set<std::string> declared;
    for (const json::Value& item : operation.Find("parameters")->Items()) {
      const auto parameter = Resolve(document, item.Find("$ref")->AsString());
      REQUIRE(parameter);
      if (parameter->Find("in")->AsString() != "path") continue;
      CHECK(parameter->Find("required")->AsBool());
      declared.insert(parameter->Find("name")->AsString());
    }
    std::set<std::string> wanted;
    for (const std::string& part : Split(path, '/')) {
      if (StartsWith(part, "{")) wanted.insert(part.substr(1, part.size() - 2));
    }
    CHECK(declared == wanted);
  });
  CHECK(names.count("listModules") == 1);
  CHECK(names.count("listModulesV1") == 1);
}

TEST_CASE("every reference leads somewhere, and every component is referred to") {
  ApiFixture f;
  const json::Value document = Described(f);
  std::set<std::string> found;
  CollectReferences(document, found);
  for (const std::string& reference : found) {
    CHECK_MESSAGE(Resolve(document, reference), reference);
  }
  for (const char* kind : {"schemas", "parameters", "requestBodies", "responses"}) {
    for (const auto& [name, part] : document.Find("components")->Find(kind)->Members()) {
      const std::string reference = std::string("#/components/") + kind + "/" + name;
      CHECK_MESSAGE(found.count(reference) == 1, reference);
    }
  }
  const json::Value schemes =
      document.Find("components")->Find("securitySchemes").value();
  CHECK(document.Find("security")->size() == schemes.size());
  for (const json::Value& item : document.Find("security")->Items()) {
    CHECK(schemes.Find(item.Members().at(0).first));
  }
}

TEST_CASE("an operation says which grant it takes, and an open one that it takes none") {
  ApiFixture f;
  const json::Value paths = Described(f).Find("paths").value();
  const json::Value info = *paths.Find("/api/v2/info")->Find("get");
  CHECK(info.Find("x-grant")->AsString() == "info.get");
  CHECK(info.Find("responses")->Find("403"));
  CHECK_FALSE(info.Find("security"));
  const json::Value alive = *paths.Find("/core/isalive")->Find("get");
  CHECK_FALSE(alive.Find("x-grant"));
  CHECK_FALSE(alive.Find("responses")->Find("403"));
  CHECK(alive.Find("security")->size() == 0);
}

TEST_CASE("the document takes the grant of the discovery routes") {
  ApiFixture f;
  CHECK(f.Send("GET /api/v2/openapi.json").status == 403);
  CHECK(f.As("client", "GET /api/v2/openapi.json").status == 200);
  CHECK(f.As("legacy", "GET /api/v2/openapi.json").status == 403);
  CHECK(f.AsAdmin("GET /api/v1/openapi.json").status == 404);
}

TEST_CASE("the published file is what the gateway says") {
  ApiFixture f;
  std::ifstream file(NSCP_OPENAPI_FILE);
  std::stringstream text;
  text << file.rdbuf();
  const auto published = json::Parse(text.str());
  REQUIRE_MESSAGE(published.ok(), NSCP_OPENAPI_FILE);
  const std::function<bool(const json::Value&, const json::Value&)> same =
      [&](const json::Value& a, const json::Value& b) {
        if (a.kind() != b.kind() || a.size() != b.size()) return false;
        for (const auto& [name, member] : a.Members()) {
          const auto other = b.Find(name);
          if (!other || !same(member, *other)) return false;
        }
        for (size_t i = 0; i < a.Items().size(); ++i) {
          if (!same(a.Items()[i], b.Items()[i])) return false;
        }
        return a.AsString() == b.AsString() && a.NumberText() == b.NumberText() &&
               a.AsBool() == b.AsBool();
      };
  CHECK_MESSAGE(same(Described(f), *published),
                "run packaging/openapi/update.py and commit what it wrote");
}

}  // namespace
}  // namespace nscp::gateway
