// The module over tables that stand in for WMI's answers, constructed after what
// Win32_LogicalDisk and Win32_OperatingSystem give.
#include "workers/check_wmi/check_wmi.h"

#include <doctest/doctest.h>

#include "workers/checks/fake_call.h"

namespace nscp::check_wmi {
namespace {

using wmi::Kind;
using wmi::MakeValue;
using wmi::Value;

Value Text(const char* text) { return MakeValue(wmi::kCimText, std::string(text)); }
Value Number(const char* text) { return MakeValue(wmi::kCimUint64, std::string(text)); }
Value Time(const char* text) { return MakeValue(wmi::kCimDateTime, std::string(text)); }

wmi::Table Disks() {
  wmi::Table table;
  table.columns = {{"Name", Kind::kText},
                   {"FreeSpace", Kind::kInteger},
                   {"Compressed", Kind::kBoolean},
                   {"Load", Kind::kReal},
                   {"Paths", Kind::kList}};
  table.rows = {{Text("C:"), Number("10737418240"), MakeValue(wmi::kCimBoolean, true),
                 MakeValue(wmi::kCimReal64, 0.5),
                 wmi::MakeList(wmi::kCimText, {std::string("a"), std::string("b")}, 2)},
                {Text("D:"), Value(), MakeValue(wmi::kCimBoolean, false),
                 MakeValue(wmi::kCimReal64, 2.5), Value()}};
  return table;
}

wmi::Table System() {
  wmi::Table table;
  table.columns = {{"Caption", Kind::kText},
                   {"InstallDate", Kind::kDate},
                   {"Uptime", Kind::kInterval},
                   {"NumberOfUsers", Kind::kInteger}};
  table.rows = {{Text("Microsoft Windows 10"), Time("20231114221320.000000+000"),
                 Time("00000001020000.000000:000"),
                 MakeValue(wmi::kCimUint32, int64_t{3})}};
  return table;
}

struct Played {
  Played() {
    source.query = [this](const wmi::Place& place, const std::string& wql,
                          const wmi::Limits& limits) -> Result<wmi::Table> {
      places.push_back(place);
      asked.push_back(wql);
      rows = limits.rows;
      return table;
    };
    source.classes = [this](const wmi::Place& place, const std::string& parent,
                            const wmi::Limits&) -> Result<std::vector<std::string>> {
      places.push_back(place);
      asked.push_back(parent);
      return std::vector<std::string>{"Win32_Process", "CIM_Process"};
    };
  }
  void Start(std::vector<sdk::Settings::Entry> settings = {}) {
    module = MakeCheckWmi(source);
    sdk::StartContext context;
    context.host = &host;
    context.settings = sdk::Settings(std::move(settings));
    REQUIRE(module->Start(context).ok());
  }
  sdk::CheckResult Run(std::vector<std::string> arguments) {
    if (module == nullptr) Start();
    return module->OnQuery({"check_wmi", std::move(arguments)}, call);
  }
  std::string Text(std::vector<std::string> arguments) {
    return sdk::FormatPlain(Run(std::move(arguments)));
  }
  sdk::ExecAnswer Exec(std::vector<std::string> words) {
    if (module == nullptr) Start();
    return module->OnExec({"", std::move(words)}, call);
  }

  Source source;
  Result<wmi::Table> table = Disks();
  checks::FakeCall call;
  checks::FakeHost host;
  std::unique_ptr<sdk::Module> module;
  std::vector<wmi::Place> places;
  std::vector<std::string> asked;
  size_t rows = 0;
};

const char kQuery[] = "query=SELECT * FROM Win32_LogicalDisk";

TEST_CASE("rows are listed, one after the other") {
  Played p;
  const auto result = p.Run({kQuery});
  CHECK(result.state == sdk::State::kOk);
  CHECK(sdk::FormatPlain(result) ==
        "C:, 10737418240, True, 0.5, [a, b], D:, <NULL>, False, 2.5, <NULL>");
  CHECK(p.asked.front() == "SELECT * FROM Win32_LogicalDisk");
  CHECK(p.places.front().name_space == "root\\cimv2");
  CHECK(p.places.front().computer.empty());
}

TEST_CASE("every column is a keyword") {
  struct Case {
    std::vector<std::string> arguments;
    sdk::State state;
    const char* text;
  };
  const std::string top = "detail-syntax=${Name}";
  const Case cases[] = {
      {{kQuery, top, "filter=Name = 'D:'"}, sdk::State::kOk, "D:"},
      {{kQuery, top, "filter=FreeSpace > 0"}, sdk::State::kOk, "C:"},
      {{kQuery, top, "filter=FreeSpace = '<NULL>'"}, sdk::State::kOk, "D:"},
      {{kQuery, top, "filter=Compressed = 1"}, sdk::State::kOk, "C:"},
      {{kQuery, top, "filter=Compressed"}, sdk::State::kOk, "C:"},
      {{kQuery, top, "filter=Compressed = 'False'"}, sdk::State::kOk, "D:"},
      {{kQuery, top, "filter=Load > 1"}, sdk::State::kOk, "D:"},
      {{kQuery, top, "filter=Paths like 'b'"}, sdk::State::kOk, "C:"},
      {{kQuery, top, "filter=row = '2'"}, sdk::State::kOk, "D:"},
      {{kQuery, top, "warn=Load > 2", "top-syntax=${status} ${problem_list}"},
       sdk::State::kWarning,
       "WARNING D:|'1 Load'=0.5;2;0 '2 Load'=2.5;2;0"},
      {{kQuery, top, "crit=FreeSpace < 11G", "perf-syntax=${Name}"},
       sdk::State::kCritical,
       "C:, D:|'C: FreeSpace'=10737418240;0;11811160064"},
      {{kQuery, "crit=count > 1", "top-syntax=${status}"},
       sdk::State::kCritical,
       "CRITICAL|'count'=2;0;1"},
      {{kQuery, "perf-config=extra(Load)", "perf-syntax=none", "top-syntax=x"},
       sdk::State::kOk,
       "x"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.arguments.back());
    Played p;
    const auto result = p.Run(c.arguments);
    CHECK(result.state == c.state);
    CHECK(sdk::FormatPlain(result) == c.text);
  }
}

TEST_CASE("a single row's values are labelled by their column alone") {
  Played p;
  p.table = System();
  CHECK(p.Text({"query=q", "warn=NumberOfUsers > 5", "detail-syntax=${NumberOfUsers}"}) ==
        "3|'NumberOfUsers'=3;5;0");
  CHECK(p.Text({"query=q", "warn=NumberOfUsers > 5", "top-syntax=x", "perf-syntax=a"}) ==
        "x|'a NumberOfUsers'=3;5;0");
}

TEST_CASE("dates and intervals are times") {
  Played p;
  p.table = System();
  CHECK(p.Text({"query=q", "filter=InstallDate < -1d", "top-syntax=%(count)"}) == "1");
  CHECK(p.Text({"query=q", "filter=InstallDate > -1d", "top-syntax=%(count)"}) == "0");
  CHECK(p.Text({"query=q", "filter=Uptime > 25h", "top-syntax=%(count)"}) == "1");
  CHECK(p.Text({"query=q", "filter=Uptime > 2d", "top-syntax=%(count)"}) == "0");
  // As WMI has it.
  CHECK(p.Text({"query=q", "filter=InstallDate = '20231114221320.000000+000'",
                "top-syntax=%(count)"}) == "1");
  CHECK(p.Text({"query=q", "detail-syntax=${InstallDate} ${Uptime}"}).find("2023-11-1") ==
        0);
}

TEST_CASE("without a row there are still columns, and empty-state counts") {
  Played p;
  p.table = System();
  p.table.value().rows.clear();
  CHECK(p.Text({"query=q", "warn=NumberOfUsers > 5"}).empty());
  CHECK(p.Text({"query=q", "crit=count = 0", "top-syntax=${status}"}) ==
        "CRITICAL|'count'=0;0;0");
  CHECK(p.Run({"query=q", "empty-state=warning"}).state == sdk::State::kWarning);
}

TEST_CASE("what is wrong is UNKNOWN and says so") {
  Played p;
  CHECK(p.Text({}) == "No query specified");
  CHECK(p.Run({kQuery, "warn=Nosuch > 1"}).state == sdk::State::kUnknown);
  CHECK(p.Text({kQuery, "warn=Nosuch > 1"}) ==
        "Failed to validate filter see log for details: Warning expression is not valid: "
        "Nosuch > 1");
  CHECK(p.Run({kQuery, "warn=FreeSpace > 5x"}).state == sdk::State::kUnknown);
  CHECK(p.Run({kQuery, "warn=FreeSpace > 'many'"}).state == sdk::State::kOk);
  CHECK(p.Run({kQuery, "target=a b"}).state == sdk::State::kUnknown);
  CHECK(p.Run({kQuery, "target=..\\x"}).state == sdk::State::kUnknown);
  p.table = Status::NotFound("there is no such class");
  CHECK(p.Text({kQuery}) == "WMIQuery failed: there is no such class");
  wmi::Table cut = Disks();
  cut.cut = true;
  p.table = cut;
  const auto result = p.Run({kQuery});
  CHECK(result.state == sdk::State::kUnknown);
  CHECK(sdk::FormatPlain(result).find("more than 2 rows") != std::string::npos);
  CHECK(p.module->OnQuery({"check_other", {}}, p.call).state == sdk::State::kUnknown);
}

TEST_CASE("help asks nothing") {
  Played p;
  const std::string help = p.Text({"help"});
  for (const char* word : {"target=", "user=", "password=", "namespace=", "query="}) {
    CHECK(help.find(word) != std::string::npos);
  }
  CHECK(p.Text({"show-default"}).find("\"namespace=root\\cimv2\"") != std::string::npos);
  CHECK(p.asked.empty());
}

TEST_CASE("a target of the settings lends what the call does not say") {
  const char kBase[] = "/settings/wmi/targets";
  const std::string section = std::string(kBase) + "/db";
  Played p;
  p.Start({{kBase, "web", "web.example"},
           {section, "hostname", "10.0.0.5"},
           {section, "username", "EX\\monitor"},
           {section, "password", "secret"}});
  struct Case {
    std::vector<std::string> arguments;
    const char* computer;
    const char* user;
    const char* password;
  };
  const Case cases[] = {
      {{"target=web"}, "web.example", "", ""},
      {{"target=DB"}, "10.0.0.5", "EX\\monitor", "secret"},
      {{"target=db", "password=new"}, "10.0.0.5", "EX\\monitor", "new"},
      // The password of the settings goes to no other account.
      {{"target=db", "user=other"}, "10.0.0.5", "other", ""},
      {{"target=unknown.example", "user=u", "password=p"}, "unknown.example", "u", "p"},
      {{"target=\\\\host"}, "host", "", ""},
      {{"target=localhost"}, "", "", ""},
      {{"target=."}, "", "", ""},
      {{}, "", "", ""},
  };
  for (const Case& c : cases) {
    std::vector<std::string> arguments = c.arguments;
    arguments.push_back(kQuery);
    CAPTURE(arguments.front());
    p.Run(arguments);
    CHECK(p.places.back().computer == c.computer);
    CHECK(p.places.back().user == c.user);
    CHECK(p.places.back().password == c.password);
  }
  p.Run({kQuery, "namespace=root\\wmi"});
  CHECK(p.places.back().name_space == "root\\wmi");
  for (const auto& [level, text] : p.host.log) {
    CHECK(text.find("secret") == std::string::npos);
  }
}

TEST_CASE("nscp wmi shows what a query finds") {
  Played p;
  auto answer = p.Exec({"--select", "SELECT *", "--limit", "5"});
  CHECK(answer.code == 0);
  CHECK(p.rows == 5);
  CHECK(answer.output ==
        "---------------------------------------------\n"
        " Name  FreeSpace    Compressed  Load  Paths  \n"
        "---------------------------------------------\n"
        " C:    10737418240  True        0.5   [a, b] \n"
        " D:    <NULL>       False       2.5   <NULL> \n"
        "---------------------------------------------\n");
  CHECK(p.Exec({"-s", "SELECT *", "--simple"}).output ==
        "C:, 10737418240, True, 0.5, [a, b]\nD:, <NULL>, False, 2.5, <NULL>\n");
  CHECK(p.Exec({"--list-classes"}).output == "CIM_Process\nWin32_Process\n");
  CHECK(p.asked.back().empty());
  CHECK(p.Exec({"--list-classes=CIM_Process", "-n", "root\\wmi"}).code == 0);
  CHECK(p.asked.back() == "CIM_Process");
  CHECK(p.places.back().name_space == "root\\wmi");
  CHECK(p.Exec({"--list-ns"}).output == "C:\nD:\n");
  CHECK(p.asked.back() == "SELECT * FROM __NAMESPACE");
  CHECK(p.Exec({"--list-instances", "Win32_LogicalDisk"}).output == "C:\nD:\n");
  CHECK(p.Exec({"-s", "q", "-c", "host", "-u", "u", "-p", "p"}).code == 0);
  CHECK(p.places.back().computer == "host");
}

TEST_CASE("namespaces below namespaces have a bound") {
  Played p;  // each has two more, for ever
  const auto answer = p.Exec({"--list-all-ns"});
  CHECK(answer.code == 0);
  CHECK(answer.output.find("root\\cimv2\\C:\\C:\n") != std::string::npos);
  CHECK(p.asked.size() < 2000);
}

TEST_CASE("nscp wmi refuses what makes no sense") {
  Played p;
  CHECK(p.Exec({}).output.find("--list-classes") != std::string::npos);
  CHECK(p.Exec({"--help"}).code == 0);
  CHECK(p.module->OnExec({"help", {}}, p.call).code == 0);
  CHECK(p.module->OnExec({"other", {}}, p.call).code == 1);
  CHECK(p.Exec({"--bogus"}).code == 3);
  for (const char* limit : {"0", "-1", "x", "1.5", ""}) {
    CHECK(p.Exec({"-s", "q", "--limit", limit}).code == 3);
  }
  CHECK(p.Exec({"--list-classes=a'b"}).code == 3);
  CHECK(p.Exec({"--list-instances", "a b"}).code == 3);
  CHECK(p.asked.empty());
  p.table = Status::NotFound("no such class");
  const auto answer = p.Exec({"-s", "q"});
  CHECK(answer.code == 3);
  CHECK(answer.output == "ERROR: no such class");
}

}  // namespace
}  // namespace nscp::check_wmi
