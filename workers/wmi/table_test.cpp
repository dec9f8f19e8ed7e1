// Values and tables, from constructed answers: WMI's types as Microsoft documents them.
#include "workers/wmi/table.h"

#include <doctest/doctest.h>

#include <limits>

#include "workers/wmi/wbem_error.h"

namespace nscp::wmi {
namespace {

TEST_CASE("dates and intervals are read") {
  struct Case {
    const char* text;
    std::optional<int64_t> seconds;
  };
  const Case cases[] = {
      {"19700101000000.000000+000", 0},
      {"20231114231320.000000+060", 1700000000},
      {"20231114221320.500000+000", 1700000000},
      {"20231114164320.000000-330", 1700000000},
      {"20240229120000.000000+000", 1709208000},
      {"00000008130000.000000:000", 8 * 86400 + 13 * 3600},
      {"00000000000001.000000:000", 1},
      {"********1200**.******+***", std::nullopt},
      {"20231314221320.000000+000", std::nullopt},
      {"20231100221320.000000+000", std::nullopt},
      {"20231114241320.000000+000", std::nullopt},
      {"20231114221320.000000 000", std::nullopt},
      {"20231114221320,000000+000", std::nullopt},
      {"20231114221320", std::nullopt},
      {"", std::nullopt},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    CHECK(ParseDateTime(c.text) == c.seconds);
  }
  CHECK(IsInterval("00000008130000.000000:000"));
  CHECK_FALSE(IsInterval("20231114221320.000000+000"));
  CHECK_FALSE(IsInterval(":"));
}

TEST_CASE("values take the type of their column") {
  struct Case {
    int type;
    Raw raw;
    std::optional<int64_t> integer;
    const char* text;
  };
  const Case cases[] = {
      {kCimInt32, int64_t{-5}, -5, "-5"},
      // As COM hands over 4294967295 and 200.
      {kCimUint32, int64_t{-1}, 4294967295, "4294967295"},
      {kCimUint8, int64_t{-56}, 200, "200"},
      {kCimUint16, int64_t{65535}, 65535, "65535"},
      {kCimUint64, std::string("107374182400"), 107374182400, "107374182400"},
      {kCimUint64, std::string("18446744073709551615"),
       std::numeric_limits<int64_t>::max(), "18446744073709551615"},
      {kCimInt64, std::string("-99999999999999999999"),
       std::numeric_limits<int64_t>::min(), "-99999999999999999999"},
      {kCimInt64, std::string("12x"), std::nullopt, "12x"},
      {kCimInt64, std::string(""), std::nullopt, ""},
      {kCimBoolean, true, 1, "True"},
      {kCimBoolean, false, 0, "False"},
      {kCimText, std::string("12"), std::nullopt, "12"},
      {kCimText, std::string("a\xff"), std::nullopt, "a\xef\xbf\xbd"},
      {kCimDateTime, std::string("20231114221320.000000+000"), 1700000000,
       "20231114221320.000000+000"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    const Value value = MakeValue(c.type, c.raw);
    CHECK_FALSE(value.is_null);
    CHECK(value.integer == c.integer);
    CHECK(value.text == c.text);
  }
  const Value real = MakeValue(kCimReal64, 0.5);
  CHECK(real.real == 0.5);
  CHECK(real.text == "0.5");
  CHECK(MakeValue(kCimInt32, std::monostate()).is_null);
}

TEST_CASE("columns have a kind") {
  CHECK(KindOf(kCimText) == Kind::kText);
  CHECK(KindOf(13) == Kind::kText);   // an object
  CHECK(KindOf(102) == Kind::kText);  // a reference
  CHECK(KindOf(kCimChar16) == Kind::kInteger);
  CHECK(KindOf(kCimReal32) == Kind::kReal);
  CHECK(KindOf(kCimBoolean) == Kind::kBoolean);
  CHECK(KindOf(kCimDateTime) == Kind::kDate);
  CHECK(KindOf(kCimUint32 | kCimArray) == Kind::kList);
}

TEST_CASE("lists are told with their bounds") {
  CHECK(MakeList(kCimText | kCimArray, {}, 0).text == "[]");
  CHECK(MakeList(kCimText | kCimArray, {std::string("a"), std::string("b")}, 2).text ==
        "[a, b]");
  CHECK(MakeList(kCimUint16 | kCimArray, {int64_t{1}, int64_t{-1}}, 5).text ==
        "[1, 65535, ...]");
  CHECK_FALSE(MakeList(kCimText | kCimArray, {}, 0).is_null);
}

TEST_CASE("a text that is too long is cut") {
  const Value value = MakeValue(kCimText, std::string(kMaxText + 10, 'x'));
  CHECK(value.text.size() <= kMaxText);
  CHECK(value.text.substr(value.text.size() - 4) == "x...");
  const std::vector<Raw> much(3, std::string(kMaxText, 'y'));
  CHECK(MakeList(kCimText | kCimArray, much, 3).text.size() <= kMaxText + 1);
}

TEST_CASE("columns are found without case, and what is missing is null") {
  Table table;
  table.columns = {{"Name", Kind::kText}, {"Size", Kind::kInteger}};
  table.rows = {{MakeValue(kCimText, std::string("C:"))}};
  CHECK(table.Find("size") == 1);
  CHECK_FALSE(table.Find("Free"));
  CHECK(table.At(table.rows[0], "NAME").text == "C:");
  CHECK(table.At(table.rows[0], "Size").is_null);
  CHECK(table.At(table.rows[0], "Free").is_null);
}

TEST_CASE("the class of a query is the word behind FROM") {
  CHECK(ClassOf("SELECT * FROM Win32_Process WHERE Name = 'a'") == "Win32_Process");
  CHECK(ClassOf("select a, b\tfrom\n Win32_Service") == "Win32_Service");
  CHECK(ClassOf("select a from").empty());
  CHECK(ClassOf("ASSOCIATORS OF {Win32_Disk='a'}").empty());
  CHECK(ClassOf("").empty());
}

TEST_CASE("columns are spelled as the query spells them") {
  const auto spelled = [](std::string_view wql) {
    std::vector<Column> columns = {{"Name", Kind::kText}, {"ProcessID", Kind::kInteger}};
    SpellAsAsked(wql, columns);
    return columns[0].name + " " + columns[1].name;
  };
  CHECK(spelled("SELECT name,ProcessId FROM Win32_Process") == "name ProcessId");
  CHECK(spelled("select\n NAME , other from x where processid = 1") == "NAME ProcessID");
  CHECK(spelled("SELECT * FROM Win32_Process") == "Name ProcessID");
  CHECK(spelled("name, processid") == "Name ProcessID");
  CHECK(spelled("SELECT") == "Name ProcessID");
  CHECK(spelled("") == "Name ProcessID");
}

TEST_CASE("errors of WMI are sentences") {
  const Status status = WbemStatus("Asking SELECT", 0x80041010);
  CHECK(status.code() == Code::kNotFound);
  CHECK(status.message() ==
        "Asking SELECT: there is no such class in this namespace (error 0x80041010)");
  CHECK(WbemStatus("x", 0x80041003).code() == Code::kPermissionDenied);
  CHECK(WbemStatus("x", 0x80041054).message() == "x: WMI answered with error 0x80041054");
  // Of the task scheduler, of RPC and Windows: for others to say.
  CHECK(WbemStatus("x", 0x80041309).ok());
  CHECK(WbemStatus("x", 0x800706BA).ok());
  CHECK(WbemStatus("x", 0).ok());
}

}  // namespace
}  // namespace nscp::wmi
