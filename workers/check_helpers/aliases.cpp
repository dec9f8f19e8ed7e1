#include "workers/check_helpers/aliases.h"

#include <algorithm>

#include "proto/cpp/text.h"
#include "workers/checks/command_line.h"

namespace nscp::check_helpers {
namespace {

// Length of the placeholder at the start of `text`, its number in `index`; 0 when there
// is none.
size_t ReadPlaceholder(std::string_view text, size_t& index) {
  const char mark = text[0];
  if ((mark != '$' && mark != '%') || text.substr(1, 3) != "ARG") return 0;
  constexpr size_t kMaxDigits = 4;
  size_t at = 4;
  index = 0;
  while (at < text.size() && at < 4 + kMaxDigits && text[at] >= '0' && text[at] <= '9') {
    index = index * 10 + static_cast<size_t>(text[at++] - '0');
  }
  return at > 4 && at < text.size() && text[at] == mark ? at + 1 : 0;
}

Result<std::string> ExpandOne(std::string_view text,
                              const std::vector<std::string>& arguments) {
  std::string expanded;
  while (!text.empty()) {
    size_t index = 0;
    const size_t length = ReadPlaceholder(text, index);
    const bool known = length > 0 && index >= 1 && index <= arguments.size();
    const std::string_view part =
        known ? std::string_view(arguments[index - 1]) : text.substr(0, 1);
    expanded += part;
    if (expanded.size() > kMaxExpandedArgument) {
      return Status::ResourceExhausted("an argument grows beyond " +
                                       std::to_string(kMaxExpandedArgument) + " bytes");
    }
    text.remove_prefix(known ? length : 1);
  }
  return expanded;
}

}  // namespace

Aliases::Aliases(const std::vector<sdk::Settings::Entry>& entries,
                 const std::vector<std::string>& taken, const Log& log) {
  auto refuse = [&](const std::string& name, const std::string& why) {
    log(sdk::LogLevel::kError, "Refusing alias '" + name + "' - " + why);
  };
  for (const auto& entry : entries) {
    const std::string name = ToLowerAscii(Trim(entry.key));
    auto words = checks::SplitCommandLine(entry.value);
    if (!words.ok()) {
      refuse(entry.key, "command line did not parse cleanly: " +
                            words.status().message() + " (input: " + entry.value + ")");
    } else if (words->empty()) {
      refuse(entry.key, "command line is empty");
    } else if (std::find(taken.begin(), taken.end(), name) != taken.end()) {
      refuse(entry.key, "a command of this module has that name");
    } else if (aliases_.size() >= kMaxAliases) {
      refuse(entry.key, "there are " + std::to_string(kMaxAliases) + " already");
    } else {
      sdk::Query query;
      query.command = ToLowerAscii(words->front());
      query.arguments.assign(words->begin() + 1, words->end());
      aliases_[name] = std::move(query);
    }
  }
}

const sdk::Query* Aliases::Find(const std::string& name) const {
  const auto found = aliases_.find(name);
  return found == aliases_.end() ? nullptr : &found->second;
}

std::vector<sdk::Host::DynamicName> Aliases::Names() const {
  std::vector<sdk::Host::DynamicName> names;
  for (const auto& [name, query] : aliases_) {
    names.push_back({sdk::Host::DynamicName::Kind::kAlias, name,
                     "Alias for: " + query.command, query.command});
  }
  return names;
}

Result<sdk::Query> ExpandAlias(const sdk::Query& alias,
                               const std::vector<std::string>& arguments) {
  sdk::Query query;
  query.command = alias.command;
  for (const std::string& text : alias.arguments) {
    ASSIGN_OR_RETURN(std::string expanded, ExpandOne(text, arguments));
    query.arguments.push_back(std::move(expanded));
  }
  return query;
}

}  // namespace nscp::check_helpers
