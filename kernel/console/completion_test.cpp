#include "kernel/console/completion.h"

#include <doctest/doctest.h>

#include "tests/unit/fake_kernel_client.h"

namespace nscp::kernel {
namespace {

using Words = std::vector<std::string>;

struct Names {
  FakeKernel client;

  Names() {
    client.on_ListQueries = [](const v1::ListQueriesRequest& request) {
      v1::ListQueriesResponse response;
      const bool alias = request.kind() == v1::NAME_ALIAS;
      for (const char* name : {"check_ok", "check_os", "echo"}) {
        response.add_names()->set_name(alias ? "my_" + std::string(name) : name);
      }
      return response;
    };
    client.on_ListModules = [](const v1::ListModulesRequest& request) {
      CHECK(request.all());
      v1::ListModulesResponse response;
      for (const char* name : {"CheckSystem", "CheckDisk", "WEBServer"}) {
        response.add_modules()->set_id(name);
      }
      return response;
    };
    client.on_GetModule = [](const v1::GetModuleRequest& request) {
      v1::GetModuleResponse response;
      if (request.name() == "WEBServer") {
        response.mutable_manifest()->add_exec_commands()->set_name("install");
      }
      return response;
    };
  }
  Words Complete(const char* before) { return CompleteLine(client, before); }
};

TEST_CASE("a word is completed by what may stand in its place") {
  Names names;
  const struct {
    const char* before;
    Words words;
  } rows[] = {
      {"check_o", {"check_ok", "check_os"}},
      {"CHECK_OK", {"check_ok"}},
      {"my_e", {"my_echo"}},
      {"pl", {"plugins"}},
      {"e", {"echo", "enable", "exec", "exit"}},
      {"desc check_os", {"check_os"}},
      {"load check", {"CheckDisk", "CheckSystem"}},
      {"unload W", {"WEBServer"}},
      {"exec WEB", {"WEBServer"}},
      {"exec WEBServer ", {"install"}},
      {"exec CheckDisk ", {}},
      {"load CheckDisk ", {}},
      {"check_ok mess", {}},
      {"nothing_like", {}},
  };
  for (const auto& row : rows) {
    CAPTURE(row.before);
    CHECK(names.Complete(row.before) == row.words);
  }
  CHECK(names.Complete("").size() > 15);
}

TEST_CASE("a kernel that does not answer leaves the console's own words") {
  FakeKernel client;
  CHECK(CompleteLine(client, "exi") == Words{"exit"});
  CHECK(CompleteLine(client, "load C").empty());
}

}  // namespace
}  // namespace nscp::kernel
