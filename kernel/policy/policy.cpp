#include "kernel/policy/policy.h"

#include "proto/cpp/text.h"
#include "proto/cpp/utf8.h"

namespace nscp::kernel {
namespace {

constexpr std::string_view kNobody = "*";

bool IsTrue(std::string_view value) {
  for (const std::string_view word : {"true", "1", "yes", "enabled"}) {
    if (EqualsIgnoreCase(Trim(value), word)) return true;
  }
  return false;
}

// "Mod:user" in two; the second is absent without a colon.
std::pair<std::string_view, std::string_view> AtColon(std::string_view text,
                                                      bool* has_colon) {
  const size_t colon = text.find(':');
  *has_colon = colon != std::string_view::npos;
  if (!*has_colon) return {text, {}};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

std::string AuditPart(std::string_view text) {
  std::string clean;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f) clean += c;
  }
  if (clean.empty()) return "-";
  return CutUtf8(RepairUtf8(clean), kMaxAuditPart);
}

}  // namespace

std::string SubjectName(std::string_view module, std::string_view user) {
  if (module.empty()) return std::string(kNobody);
  if (user.empty()) return std::string(module);
  return std::string(module) + ":" + std::string(user);
}

// Greedy with one point to go back to, so the cost stays length times length.
bool MatchesWildcard(std::string_view pattern, std::string_view text) {
  const std::string p = ToLowerAscii(pattern), t = ToLowerAscii(text);
  size_t at = 0, star = std::string::npos, star_text = 0, i = 0;
  while (i < t.size()) {
    if (at < p.size() && p[at] == '*') {
      star = at++;
      star_text = i;
    } else if (at < p.size() && (p[at] == '?' || p[at] == t[i])) {
      ++at;
      ++i;
    } else if (star != std::string::npos) {
      at = star + 1;
      i = ++star_text;
    } else {
      return false;
    }
  }
  while (at < p.size() && p[at] == '*') ++at;
  return at == p.size();
}

bool MatchesSubject(std::string_view pattern, std::string_view subject) {
  bool wants_user = false, has_user = false;
  const auto [module_pattern, user_pattern] = AtColon(pattern, &wants_user);
  const auto [module, user] = AtColon(subject, &has_user);
  if (!MatchesWildcard(module_pattern, module)) return false;
  if (!wants_user) return true;
  if (user_pattern.empty()) return user.empty();
  return !user.empty() && MatchesWildcard(user_pattern, user);
}

bool MatchesObject(std::string_view pattern, std::string_view module,
                   std::string_view command) {
  if (pattern.find('.') == std::string_view::npos)
    return MatchesWildcard(pattern, command);
  return MatchesWildcard(pattern, std::string(module) + "." + std::string(command));
}

Policy::Policy(const Entries& permissions, const Entries& policies) {
  for (const auto& [key, value] : permissions) {
    if (EqualsIgnoreCase(key, "enabled")) enabled_ = IsTrue(value);
    if (EqualsIgnoreCase(key, "allow exec")) allow_exec_ = IsTrue(value);
    if (EqualsIgnoreCase(key, "log denials")) log_denials_ = IsTrue(value);
    if (EqualsIgnoreCase(key, "log allows")) log_allows_ = IsTrue(value);
  }
  for (const auto& [subject, objects] : policies) {
    for (std::string& object : SplitList(objects)) {
      if (rules_.size() < kMaxPolicyRules) rules_.push_back({subject, std::move(object)});
    }
  }
}

Status Policy::MayRun(std::string_view subject, std::string_view module,
                      std::string_view command) const {
  if (!enabled_) return Status::Ok();
  for (const Rule& rule : rules_) {
    if (MatchesSubject(rule.subject, subject) &&
        MatchesObject(rule.object, module, command)) {
      return Status::Ok();
    }
  }
  return Status::PermissionDenied("Permission denied: " + std::string(subject) +
                                  " is not allowed to run " + std::string(command));
}

Status Policy::MayExec(std::string_view subject, std::string_view module,
                       std::string_view command) const {
  if (!allow_exec_) {
    return Status::PermissionDenied(
        "Permission denied: exec is globally disabled "
        "(/settings/permissions/allow exec = false)");
  }
  return MayRun(subject, module, command);
}

std::string AuditLine(std::string_view who, std::string_view from, std::string_view what,
                      std::string_view result) {
  return "audit: " + AuditPart(who) + " from " + AuditPart(from) + ": " +
         AuditPart(what) + ": " + AuditPart(result);
}

}  // namespace nscp::kernel
