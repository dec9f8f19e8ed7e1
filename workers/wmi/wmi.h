// Questions to Windows Management Instrumentation, of this computer or another one. Each
// call connects, asks and lets go; any thread, several at once. Nothing waits beyond the
// limits, save the connection itself: to a computer that is silent Windows takes up to
// two minutes. Source: Microsoft's "Querying WMI", "Connecting to WMI Remotely".
//
// Elsewhere than on Windows every call is kUnimplemented.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "proto/cpp/status.h"
#include "workers/wmi/table.h"

namespace nscp::wmi {

constexpr size_t kMaxRows = 10000;
// Of all texts of one answer together.
constexpr size_t kMaxBytes = 16 * 1024 * 1024;
constexpr size_t kMaxQuery = 16 * 1024;
// How soon it is noticed that nobody waits any more.
constexpr std::chrono::milliseconds kPoll{200};

constexpr char kDefaultNamespace[] = "root\\cimv2";

struct Place {
  std::string computer;  // empty = this one
  std::string name_space = kDefaultNamespace;
  // "name", "DOMAIN\name" or "name@domain"; empty = the agent's own account, the only one
  // that WMI takes on this computer.
  std::string user;
  std::string password;
};

struct Limits {
  std::chrono::steady_clock::time_point deadline;
  std::function<bool()> cancelled;  // may be empty
  size_t rows = kMaxRows;
};

// The rows of a query in WQL. Columns are known even where there is no row, if WMI can
// tell them. Beyond `limits.rows` the table is cut and says so.
Result<Table> Query(const Place& place, const std::string& wql, const Limits& limits);

// Names of the classes that descend from `parent` (empty: all), unsorted.
Result<std::vector<std::string>> Classes(const Place& place, const std::string& parent,
                                         const Limits& limits);

}  // namespace nscp::wmi
