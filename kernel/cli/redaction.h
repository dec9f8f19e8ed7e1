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
  // The sensitive values of `entries`, which were asked for in clear.
  void AddSensitive(const v1::GetSettingsResponse& entries);

  // With "***" for each, also where it stands escaped in JSON.
  std::string Known(std::string text) const;
  // Of one line or value from outside: the same, and also "password=x", "--token x" and
  // the user in front of a host in an address.
  std::string Line(std::string text) const;

 private:
  std::vector<std::string> secrets_;  // longest first: one may hold another
};

}  // namespace nscp::kernel
