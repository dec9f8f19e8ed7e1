#include "workers/sdk/command_line.h"

#include "proto/cpp/text.h"

namespace nscp::sdk {
namespace {

constexpr CommandOption kHelp{"help", 0, CommandOption::Takes::kNothing,
                              "Show this help"};

const CommandOption* FindOption(const std::vector<CommandOption>& options,
                                std::string_view text) {
  const bool is_long = StartsWith(text, "--");
  const std::string_view name = text.substr(is_long ? 2 : 1);
  for (const CommandOption& option : options) {
    if (is_long ? option.name == name : name.size() == 1 && option.letter == name[0]) {
      return &option;
    }
  }
  return is_long && name == kHelp.name ? &kHelp : nullptr;
}

}  // namespace

Result<CommandLine> CommandLine::Parse(const std::vector<CommandOption>& options,
                                       const std::vector<std::string>& arguments) {
  CommandLine line;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument.size() < 2 || argument[0] != '-') {
      line.words_.push_back(argument);
      continue;
    }
    const size_t equals = argument.find('=');
    const std::string_view text = std::string_view(argument).substr(0, equals);
    const CommandOption* option = FindOption(options, text);
    if (option == nullptr) {
      return Status::InvalidArgument("unrecognised option '" + std::string(text) + "'");
    }
    std::string value;
    if (equals != std::string::npos) {
      if (option->takes == CommandOption::Takes::kNothing) {
        return Status::InvalidArgument("option '" + std::string(text) +
                                       "' does not take any arguments");
      }
      value = argument.substr(equals + 1);
    } else if (option->takes == CommandOption::Takes::kValue) {
      if (i + 1 == arguments.size()) {
        return Status::InvalidArgument("the required argument for option '" +
                                       std::string(text) + "' is missing");
      }
      value = arguments[++i];
    }
    line.given_[std::string(option->name)].push_back(std::move(value));
  }
  return line;
}

bool CommandLine::Has(std::string_view name) const { return given_.count(name) != 0; }

std::optional<std::string> CommandLine::Find(std::string_view name) const {
  const auto found = given_.find(name);
  if (found == given_.end()) return std::nullopt;
  return found->second.back();
}

std::vector<std::string> CommandLine::All(std::string_view name) const {
  const auto found = given_.find(name);
  return found == given_.end() ? std::vector<std::string>() : found->second;
}

std::string DescribeOptions(const std::vector<CommandOption>& options) {
  constexpr size_t kColumn = 30;
  std::string text = "Allowed options:\n";
  const auto add = [&](const CommandOption& option) {
    std::string line = "  ";
    if (option.letter != 0) line += std::string("-") + option.letter + " [ ";
    line += "--" + std::string(option.name);
    if (option.letter != 0) line += " ]";
    if (option.takes == CommandOption::Takes::kValue) line += " arg";
    if (option.takes == CommandOption::Takes::kOptionalValue) line += "[=arg]";
    if (line.size() < kColumn) line.resize(kColumn, ' ');
    text += line + " " + std::string(option.help) + "\n";
  };
  add(kHelp);
  for (const CommandOption& option : options) add(option);
  return text;
}

}  // namespace nscp::sdk
