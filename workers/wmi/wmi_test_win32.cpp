// Calls of the real WMI; under wine its own few classes answer.
#include <windows.h>

#include <doctest/doctest.h>

#include "workers/wmi/wmi.h"

namespace nscp::wmi {
namespace {

Limits InTime() {
  return {std::chrono::steady_clock::now() + std::chrono::seconds(30), {}};
}

TEST_CASE("the operating system is one row") {
  const auto table =
      Query({}, "SELECT Caption, LastBootUpTime FROM Win32_OperatingSystem", InTime());
  REQUIRE_MESSAGE(table.ok(), table.status().message());
  REQUIRE(table->rows.size() == 1);
  CHECK_FALSE(table->At(table->rows[0], "caption").text.empty());
  const auto boot = table->At(table->rows[0], "LastBootUpTime").integer;
  REQUIRE(boot.has_value());
  CHECK(*boot > 1000000000);
  CHECK(table->columns[*table->Find("LastBootUpTime")].kind == Kind::kDate);
}

TEST_CASE("this process is among the processes") {
  const std::string id = std::to_string(::GetCurrentProcessId());
  const auto table = Query(
      {}, "SELECT ProcessId, Name FROM Win32_Process WHERE ProcessId = " + id, InTime());
  REQUIRE_MESSAGE(table.ok(), table.status().message());
  REQUIRE(table->rows.size() == 1);
  CHECK(table->At(table->rows[0], "ProcessId").text == id);
  CHECK(table->At(table->rows[0], "Name").text == "wmi_test.exe");
}

TEST_CASE("rows have a bound") {
  Limits limits = InTime();
  limits.rows = 1;
  const auto table = Query({}, "SELECT * FROM Win32_Process", limits);
  REQUIRE_MESSAGE(table.ok(), table.status().message());
  CHECK(table->rows.size() == 1);
  CHECK(table->cut);
}

TEST_CASE("what WMI refuses is an error that says so") {
  CHECK_FALSE(Query({}, "SELECT * FROM Win32_NoSuchClass", InTime()).ok());
  CHECK_FALSE(Query({}, "nonsense", InTime()).ok());
  CHECK_FALSE(Query({}, "", InTime()).ok());
  CHECK_FALSE(Query({}, std::string(kMaxQuery + 1, 'x'), InTime()).ok());
  Place place;
  place.name_space = "root\\nosuch";
  const auto table = Query(place, "SELECT * FROM Win32_Process", InTime());
  REQUIRE_FALSE(table.ok());
  CHECK(table.status().message().find("root\\nosuch") != std::string::npos);
}

TEST_CASE("a query ends when its time is over or nobody waits") {
  Limits over{std::chrono::steady_clock::now(), {}};
  CHECK(Query({}, "SELECT * FROM Win32_Process", over).status().code() ==
        Code::kDeadlineExceeded);
  Limits gone = InTime();
  gone.cancelled = [] { return true; };
  CHECK(Query({}, "SELECT * FROM Win32_Process", gone).status().code() ==
        Code::kCancelled);
}

}  // namespace
}  // namespace nscp::wmi
