#include "workers/checks/argument_reader.h"

#include <charconv>

#include "proto/cpp/text.h"

namespace nscp::checks {
namespace {

Status MissingArgument(const Option& option) {
  return Status::InvalidArgument("the required argument for option '--" + option.name +
                                 "' is missing");
}

Status InvalidValue(const Option& option, const std::string& value) {
  std::string text =
      "the argument ('" + value + "') for option '--" + option.name + "' is invalid";
  if (option.kind == OptionKind::kBool) {
    text += ". Valid choices are 'on|off', 'yes|no', '1|0' and 'true|false'";
  }
  return Status::InvalidArgument(std::move(text));
}

std::optional<bool> ParseBool(std::string_view text) {
  const std::string word = ToLowerAscii(text);
  for (const char* yes : {"true", "yes", "on", "1"}) {
    if (word == yes) return true;
  }
  for (const char* no : {"false", "no", "off", "0"}) {
    if (word == no) return false;
  }
  return std::nullopt;
}

// Name and value of "name=value"; no value without '='.
std::pair<std::string_view, std::optional<std::string>> SplitPair(
    std::string_view token) {
  const size_t equals = token.find('=');
  if (equals == std::string_view::npos) return {token, std::nullopt};
  return {token.substr(0, equals), std::string(token.substr(equals + 1))};
}

bool IsFlag(const Option& option) {
  return option.kind == OptionKind::kBool || option.kind == OptionKind::kSwitch;
}

}  // namespace

std::optional<int64_t> ParseWholeNumber(std::string_view text) {
  if (StartsWith(text, "+")) text.remove_prefix(1);
  int64_t number = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

Result<Arguments> ArgumentReader::Read(const std::vector<std::string>& arguments) {
  if (arguments.size() > kMaxArguments) {
    return Status::InvalidArgument("more than " + std::to_string(kMaxArguments) +
                                   " arguments");
  }
  if (!arguments.empty()) {
    RETURN_IF_ERROR(KeyValueForm(arguments) ? ReadKeyValues(arguments)
                                            : ReadDashed(arguments));
  }
  AddDefaults();
  return std::move(read_);
}

bool ArgumentReader::KeyValueForm(const std::vector<std::string>& arguments) const {
  const std::string& first = arguments.front();
  if (first.size() <= 2) return true;
  if (first[0] == '-') return false;
  return !table_.positional().empty() || first[1] != '-';
}

Status ArgumentReader::ReadKeyValues(const std::vector<std::string>& arguments) {
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string& token = arguments[i];
    if (!table_.positional().empty() && token == table_.positional()) {
      ASSIGN_OR_RETURN(const Option* rest, table_.Resolve(token, token));
      for (++i; i < arguments.size(); ++i) {
        auto& values = read_.values_[rest->name];
        values.given = true;
        values.texts.push_back(arguments[i]);
      }
      break;
    }
    const auto [name, value] = SplitPair(token);
    const Option* option = nullptr;
    if (name.size() == 2 && name[0] == '-') option = table_.FindShort(name[1]);
    if (option == nullptr) {
      const std::string_view bare = StartsWith(name, "--") ? name.substr(2) : name;
      ASSIGN_OR_RETURN(option, table_.Resolve(bare, token));
    }
    RETURN_IF_ERROR(Assign(*option, value));
  }
  return Status::Ok();
}

Status ArgumentReader::ReadDashed(const std::vector<std::string>& arguments) {
  bool options_ended = false;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string& token = arguments[i];
    if (!options_ended && token == "--") {
      options_ended = true;
    } else if (!options_ended && StartsWith(token, "--")) {
      RETURN_IF_ERROR(ReadLong(arguments, i));
    } else if (!options_ended && token.size() > 1 && token[0] == '-') {
      RETURN_IF_ERROR(ReadShort(arguments, i));
    } else if (!table_.positional().empty()) {
      auto& rest = read_.values_[table_.positional()];
      rest.given = true;
      rest.texts.push_back(token);
    }  // without a positional option bare words mean nothing
  }
  return Status::Ok();
}

Status ArgumentReader::ReadLong(const std::vector<std::string>& arguments, size_t& at) {
  const auto [name, value] = SplitPair(arguments[at]);
  ASSIGN_OR_RETURN(const Option* option, table_.Resolve(name.substr(2), arguments[at]));
  if (value || IsFlag(*option) || option->bare_is_default) return Assign(*option, value);
  return TakeNext(*option, arguments, at);
}

Status ArgumentReader::ReadShort(const std::vector<std::string>& arguments, size_t& at) {
  const std::string& token = arguments[at];
  const Option* option = table_.FindShort(token[1]);
  if (option == nullptr) {
    return Status::InvalidArgument("unrecognised option '" + token + "'");
  }
  if (token.size() > 2) {
    return Assign(*option, token.substr(token[2] == '=' ? 3 : 2));
  }
  if (IsFlag(*option)) return Assign(*option, std::nullopt);
  return TakeNext(*option, arguments, at);
}

Status ArgumentReader::TakeNext(const Option& option,
                                const std::vector<std::string>& arguments, size_t& at) {
  if (at + 1 == arguments.size() || NamesAnOption(arguments[at + 1])) {
    return MissingArgument(option);
  }
  return Assign(option, arguments[++at]);
}

bool ArgumentReader::NamesAnOption(std::string_view token) const {
  if (!StartsWith(token, "--")) return false;
  return table_.Resolve(SplitPair(token).first.substr(2), token).ok();
}

Status ArgumentReader::Assign(const Option& option, std::optional<std::string> value) {
  if (value && value->empty()) value.reset();
  if (option.kind == OptionKind::kSwitch && value) {
    return Status::InvalidArgument("option '--" + option.name +
                                   "' does not take any arguments");
  }
  if (!value && option.bare_is_default) value = option.defaults.front();
  if (!value && !IsFlag(option)) return MissingArgument(option);
  auto& values = read_.values_[option.name];
  if (values.given && option.kind != OptionKind::kList) {
    return Status::InvalidArgument("option '--" + option.name +
                                   "' cannot be specified more than once");
  }
  values.given = true;
  if (IsFlag(option)) {
    const auto flag = value ? ParseBool(*value) : true;
    if (!flag) return InvalidValue(option, *value);
    value = *flag ? "true" : "false";
  } else if (option.kind == OptionKind::kInteger && !ParseWholeNumber(*value)) {
    return InvalidValue(option, *value);
  }
  values.texts.push_back(*std::move(value));
  return Status::Ok();
}

void ArgumentReader::AddDefaults() {
  for (const Option& option : table_.options()) {
    auto& values = read_.values_[option.name];
    if (!values.given) values.texts = option.defaults;
  }
}

}  // namespace nscp::checks
