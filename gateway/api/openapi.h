// The description of the whole API in OpenAPI 3.0 (spec.openapis.org/oas/v3.0.3): made
// from the router's rows and from one row of words for each of them. The document is the
// same for every client and every agent of one build; its address is the server's, so it
// names no host. Any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/api/router.h"
#include "proto/cpp/status.h"

namespace nscp::gateway {

// What the router does not know of a route. Lists are words parted by blanks; each names
// an entry of the document's components.
struct RouteDescription {
  std::string_view method;  // these three as the router has them
  std::string_view pattern;
  unsigned versions = kUnversioned;
  // Of v2, or of a route without a version; "V1" is put behind it for v1, "Under" for
  // what a last "{path...}" takes.
  std::string_view operation;
  std::string_view tag;
  std::string_view summary;
  std::string_view parameters;  // of components/parameters, those of the path too
  std::string_view body;        // of components/requestBodies
  // "200:Modules 404:Text", the right side of components/responses. The 403 of all routes
  // with a grant is not written here.
  std::string_view answers;
};

const std::vector<RouteDescription>& RouteDescriptions();

// schemas, parameters, requestBodies, responses and securitySchemes, each as a JSON
// object.
struct OpenApiComponents {
  std::string_view schemas;
  std::string_view parameters;
  std::string_view bodies;
  std::string_view responses;
  std::string_view security;
};
OpenApiComponents ApiComponents();
std::string_view ApiSchemas();  // those of ApiComponents

// The document as compact JSON. Internal when a route has no description or the
// components are no JSON, which a unit test rules out.
Result<std::string> OpenApiDocument(const std::vector<Route>& routes);

}  // namespace nscp::gateway
