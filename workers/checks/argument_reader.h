// Reads one call's arguments against a table of options: the working half of
// OptionTable::Parse. Made for one call.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/cpp/status.h"
#include "workers/checks/options.h"

namespace nscp::checks {

// Decimal, with a sign or without, nothing else in the text.
std::optional<int64_t> ParseWholeNumber(std::string_view text);

class ArgumentReader {
 public:
  explicit ArgumentReader(const OptionTable& table) : table_(table) {}
  // The error is the text behind "Invalid command line: ".
  Result<Arguments> Read(const std::vector<std::string>& arguments);

 private:
  bool KeyValueForm(const std::vector<std::string>& arguments) const;
  Status ReadKeyValues(const std::vector<std::string>& arguments);
  Status ReadDashed(const std::vector<std::string>& arguments);
  Status ReadLong(const std::vector<std::string>& arguments, size_t& at);
  Status ReadShort(const std::vector<std::string>& arguments, size_t& at);
  Status TakeNext(const Option& option, const std::vector<std::string>& arguments,
                  size_t& at);
  bool NamesAnOption(std::string_view token) const;
  // `value` is absent for a bare flag.
  Status Assign(const Option& option, std::optional<std::string> value);
  void AddDefaults();

  const OptionTable& table_;
  Arguments read_;
};

}  // namespace nscp::checks
