#include "kernel/settings/context.h"

#include <filesystem>

#include "kernel/settings/registry.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace {

constexpr std::string_view kAfterScheme = "://";
// Where the installer has always put it.
constexpr std::string_view kDefaultRegistry = "HKEY_LOCAL_MACHINE/software/NSClient++";
constexpr std::string_view kDefaultOld = "${exe-path}/nsc.ini";

struct Scheme {
  std::string_view name;
  StoreType type;
  std::string_view place;  // where the context is the scheme alone
};
constexpr Scheme kSchemes[] = {
    {"ini", StoreType::kIni, "${default-ini}"},
    {"registry", StoreType::kRegistry, kDefaultRegistry},
    {"reg", StoreType::kRegistry, kDefaultRegistry},
    {"old", StoreType::kOld, kDefaultOld},
    {"dummy", StoreType::kDummy, ""},
};

// "/C:/x" is how the path of a URL spells "C:/x".
std::string_view WithoutSlashBeforeDrive(std::string_view path) {
  const bool has_drive = path.size() > 2 && path[0] == '/' && path[2] == ':';
  return has_drive ? path.substr(1) : path;
}

}  // namespace

std::string_view StoreTypeName(StoreType type) {
  switch (type) {
    case StoreType::kIni:
      return "ini";
    case StoreType::kHttp:
      return "http";
    case StoreType::kRegistry:
      return "registry";
    case StoreType::kOld:
      return "old";
    case StoreType::kDummy:
      break;
  }
  return "dummy";
}

bool IsUrlContext(std::string_view context) {
  return StartsWith(context, "http://") || StartsWith(context, "https://");
}

std::string ShownContext(std::string_view context) {
  if (!IsUrlContext(context)) return std::string(context);
  context = context.substr(0, context.find_first_of("?#"));
  const size_t host = context.find(kAfterScheme) + kAfterScheme.size();
  const size_t path = context.find('/', host);
  const size_t user_end = context.substr(0, path).rfind('@');
  if (user_end == std::string_view::npos) return std::string(context);
  return std::string(context.substr(0, host)) + std::string(context.substr(user_end + 1));
}

Result<StoreContext> ParseContext(std::string_view context) {
  context = Trim(context);
  if (context.empty()) context = "ini";
  if (IsUrlContext(context)) return StoreContext{StoreType::kHttp, std::string(context)};
  const size_t at = context.find(kAfterScheme);
  const std::string_view name = context.substr(0, at);
  const std::string_view place =
      at == std::string_view::npos ? "" : context.substr(at + kAfterScheme.size());
  for (const Scheme& scheme : kSchemes) {
    if (scheme.name != name) continue;
    return StoreContext{scheme.type, std::string(place.empty() ? scheme.place : place)};
  }
  if (at == std::string_view::npos) {
    return StoreContext{StoreType::kIni, std::string(context)};
  }
  return Status::InvalidArgument(
      "Undefined settings protocol: " + std::string(name) +
      "; a settings store is ini, http, https, registry, old or dummy");
}

Result<std::string> FileOfContext(std::string_view context, const PathTokens& tokens) {
  ASSIGN_OR_RETURN(const StoreContext parsed, ParseContext(context));
  if (parsed.type != StoreType::kIni) {
    return Status::InvalidArgument("the settings store " + ShownContext(context) +
                                   " is not an ini file; use ini://<path>");
  }
  ASSIGN_OR_RETURN(const std::string path, tokens.Resolve(parsed.place));
  if (path.empty()) return Status::InvalidArgument("the settings store has no file name");
  std::vector<std::string> places = {path};
  if (path[0] == '/') places.push_back(path.substr(1));
  places.push_back(tokens.program_folder() + "/" + path);
  for (const std::string& place : places) {
    if (!place.empty() && PathExists(place)) return place;
  }
  return std::string(WithoutSlashBeforeDrive(path));
}

bool ContextExists(std::string_view context, const PathTokens& tokens) {
  const auto parsed = ParseContext(context);
  if (!parsed.ok()) return true;  // opening it says what is wrong
  switch (parsed->type) {
    case StoreType::kIni: {
      const auto file = FileOfContext(context, tokens);
      return !file.ok() || PathExists(*file);
    }
    case StoreType::kOld:
      return PathExists(tokens.Expand(parsed->place));
    case StoreType::kRegistry:
      return RegistryExists(tokens.Expand(parsed->place));
    case StoreType::kHttp:
    case StoreType::kDummy:
      break;
  }
  return true;
}

std::string CanonicalStore(std::string_view context, const PathTokens& tokens) {
  const auto file = FileOfContext(context, tokens);
  if (!file.ok()) return std::string(context);
  std::error_code error;
  const auto absolute = std::filesystem::absolute(std::filesystem::u8path(*file), error);
  if (error) return *file;
  const auto canonical = std::filesystem::weakly_canonical(absolute, error);
  return error ? absolute.u8string() : canonical.u8string();
}

}  // namespace nscp::kernel
