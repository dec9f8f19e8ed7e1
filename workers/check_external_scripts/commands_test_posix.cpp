#include "workers/check_external_scripts/commands.h"

#include "workers/check_external_scripts/check_external_scripts.h"
#include "workers/checks/fake_call.h"
#include "workers/scripts/test_folder_posix.h"

namespace nscp::check_external_scripts {
namespace {

struct Module {
  explicit Module(std::vector<sdk::Settings::Entry> entries = {}) {
    entries.push_back({kSection, "script root", folder.path + "/scripts"});
    sdk::StartContext context;
    context.host = &host;
    context.settings = sdk::Settings(std::move(entries));
    REQUIRE(module->Start(context).ok());
  }
  sdk::ExecAnswer Exec(std::vector<std::string> words) {
    return module->OnExec({"", std::move(words)}, call);
  }
  std::string Text(std::vector<std::string> words) {
    return Exec(std::move(words)).output;
  }

  scripts::TestFolder folder;
  checks::FakeHost host;
  checks::FakeCall call;
  std::unique_ptr<sdk::Module> module = MakeCheckExternalScripts();
};

TEST_CASE("a script is added, listed, shown, run and removed") {
  Module module;
  module.folder.Write("scripts/hi.sh", "#!/bin/sh\necho hi\n");
  module.folder.Write("scripts/lib/tool.sh", "");
  CHECK(module.Text({"add", "--script", "hi.sh"}) == "Added hi as scripts/hi.sh");
  REQUIRE(module.host.saved.size() == 2);
  CHECK(module.host.saved[0].path == kScriptsSection);
  CHECK(module.host.saved[0].key == "hi");
  CHECK(module.host.saved[0].value == "scripts/hi.sh");
  CHECK(module.host.saved[1].key == "CheckExternalScripts");

  CHECK(module.Text({"list"}) == "scripts/hi.sh\n");
  CHECK(module.Text({"list", "--json", "--include-lib"}) ==
        R"(["scripts/hi.sh","scripts/lib/tool.sh"])");
  CHECK(module.Text({"list", "--json", "--query"}) == R"(["hi"])");
  CHECK(module.Text({"show", "--script", "hi"}) == "scripts/hi.sh");
  CHECK(module.Text({"show", "--script", "scripts/hi.sh"}) == "#!/bin/sh\necho hi\n");
  CHECK(module.module->OnQuery({"hi", {}}, module.call).lines.at(0).message == "hi");

  CHECK(module.Text({"delete", "--script", "hi"}) ==
        "Script definition has been removed don't forget to delete any artifact for: "
        "scripts/hi.sh");
  CHECK(module.Text({"list", "--query"}).empty());
  CHECK(module.module->OnQuery({"hi", {}}, module.call).lines.at(0).message ==
        "No command or alias found matching: hi");
  CHECK(module.Text({"delete", "--script", "scripts/hi.sh"}) ==
        "Script file was removed");
  const auto gone = module.Exec({"show", "--script", "hi.sh"});
  CHECK(gone.code == 3);
  CHECK(gone.output == "Script not found: hi.sh");
}

TEST_CASE("a file from elsewhere is imported whole, and replaces only when told to") {
  Module module;
  const std::string from = module.folder.Write("upload", "#!/bin/sh\n");
  CHECK(module.Text({"add", "--script", "sub/new.sh", "--import", from, "--alias", "n",
                     "--arguments", "-w $ARG1$"}) == "Added n as scripts/new.sh");
  CHECK(module.Text({"show", "--script", "n"}) == "scripts/new.sh -w $ARG1$");
  CHECK(module.Text({"add", "--script", "new.sh", "--import", from}) ==
        "Script already exists specify --overwrite to replace the script");
  module.folder.Write("upload", "other");
  CHECK(module.Exec({"add", "--script", "new.sh", "--import", from, "--replace"}).code ==
        0);
  CHECK(module.Text({"show", "--script", "new.sh"}) == "other");
  CHECK(module.Text({"list"}) == "scripts/new.sh\n");
}

TEST_CASE("no file outside of the folder is shown, added or removed") {
  Module module;
  const std::string secret = module.folder.Write("secret", "secret");
  module.folder.Write("scripts/x", "");
  std::filesystem::create_symlink(secret, module.folder.path + "/scripts/link");
  const std::string refusal = "Not allowed outside: " + module.folder.path + "/scripts";
  for (const std::string& name : {secret, std::string("../secret"), std::string("link"),
                                  std::string("scripts/../secret")}) {
    for (const char* verb : {"show", "add", "delete"}) {
      CAPTURE(name);
      CAPTURE(verb);
      const auto answer = module.Exec({verb, "--script", name});
      CHECK(answer.code == 3);
      CHECK(answer.output == refusal);
    }
  }
  CHECK(std::filesystem::exists(secret));
}

TEST_CASE("what callers may give is set by one command") {
  Module module;
  CHECK(module.Text({"install", "--arguments=all"}) == "UNSAFE Arguments are allowed.");
  CHECK(module.Text({"install", "--arguments"}) == "SAFE Arguments are allowed.");
  CHECK(module.Text({"install"}) == "Arguments are NOT allowed.");
  CHECK(module.host.saved.at(0).value == "true");
  CHECK(module.host.saved.at(4).value == "false");
  CHECK(module.Exec({"install", "--arguments=maybe"}).code == 3);
}

TEST_CASE("a file alone makes no command, and what cannot be saved is told") {
  Module module;
  module.folder.Write("scripts/x.sh", "");
  CHECK(module.Text({"add", "--script", "x.sh", "--no-config"}) ==
        "Added x as scripts/x.sh");
  CHECK(module.host.saved.empty());
  module.host.save_answer = Status::PermissionDenied("the store is read-only");
  const auto answer = module.Exec({"add", "--script", "x.sh"});
  CHECK(answer.code == 3);
  CHECK(answer.output == "the store is read-only");
  CHECK(module.Text({"list", "--query"}).empty());
}

TEST_CASE("mistakes say how it is used") {
  Module module;
  for (const auto& words :
       {std::vector<std::string>{}, std::vector<std::string>{"nosuch"}}) {
    CHECK(module.Text(words) ==
          "Usage: nscp ext-scr [add|list|show|install|delete] --help");
    CHECK(module.Exec(words).code == 3);
  }
  CHECK(module.Text({"add"}) == "No script specified add --script");
  CHECK(module.Exec({"add", "--help"}).code == 0);
  CHECK(module.Exec({"list", "--nosuch"}).code == 3);
}

}  // namespace
}  // namespace nscp::check_external_scripts
