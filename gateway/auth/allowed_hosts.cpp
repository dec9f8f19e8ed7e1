#include "gateway/auth/allowed_hosts.h"

#include <algorithm>
#include <utility>

#include "proto/cpp/text.h"

namespace nscp::gateway {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool LooksNumeric(std::string_view text) {
  return text.find(':') != std::string_view::npos || (!text.empty() && IsDigit(text[0]));
}

// The first run of digits, cut at 128; nothing when there is none at the start.
std::optional<unsigned> PrefixLength(std::string_view text) {
  if (text.empty() || !IsDigit(text[0])) return std::nullopt;
  unsigned bits = 0;
  for (const char c : text) {
    if (!IsDigit(c)) break;
    bits = std::min(128U, bits * 10 + static_cast<unsigned>(c - '0'));
  }
  return bits;
}

}  // namespace

AllowedHosts::AllowedHosts(std::string_view list, bool cache, Resolver resolver)
    : cache_(cache), resolver_(std::move(resolver)) {
  std::vector<std::string> entries = SplitList(list);
  if (entries.size() > kMaxEntries) {
    problems_.push_back("allowed hosts has more than " + std::to_string(kMaxEntries) +
                        " entries, the rest is ignored: use prefixes (10.0.0.0/8)");
    entries.resize(kMaxEntries);
  }
  for (const std::string& entry : entries) Add(entry);
}

void AllowedHosts::Add(const std::string& entry) {
  if (entry.back() == '*') return AddWildcard(entry);
  const size_t slash = entry.find('/');
  const std::string host(Trim(entry.substr(0, slash)));
  unsigned bits = 128;
  if (slash != std::string::npos) {
    const auto given = PrefixLength(Trim(std::string_view(entry).substr(slash + 1)));
    if (!given) {
      problems_.push_back("allowed hosts: '" + entry +
                          "' is ignored: a number of bits must follow the '/'");
      return;
    }
    bits = *given;
  }
  if (!LooksNumeric(host)) return AddName(host, bits, cache_);
  const auto address = ParseAddress(host);
  if (!address) {
    problems_.push_back("allowed hosts: '" + entry + "' is ignored: not an IP address");
    return;
  }
  networks_.push_back({*address, std::min(bits, address->bits())});
}

// "10.1.*" is 10.1.0.0/16, "2001:db8:*" is 2001:db8::/32 and "*" is everybody.
void AllowedHosts::AddWildcard(const std::string& entry) {
  std::string_view head = std::string_view(entry).substr(0, entry.size() - 1);
  if (head.empty()) {
    for (const char* any : {"0.0.0.0", "::"})
      networks_.push_back({*ParseAddress(any), 0});
    return;
  }
  const char separator = head.find(':') != std::string_view::npos ? ':' : '.';
  const bool v4 = separator == '.';
  if (head.back() == separator) head.remove_suffix(1);
  const std::vector<std::string> groups = Split(head, separator);
  const size_t most = v4 ? 3 : 7;
  std::string padded(head);
  if (v4) {
    for (size_t i = groups.size(); i < 4; ++i) padded += ".0";
  } else {
    padded += "::";
  }
  const bool whole = entry[entry.size() - 2] == separator;  // "10.1*" would cut a group
  const auto address = ParseAddress(padded);
  if (!address || groups.size() > most || !whole || address->v4 != v4) {
    problems_.push_back(
        "allowed hosts: '" + entry +
        "' is ignored: a '*' stands for whole groups at the end (10.1.*)");
    return;
  }
  networks_.push_back({*address, static_cast<unsigned>(groups.size()) * (v4 ? 8U : 16U)});
}

void AllowedHosts::AddName(std::string name, unsigned bits, bool cache) {
  if (!cache) {
    names_.push_back({std::move(name), bits});
    return;
  }
  const std::vector<Address> found = resolver_ ? resolver_(name) : std::vector<Address>();
  if (found.empty()) {
    problems_.push_back("allowed hosts: '" + name +
                        "' has no address; it is looked up again at the next reload");
  }
  for (const Address& address : found) {
    networks_.push_back({address, std::min(bits, address.bits())});
  }
}

bool AllowedHosts::Allows(std::string_view text) const {
  const auto address = ParseAddress(text);
  if (!address) return false;
  if (AllowsFamily(*address)) return true;
  const auto inner = UnmapV4(*address);
  return inner && AllowsFamily(*inner);
}

bool AllowedHosts::AllowsFamily(const Address& address) const {
  for (const Network& network : networks_) {
    if (SamePrefix(network.address, address, network.bits)) return true;
  }
  for (const Name& name : names_) {
    if (!resolver_) break;
    for (const Address& found : resolver_(name.name)) {
      if (SamePrefix(found, address, name.bits)) return true;
    }
  }
  return false;
}

}  // namespace nscp::gateway
