// The four forms in which a table of options describes itself (filter-engine.md 2.2). Any
// thread.
#pragma once

#include <string>

namespace nscp::checks {

class OptionTable;

// One option a line: "name=default", tabs to a common column, first line of the
// description.
std::string ShortHelp(const OptionTable& table);
// Names in a column at least 23 wide, descriptions wrapped at 80, defaults behind them.
std::string FullHelp(const OptionTable& table);
// `"name=value" ` for each default, on one line.
std::string ShowDefault(const OptionTable& table);
// The options and the fields of a check as NSClient++'s message ParameterDetails
// (registry.proto), in protobuf wire format.
std::string SerializedHelp(const OptionTable& table);

}  // namespace nscp::checks
