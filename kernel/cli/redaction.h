// What must not stand in a text that goes to somebody else: the secrets of the settings,
// wherever they turn up, and what looks like one. A value; const calls from any thread.
#pragma once

#include <string>
#include <vector>

#include "nscp/v1/settings.pb.h"

namespace nscp::kernel {

class Redaction {
 public:
  // Each in clear. Those shorter than kShortestSecret (secrets.h) stand in any text and
  // are not looked for.
  void Add(const std::string& secret);
  // Of entries that were asked for in clear the sensitive ones, and what looks like a
  // secret in the others.
  void Learn(const v1::GetSettingsResponse& entries);

  // With "***" for each.
  std::string Known(std::string text) const;
  // Of one line or value: the same, and what looks like a secret: "password=x",
  // "--token x", the user in front of a host in an address.
  std::string Line(std::string text) const;

 private:
  std::vector<std::string> secrets_;  // longest first: one may hold another
};

}  // namespace nscp::kernel
