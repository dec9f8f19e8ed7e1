#include "kernel/remote/host_names.h"

#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace {

std::string ToUpperAscii(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

}  // namespace

HostNames SplitHostName(const std::string& hostname) {
  const size_t dot = hostname.find('.');
  return {hostname, hostname.substr(0, dot),
          dot == std::string::npos ? "" : hostname.substr(dot + 1)};
}

HostNames NamesOfThisHost() { return SplitHostName(SystemHostName()); }

std::string WithHostNames(std::string_view text, const HostNames& names) {
  const std::pair<const char*, const std::string*> tokens[] = {
      {"hostname", &names.hostname}, {"host", &names.host}, {"domain", &names.domain}};
  std::string replaced(text);
  for (const auto& [token, value] : tokens) {
    const std::string name = token;
    replaced = ReplaceAll(replaced, "${" + name + "}", *value);
    replaced = ReplaceAll(replaced, "${" + name + "_lc}", ToLowerAscii(*value));
    replaced = ReplaceAll(replaced, "${" + name + "_uc}", ToUpperAscii(*value));
  }
  return replaced;
}

}  // namespace nscp::kernel
