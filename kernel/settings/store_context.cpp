// How a context (`ini`, `ini://<path>`, a plain path) becomes a file.
#include "kernel/settings/store.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {
bool IsUrlContext(std::string_view context) {
  return StartsWith(context, "http://") || StartsWith(context, "https://");
}

std::string WithoutQuery(std::string_view context) {
  return std::string(IsUrlContext(context) ? context.substr(0, context.find('?'))
                                           : context);
}

Result<std::string> FileOfContext(std::string_view context, const PathTokens& tokens) {
  for (const std::string_view scheme :
       {"registry", "reg", "old", "http", "https", "dummy"}) {
    if (context == scheme || StartsWith(context, std::string(scheme) + "://")) {
      return Status::Unimplemented("the settings store " + WithoutQuery(context) +
                                   " is not a file; use ini://<path>");
    }
  }
  if (context.empty() || context == "ini" || context == kIniScheme) {
    return tokens.Resolve("${default-ini}");
  }
  if (StartsWith(context, kIniScheme)) context.remove_prefix(kIniScheme.size());
  ASSIGN_OR_RETURN(const std::string path, tokens.Resolve(context));
  if (path.empty()) return Status::InvalidArgument("the settings store has no file name");
  std::vector<std::string> places = {path};
  if (path[0] == '/') places.push_back(path.substr(1));
  places.push_back(tokens.program_folder() + "/" + path);
  for (const std::string& place : places) {
    if (!place.empty() && PathExists(place)) return place;
  }
  return path;
}

}  // namespace nscp::kernel
