// Which addresses may ask (rest-api.md section 4): a comma list of addresses, prefixes
// ("10.0.0.0/8"), trailing wildcards ("10.1.*"), IPv6 forms and names. An empty list lets
// nobody in.
//
// Immutable once made; any thread. With `cache` names are looked up once, by the
// constructor; without it at each question that no numeric entry has answered, on the
// asking thread.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/auth/address.h"

namespace nscp::gateway {

class AllowedHosts {
 public:
  using Resolver = std::function<std::vector<Address>(const std::string& name)>;
  // Entries beyond these are left out, with a problem that says so.
  static constexpr size_t kMaxEntries = 1024;

  AllowedHosts() = default;  // lets nobody in
  AllowedHosts(std::string_view list, bool cache, Resolver resolver);

  // `address` numeric, as the connection has it. A v4-mapped address is tested as IPv6
  // first and then as IPv4. Text that is no address is refused.
  bool Allows(std::string_view address) const;

  // No entry can let anybody in.
  bool empty() const { return networks_.empty() && names_.empty(); }
  // One sentence for each entry that could not be used.
  const std::vector<std::string>& problems() const { return problems_; }

 private:
  struct Network {
    Address address;
    unsigned bits = 0;
  };
  struct Name {
    std::string name;
    unsigned bits = 128;  // cut to the family's length
  };

  void Add(const std::string& entry);
  void AddWildcard(const std::string& entry);
  void AddName(std::string name, unsigned bits, bool cache);
  bool AllowsFamily(const Address& address) const;

  bool cache_ = true;
  Resolver resolver_;
  std::vector<Network> networks_;
  std::vector<Name> names_;
  std::vector<std::string> problems_;
};

}  // namespace nscp::gateway
