// A whole kernel without a module, asked through its own services.
#include "kernel/core/kernel.h"

#include <doctest/doctest.h>

#include "proto/cpp/kernel_client.h"
#include "tests/unit/temp_folder.h"

namespace nscp::kernel {
namespace {

struct KernelFixture {
  testing::TempFolder temp;
  std::unique_ptr<Kernel> kernel;
  std::unique_ptr<KernelClient> client;

  KernelFixture() {
    temp.Write("modules/readme", "");
    temp.Write("nsclient.ini", "[/a]\nk = v\n");
    KernelOptions options;
    options.is_private = true;
    options.settings_context = temp.File("nsclient.ini");
    options.tokens = PathTokens::ForThisProgram({{"module-path", temp.File("modules")},
                                                 {"data-path", temp.File("data")},
                                                 {"runtime-path", temp.File("run")}});
    auto made = Kernel::Create(std::move(options));
    REQUIRE_MESSAGE(made.ok(), made.status().message());
    kernel = std::move(made).value();
    client = KernelClient::Connect(kernel->target(), kernel->admin_token());
  }
};

TEST_CASE("what is stored is given back, to the instance that stored it") {
  KernelFixture f;
  v1::PutStorageRequest put;
  put.set_context("bookmarks");
  put.set_key("/var/log/x");
  put.set_value(std::string("\0\xFF", 2));
  REQUIRE(f.client->PutStorage(put, {}).ok());
  v1::GetStorageRequest get;
  get.set_context("bookmarks");
  const auto found = f.client->GetStorage(get, {});
  REQUIRE(found.ok());
  REQUIRE(found->entries_size() == 1);
  CHECK(found->entries(0).key() == put.key());
  CHECK(found->entries(0).value() == put.value());
  CHECK(std::filesystem::exists(f.temp.File("data/storage/cli.storage")));
}

TEST_CASE("a line of the console asks the kernel that runs it") {
  KernelFixture f;
  v1::ConsoleRequest request;
  request.set_line("settings");
  const auto said = f.client->Console(request, {});
  REQUIRE(said.ok());
  CHECK(said->output().find("/a/k=v\n") != std::string::npos);
  request.set_line(std::string(kMaxConsoleLine + 1, 'x'));
  CHECK(f.client->Console(request, {}).status().code() == Code::kInvalidArgument);
}

TEST_CASE("no module is installed where the settings do not say so") {
  KernelFixture f;
  v1::InstallModuleRequest request;
  request.set_name("M");
  const Status refused = f.client->InstallModule(request, {}).status();
  CHECK(refused.code() == Code::kFailedPrecondition);
  CHECK(refused.message().find("allow module install = true") != std::string::npos);
}

}  // namespace
}  // namespace nscp::kernel
