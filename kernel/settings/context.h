// What names a settings store: a context. `ini`, `ini://<file or folder>`, a plain path,
// `http(s)://<url>`, `registry[://<root>/<path>]`, `old[://<file>]`, `dummy`. Functions
// without state; any thread. Source: the settings specification B.3.
#pragma once

#include <string>
#include <string_view>

#include "kernel/settings/paths.h"
#include "proto/cpp/status.h"

namespace nscp::kernel {

enum class StoreType { kIni, kHttp, kRegistry, kOld, kDummy };
// "ini", "http", "registry", "old", "dummy".
std::string_view StoreTypeName(StoreType type);

struct StoreContext {
  StoreType type = StoreType::kIni;
  // With its tokens: a file or folder, the whole URL, a path in the registry.
  std::string place;
};
// InvalidArgument for a scheme that nobody knows. Nothing is looked up.
Result<StoreContext> ParseContext(std::string_view context);

// How a context that is an ini file begins.
inline constexpr std::string_view kIniScheme = "ini://";
// The file or folder of an ini context, whether it exists or not; InvalidArgument for
// other stores.
Result<std::string> FileOfContext(std::string_view context, const PathTokens& tokens);
// Whether there is something to open. Of a URL only the download tells: true.
bool ContextExists(std::string_view context, const PathTokens& tokens);

bool IsUrlContext(std::string_view context);
// For every text that people read: of a URL without its user, password, query and
// fragment, which may be secrets.
std::string ShownContext(std::string_view context);
// `context` as a canonical absolute path or URL: two spellings of one store give one
// text. The instance id is a hash of it.
std::string CanonicalStore(std::string_view context, const PathTokens& tokens);

}  // namespace nscp::kernel
