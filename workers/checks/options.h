// The options of a check and their parsing: "key=value" and "--long value" form, unique
// prefixes, flags, lists, short names, a rest that belongs to somebody else
// (filter-engine.md 2.1 to 2.3). One parser for all ways in, so that an option means the
// same over REST, NRPE and a terminal.
//
// A table is built once and then only read: any thread. The options `help`, `help-short`,
// `help-pb` and `show-default` are part of every table and are answered by Parse itself.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "proto/cpp/status.h"
#include "workers/sdk/check_result.h"

namespace nscp::checks {

constexpr size_t kMaxArguments = 4096;

enum class OptionKind {
  kText,     // at most once
  kInteger,  // at most once, a whole number
  kList,     // repeatable; one given value replaces the default list
  kBool,     // "x", "x=true", "x=off"
  kSwitch,   // "x" alone
};

struct Option {
  std::string name;
  OptionKind kind = OptionKind::kText;
  std::vector<std::string> defaults;
  std::string description;
  char short_name = 0;
  // False for defaults that a check applies by itself: show-default leaves them out.
  bool show_default = true;
  // The bare name gives the default, so that only Given tells the two apart.
  bool bare_is_default = false;
};

// What one call gave, completed by the defaults. A value.
class Arguments {
 public:
  bool Given(std::string_view name) const;
  // The first value, else the default, else empty.
  const std::string& Text(std::string_view name) const;
  const std::vector<std::string>& List(std::string_view name) const;
  bool Flag(std::string_view name) const;
  int64_t Integer(std::string_view name) const;

 private:
  friend class OptionTable;
  friend class ArgumentReader;
  struct Values {
    std::vector<std::string> texts;
    bool given = false;
  };
  std::map<std::string, Values, std::less<>> values_;
};

// A keyword as `help-pb` lists it.
struct Field {
  std::string name;
  std::string description;
};

class OptionTable {
 public:
  OptionTable();

  OptionTable& Text(std::string name, std::string fallback, std::string description);
  OptionTable& Integer(std::string name, int64_t fallback, std::string description);
  OptionTable& List(std::string name, std::vector<std::string> defaults,
                    std::string description);
  OptionTable& Bool(std::string name, std::string description);
  OptionTable& Switch(std::string name, std::string description);
  // For the option added last.
  OptionTable& Short(char name);
  OptionTable& HideDefault();
  OptionTable& BareIsDefault();
  // The list option `name` takes all that follows its bare name, verbatim; in the dashed
  // form it takes the bare words. `error_prefix` as in filter-engine.md 2.1.
  OptionTable& Positional(std::string name,
                          std::string_view error_prefix = kPositionalError);
  OptionTable& Fields(std::vector<Field> fields);

  // The arguments, or the answer that takes the check's place: help, or UNKNOWN with what
  // is wrong and the short help.
  using Outcome = std::variant<Arguments, sdk::CheckResult>;
  Outcome Parse(const std::vector<std::string>& arguments) const;

  const std::vector<Option>& options() const { return options_; }
  const std::vector<Field>& fields() const { return fields_; }
  const std::string& positional() const { return positional_; }
  // The option meant by a whole name or a unique prefix. `token` is how it was written.
  Result<const Option*> Resolve(std::string_view name, std::string_view token) const;
  const Option* FindShort(char name) const;

  static constexpr std::string_view kPlainError = "Invalid command line: ";
  static constexpr std::string_view kPositionalError =
      "Failed to parse command line re-run with help to get help: ";

 private:
  OptionTable& Add(Option option);
  std::optional<sdk::CheckResult> Help(const Arguments& arguments) const;

  std::vector<Option> options_;
  std::vector<Field> fields_;
  std::string positional_;
  std::string error_prefix_{kPlainError};
};

}  // namespace nscp::checks
