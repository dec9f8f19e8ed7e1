// The options of a module's commands, such as `nscp web install`: "--name value",
// "--name=value", "-n value" and words without dashes. Values; any thread.
// Source: the command line's specification A.11, A.12.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/cpp/status.h"

namespace nscp::sdk {

struct CommandOption {
  enum class Takes { kValue, kOptionalValue, kNothing };
  std::string_view name;  // without dashes
  char letter = 0;        // 0 = no short form
  Takes takes = Takes::kValue;
  std::string_view help;
};

class CommandLine {
 public:
  // `--help` is always known. An unknown option, a missing value and a value too many are
  // InvalidArgument.
  static Result<CommandLine> Parse(const std::vector<CommandOption>& options,
                                   const std::vector<std::string>& arguments);

  bool Has(std::string_view name) const;
  // Nothing when it was not given; "" when it was given without a value. The last one.
  std::optional<std::string> Find(std::string_view name) const;
  // Every value, of an option that may be given several times.
  std::vector<std::string> All(std::string_view name) const;
  const std::vector<std::string>& words() const { return words_; }

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> given_;
  std::vector<std::string> words_;
};

// One line for each option, for --help.
std::string DescribeOptions(const std::vector<CommandOption>& options);

}  // namespace nscp::sdk
