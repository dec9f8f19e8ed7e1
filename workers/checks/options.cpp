#include "workers/checks/options.h"

#include <algorithm>

#include "proto/cpp/text.h"
#include "workers/checks/argument_reader.h"
#include "workers/checks/options_help.h"

namespace nscp::checks {
namespace {

const std::string kNoText;
const std::vector<std::string> kNoList;

}  // namespace

bool Arguments::Given(std::string_view name) const {
  const auto found = values_.find(name);
  return found != values_.end() && found->second.given;
}

const std::string& Arguments::Text(std::string_view name) const {
  const auto& list = List(name);
  return list.empty() ? kNoText : list.front();
}

const std::vector<std::string>& Arguments::List(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? kNoList : found->second.texts;
}

bool Arguments::Flag(std::string_view name) const { return Text(name) == "true"; }

int64_t Arguments::Integer(std::string_view name) const {
  return ParseWholeNumber(Text(name)).value_or(0);
}

OptionTable::OptionTable() {
  Bool("help", "Show help screen (this screen)");
  Bool("help-pb", "Show help screen as a protocol buffer payload");
  Bool("show-default", "Show default values for a given command");
  Bool("help-short", "Show help screen (short format)");
}

OptionTable& OptionTable::Add(Option option) {
  options_.push_back(std::move(option));
  return *this;
}

OptionTable& OptionTable::Text(std::string name, std::string fallback,
                               std::string description) {
  std::vector<std::string> defaults;
  if (!fallback.empty()) defaults.push_back(std::move(fallback));
  return Add(
      {std::move(name), OptionKind::kText, std::move(defaults), std::move(description)});
}

OptionTable& OptionTable::Integer(std::string name, int64_t fallback,
                                  std::string description) {
  return Add({std::move(name),
              OptionKind::kInteger,
              {std::to_string(fallback)},
              std::move(description)});
}

OptionTable& OptionTable::List(std::string name, std::vector<std::string> defaults,
                               std::string description) {
  return Add(
      {std::move(name), OptionKind::kList, std::move(defaults), std::move(description)});
}

OptionTable& OptionTable::Bool(std::string name, std::string description) {
  return Add({std::move(name), OptionKind::kBool, {}, std::move(description)});
}

OptionTable& OptionTable::Switch(std::string name, std::string description) {
  return Add({std::move(name), OptionKind::kSwitch, {}, std::move(description)});
}

OptionTable& OptionTable::Short(char name) {
  options_.back().short_name = name;
  return *this;
}

OptionTable& OptionTable::HideDefault() {
  options_.back().show_default = false;
  return *this;
}

OptionTable& OptionTable::BareIsDefault() {
  options_.back().bare_is_default = true;
  return *this;
}

OptionTable& OptionTable::Positional(std::string name, std::string_view error_prefix) {
  positional_ = std::move(name);
  error_prefix_ = std::string(error_prefix);
  return *this;
}

OptionTable& OptionTable::Fields(std::vector<Field> fields) {
  fields_ = std::move(fields);
  return *this;
}

const Option* OptionTable::FindShort(char name) const {
  for (const Option& option : options_) {
    if (option.short_name == name) return &option;
  }
  return nullptr;
}

Result<const Option*> OptionTable::Resolve(std::string_view name,
                                           std::string_view token) const {
  std::vector<const Option*> matches;
  for (const Option& option : options_) {
    if (option.name == name) return &option;
    if (!name.empty() && StartsWith(option.name, name)) matches.push_back(&option);
  }
  if (matches.size() == 1) return matches.front();
  const std::string quoted = "'" + std::string(token) + "'";
  if (matches.empty()) {
    return Status::InvalidArgument("unrecognised option " + quoted);
  }
  std::vector<std::string> names;
  names.reserve(matches.size());
  for (const Option* option : matches) names.push_back("'--" + option->name + "'");
  std::sort(names.begin(), names.end());
  const std::string last = names.back();
  names.pop_back();
  return Status::InvalidArgument("option " + quoted + " is ambiguous and matches " +
                                 Join(names, ", ") + ", and " + last);
}

OptionTable::Outcome OptionTable::Parse(const std::vector<std::string>& arguments) const {
  Result<Arguments> parsed = ArgumentReader(*this).Read(arguments);
  if (!parsed.ok()) {
    return sdk::CheckResult::Unknown(error_prefix_ + parsed.status().message() + "\n" +
                                     ShortHelp(*this));
  }
  if (auto help = Help(*parsed)) return *std::move(help);
  return std::move(parsed).value();
}

std::optional<sdk::CheckResult> OptionTable::Help(const Arguments& arguments) const {
  auto ok = [](std::string text) {
    return sdk::CheckResult::Of(sdk::State::kOk, std::move(text));
  };
  if (arguments.Flag("show-default")) return ok(ShowDefault(*this));
  if (arguments.Flag("help-pb")) {
    sdk::CheckResult result = ok("see data segment");
    result.data = SerializedHelp(*this);
    return result;
  }
  if (arguments.Flag("help-short")) return ok(ShortHelp(*this));
  if (arguments.Flag("help")) return ok(FullHelp(*this));
  return std::nullopt;
}

}  // namespace nscp::checks
