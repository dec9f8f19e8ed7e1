// Options of the command line: one table says what an option is called, what it takes and
// what it is for; parsing and help both come from it. Long options are `--name value` or
// `--name=value`; names are never guessed from a beginning. A short one is `-x value`.
//
// Pure functions over values. Sources: the command line's specification A.1, A.2.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "proto/cpp/status.h"

namespace nscp::kernel {

enum class Takes {
  kNothing,
  kValue,    // the next word, whatever it is, unless it is an option of the table
  kMaybe,    // the same, but it may be missing: then the value is empty
  kSeveral,  // every word up to the next that starts with "-"
};

struct Option {
  std::string_view name;  // without dashes
  char letter = 0;        // 0 = none
  Takes takes = Takes::kNothing;
  std::string_view value;  // what the help calls the value
  std::string_view help;
};

struct OptionGroup {
  std::string_view title;
  std::vector<Option> options;
  // Options of this group count only before the first word that is not an option: what
  // follows a sub-command of a module is the module's own.
  bool leading_only = false;
  std::string_view note = {};  // lines behind the options in the help
};

// What was given, in order. A word that is no option of the tables has an empty name.
struct GivenOption {
  std::string_view name;
  std::string value;
};

class GivenOptions {
 public:
  explicit GivenOptions(std::vector<GivenOption> items = {}) : items_(std::move(items)) {}

  bool Has(std::string_view name) const;
  // Of several the last; empty without one.
  std::string Last(std::string_view name) const;
  std::vector<std::string> All(std::string_view name) const;
  // Words that belong to no option, unknown options among them, in order.
  std::vector<std::string> Rest() const { return All(""); }
  const std::vector<GivenOption>& items() const { return items_; }

 private:
  std::vector<GivenOption> items_;
};

// The groups outlive the result. An option without its value, or a value for an option
// that takes none, is InvalidArgument. After a word "--" nothing is an option; behind the
// first word that is no option it is a word too where all groups are leading_only.
Result<GivenOptions> ParseOptions(const std::vector<OptionGroup>& groups,
                                  const std::vector<std::string>& words);

// "<title>:" and one line for each option.
std::string OptionHelp(const OptionGroup& group);

}  // namespace nscp::kernel
