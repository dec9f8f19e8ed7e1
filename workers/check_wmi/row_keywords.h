// The keywords of an answer: one for each column, `line` and `row`. Any thread.
#pragma once

#include <string>
#include <vector>

#include "workers/check_wmi/wmi_check.h"

namespace nscp::check_wmi {

// How a value that WMI does not know is told.
constexpr char kNull[] = "<NULL>";

// The value as messages show it: dates in `zone`.
std::string TextOf(const wmi::Value& value, wmi::Kind kind, const checks::TimeZone& zone);

// `label_has_row`: what perf-syntax gives stands before the column's name in labels of
// performance data. The keywords hold copies of what they are given.
checks::Keywords<RowView> RowKeywords(const std::vector<wmi::Column>& columns,
                                      const checks::TimeZone& zone, bool label_has_row);

}  // namespace nscp::check_wmi
