#include "kernel/console/console.h"

#include <doctest/doctest.h>

#include "tests/unit/fake_kernel_client.h"

namespace nscp::kernel {
namespace {

struct ConsoleFixture {
  FakeKernel client;
  std::vector<std::string> said;
  bool goes_on = true;

  std::vector<std::string> Type(const std::string& line) {
    said.clear();
    Console::Asker asker;
    asker.caller.set_principal("somebody");
    asker.request_id = "req-1";
    Console console(client, std::move(asker),
                    [this](const std::string& text) { said.push_back(text); });
    goes_on = console.Handle(line);
    return said;
  }
};

using Lines = std::vector<std::string>;

TEST_CASE("what is no word of the console is a query, asked for by name") {
  ConsoleFixture f;
  f.client.on_Execute = [](const v1::ExecuteRequest& request) {
    CHECK(request.command() == "check_x");
    CHECK(request.arguments_size() == 2);
    CHECK(request.arguments(0) == "a=b c");
    CHECK(request.caller().principal() == "somebody");
    v1::ExecuteResponse response;
    response.mutable_result()->set_code(v1::WARNING);
    response.mutable_result()->add_lines()->set_message("one\ntwo \xE4");
    v1::Line& line = *response.mutable_result()->add_lines();
    line.set_message("three");
    line.add_perf()->set_label("p");
    line.mutable_perf(0)->mutable_number()->set_value(1);
    return response;
  };
  CHECK(f.Type("check_x 'a=b c' \xFF") == Lines{"WARNING: one\t... ", "two \xE4",
                                                " Performance data: ", "WARNING: three",
                                                " Performance data: 'p'=1"});
  CHECK(f.goes_on);
  CHECK(f.client.last.request_id == "req-1");
}

TEST_CASE("what is typed as a secret is not told, whatever quotes it") {
  ConsoleFixture f;
  f.client.on_Execute = [](const v1::ExecuteRequest& request) {
    v1::ExecuteResponse response;
    std::string& message = *response.mutable_result()->add_lines()->mutable_message();
    for (const std::string& argument : request.arguments()) message += argument + ",";
    return response;
  };
  const Lines rest = {" Performance data: "};
  CHECK(f.Type("x host=h Password=geheim --auth-token tok-en --pwd=1234 secret=abc") ==
        Lines{"OK: host=h,Password=***,--auth-token,***,--pwd=***,secret=abc,", rest[0]});
  CHECK(f.Type("x geheim password") == Lines{"OK: geheim,password,", rest[0]});
}

TEST_CASE("nothing, too much and the end") {
  ConsoleFixture f;
  CHECK(f.Type("  \t").empty());
  CHECK(f.goes_on);
  CHECK(f.Type(std::string(kMaxConsoleLine + 1, 'x')).size() == 1);
  CHECK(f.goes_on);
  CHECK(f.client.calls == 0);
  CHECK(f.Type("exit").empty());
  CHECK_FALSE(f.goes_on);
}

TEST_CASE("names are listed of queries, of aliases, and of both") {
  ConsoleFixture f;
  f.client.on_ListQueries = [](const v1::ListQueriesRequest& request) {
    v1::ListQueriesResponse response;
    v1::NameInfo& info = *response.add_names();
    info.set_name(request.kind() == v1::NAME_ALIAS ? "alias" : "query");
    info.set_description("d");
    return response;
  };
  CHECK(f.Type("queries") == Lines{"query\t-d"});
  CHECK(f.Type("commands") == Lines{"query\t-d"});
  CHECK(f.Type("aliases") == Lines{"alias\t-d"});
  CHECK(f.Type("list") == Lines{"query\t-d", "alias\t-d"});
  f.client.on_ListQueries = [](const auto&) { return v1::ListQueriesResponse(); };
  CHECK(f.Type("list") == Lines{"Nothing found"});
}

TEST_CASE("modules are loaded in the asker's name, and failures are told") {
  ConsoleFixture f;
  f.client.on_LoadModule = [](const v1::ModuleRequest& request) {
    CHECK(request.name() == "M");
    CHECK(request.caller().principal() == "somebody");
    return v1::ModuleResponse();
  };
  CHECK(f.Type("load M") == Lines{"M loaded successfully..."});
  CHECK(f.Type("unload M") ==
        Lines{"Failed to unload module: no fake answer for UnloadModule"});
  CHECK(f.Type("load") == Lines{"Usage: load <module>"});
}

TEST_CASE("a module is enabled in the settings and saved") {
  ConsoleFixture f;
  f.client.on_GetModule = [](const v1::GetModuleRequest&) {
    v1::GetModuleResponse response;
    response.mutable_module()->set_name("CheckX");
    return response;
  };
  f.client.on_UpdateSettings = [](const v1::UpdateSettingsRequest& request) {
    CHECK(request.persist());
    CHECK(request.caller().principal() == "somebody");
    REQUIRE(request.entries_size() == 1);
    CHECK(request.entries(0).path() == "/modules");
    CHECK(request.entries(0).key() == "CheckX");
    CHECK(request.entries(0).value() == "enabled");
    return v1::UpdateSettingsResponse();
  };
  CHECK(f.Type("enable checkx") == Lines{"checkx enabled successfully..."});
}

TEST_CASE("registered keys are told with and without a value") {
  ConsoleFixture f;
  f.client.on_DescribeSettings = [](const auto&) {
    v1::DescribeSettingsResponse response;
    v1::SettingDescription& path = *response.add_descriptions();
    path.set_path("/a");
    v1::SettingDescription& set = *response.add_descriptions();
    set.set_path("/a");
    set.set_key("k");
    set.set_value("***");
    set.set_has_value(true);
    v1::SettingDescription& unset = *response.add_descriptions();
    unset.set_path("/a");
    unset.set_key("u");
    unset.set_value("default");
    return response;
  };
  CHECK(f.Type("settings") == Lines{"/a/k=***", "/a/u="});
}

TEST_CASE("metrics are filtered by a part of their name") {
  ConsoleFixture f;
  f.client.on_MetricsSnapshot = [](const auto&) {
    v1::MetricsSnapshotResponse response;
    for (const char* key : {"one", "two"}) {
      v1::Metric& metric = *response.add_metrics();
      metric.set_bundle("b");
      metric.set_key(key);
      metric.set_gauge(1.5);
    }
    return response;
  };
  CHECK(f.Type("metrics") == Lines{"b.one=1.5", "b.two=1.5"});
  CHECK(f.Type("metrics tw") == Lines{"b.two=1.5"});
}

TEST_CASE("exec needs a target and a command, and tells what failed") {
  ConsoleFixture f;
  CHECK(f.Type("exec x") == Lines{"Usage: exec <target> <command> [args]"});
  CHECK(f.Type("exec") == Lines{"UNKNOWN: no fake answer for Execute"});
  f.client.on_Exec = [](const v1::ExecRequest& request) -> Result<v1::ExecResponse> {
    if (request.module() == "no") return Status::NotFound("no such module");
    CHECK(request.caller().principal() == "somebody");
    v1::ExecResponse response;
    response.set_output(request.command() + "\n" + request.arguments(0));
    return response;
  };
  CHECK(f.Type("exec M c arg") == Lines{"c\t... ", "arg"});
  CHECK(f.Type("exec no c") == Lines{"Failed to execute command on no: no such module"});
}

}  // namespace
}  // namespace nscp::kernel
