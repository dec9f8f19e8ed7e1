// One figure that a module gives about what it watches. Plain data.
#pragma once

#include <string>
#include <variant>

namespace nscp::sdk {

// Its path is "<bundle>.<key>", such as "system.cpu" and "total.user": only the dots of
// the bundle part levels. Texts are bytes and need not be UTF-8, save the bundle, which
// is a name of the module's own.
struct Metric {
  std::string bundle;
  std::string key;
  // A number as it is now, or words (which monitoring systems of numbers do not get).
  std::variant<double, std::string> value;
  std::string description;  // one line; may be empty
};

}  // namespace nscp::sdk
