// The permission policy of [/settings/permissions]: which subject (a module, or a module
// and its authenticated user) may run which command. Off by default. Also the audit line.
//
// An immutable value: made from the settings at start and at a reload. Any thread.
//
// Subjects: `Mod` is the module with or without a user, `Mod:` only without, `Mod:*` any
// user, `Mod:user` that one. Objects: `Module.command`; without a dot, the command in any
// module.
// `*` stands for any run of characters, `?` for one; compared without case.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "proto/cpp/status.h"

namespace nscp::kernel {

// Rules beyond are left out; then everything that they would allow is denied.
constexpr size_t kMaxPolicyRules = 10000;

// "WEBServer:admin", "WEBServer", or "*" where there is no identity at all.
std::string SubjectName(std::string_view module, std::string_view user);

bool MatchesWildcard(std::string_view pattern, std::string_view text);
bool MatchesSubject(std::string_view pattern, std::string_view subject);
bool MatchesObject(std::string_view pattern, std::string_view module,
                   std::string_view command);

class Policy {
 public:
  using Entries = std::vector<std::pair<std::string, std::string>>;

  Policy() = default;  // allows everything
  // Keys of [/settings/permissions] and of [/settings/permissions/policies].
  Policy(const Entries& permissions, const Entries& policies);

  // May `subject` run `command`, which `module` answers to? The error's message is the
  // check's text: "Permission denied: <subject> is not allowed to run <command>".
  Status MayRun(std::string_view subject, std::string_view module,
                std::string_view command) const;
  // Command-line commands of modules; `allow exec` is checked first, also while the
  // policy is off.
  Status MayExec(std::string_view subject, std::string_view module,
                 std::string_view command) const;

  bool enabled() const { return enabled_; }
  bool logs_denials() const { return log_denials_; }
  bool logs_allows() const { return log_allows_; }

 private:
  struct Rule {
    std::string subject;
    std::string object;
  };
  bool enabled_ = false;
  bool allow_exec_ = true;
  bool log_denials_ = true;
  bool log_allows_ = false;
  std::vector<Rule> rules_;
};

// One line for the log about something that changes or refuses: "audit: <who> from
// <from>: <what>: <result>". `what` names paths, keys, modules or commands, never values
// or arguments. Control characters are removed and each part is cut at kMaxAuditPart
// bytes.
constexpr size_t kMaxAuditPart = 256;
std::string AuditLine(std::string_view who, std::string_view from, std::string_view what,
                      std::string_view result);

}  // namespace nscp::kernel
