#include "workers/check_system/os_release.h"

#include "proto/cpp/text.h"
#include "workers/check_system/lines.h"

namespace nscp::check_system {
namespace {

// A value as a shell would read it, as far as os-release(5) allows.
std::string Unquoted(std::string_view text) {
  std::string value;
  char quote = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\' && quote != '\'' && i + 1 < text.size()) {
      value += text[++i];
    } else if (quote == 0 && (c == '"' || c == '\'')) {
      quote = c;
    } else if (c == quote && quote != 0) {
      quote = 0;
    } else {
      value += c;
    }
  }
  return value;
}

}  // namespace

void ParseOsRelease(std::string_view text, OsVersion& version) {
  const struct {
    const char* key;
    std::string OsVersion::*member;
  } rows[] = {{"PRETTY_NAME", &OsVersion::os},
              {"ID", &OsVersion::distribution},
              {"NAME", &OsVersion::distribution_name},
              {"VERSION_ID", &OsVersion::version},
              {"ID_LIKE", &OsVersion::family}};
  ForEachLine(text, [&](std::string_view untrimmed) {
    const std::string_view line = Trim(untrimmed);
    const size_t equals = line.find('=');
    if (equals == std::string_view::npos) return;
    for (const auto& row : rows) {
      if (line.substr(0, equals) == row.key) {
        version.*row.member = Unquoted(line.substr(equals + 1));
      }
    }
  });
  version.family = version.family.substr(0, version.family.find(' '));
  if (version.family.empty()) version.family = version.distribution;
  if (version.os.empty()) version.os = version.distribution_name;
}

}  // namespace nscp::check_system
