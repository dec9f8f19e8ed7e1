// What the kernel's messages come to; constructed.
#include "workers/check_nscp/kernel_view.h"

#include <doctest/doctest.h>

#include "tests/unit/fake_kernel_client.h"

namespace nscp::check_nscp {
namespace {

void AddEnd(v1::ModuleInfo* module, bool wanted, int64_t ended_ms, const char* reason) {
  v1::EndRecord* end = module->add_ends();
  end->set_wanted(wanted);
  end->set_ended_ms(ended_ms);
  end->set_reason(reason);
}

TEST_CASE("unwanted ends are crashes, the latest one is named") {
  v1::ListModulesResponse modules;
  v1::ModuleInfo* one = modules.add_modules();
  one->set_id("disk");
  AddEnd(one, false, 2000, "killed by signal 11\nand more");
  AddEnd(one, true, 4000, "replaced");
  v1::ModuleInfo* other = modules.add_modules();
  other->set_id("system");
  AddEnd(other, false, 1000, "exited with code 3");
  v1::GetHostStatusResponse host;
  host.set_started_ms(500);
  const AgentFacts facts = FactsOf(modules, host, 1500000);
  CHECK(facts.crashes == 2);
  CHECK(facts.last_crash == "disk: killed by signal 11");
  CHECK(facts.uptime.count() == 1000000);
  // More restarts than records are kept, and one that waits for its next try.
  one->set_restarts(40);
  one->set_state(v1::BACKOFF);
  CHECK(FactsOf(modules, host, 0).crashes == 42);
  CHECK(FactsOf(modules, host, 0).uptime.count() == 0);
}

struct Fixture {
  Fixture() {
    kernel.on_ListModules = [](const v1::ListModulesRequest& request) {
      CHECK(request.details());
      return v1::ListModulesResponse();
    };
    kernel.on_GetHostStatus = [](const v1::GetHostStatusRequest&) {
      return v1::GetHostStatusResponse();
    };
    view = MakeKernelView(kernel, kLimit);
  }
  void Say(uint64_t index, const char* message, uint64_t lost = 0) {
    v1::WatchLogsResponse batch;
    v1::LogEntry* entry = batch.add_entries();
    entry->set_index(index);
    entry->set_message(message);
    batch.set_lost(lost);
    CHECK(kernel.logs_watch(batch));
  }

  static constexpr std::chrono::milliseconds kLimit{200};
  FakeKernel kernel;
  std::unique_ptr<AgentView> view;
};

TEST_CASE("errors are counted from the start on, those that were lost too") {
  Fixture f;
  CHECK(f.kernel.logs_watch_asked.levels_size() == 2);
  CHECK_FALSE(f.kernel.logs_watch_asked.has_after());
  CHECK(f.view->Read(Fixture::kLimit)->errors == 0);
  f.Say(50, "one\ntwo");
  f.Say(60, std::string(5000, 'x').c_str(), 3);
  const auto facts = f.view->Read(Fixture::kLimit);
  CHECK(facts->errors == 5);
  CHECK(facts->last_error == std::string(kMaxErrorText, 'x'));
}

TEST_CASE("a watch that ends begins again where it stopped") {
  Fixture f;
  f.Say(50, "one");
  f.kernel.logs_watch_ended(Status::Unavailable("too many watch"));
  CHECK(f.view->Read(Fixture::kLimit)->errors == 1);
  CHECK(f.kernel.logs_watch_asked.after() == 50);
  CHECK(f.kernel.logs_watch_asked.started_ms() == 5000);
  CHECK(f.kernel.watches == 1);
  f.kernel.on_WatchLogs = [&f] {
    f.kernel.logs_watch_ended(Status::ResourceExhausted("64 watch already"));
  };
  f.kernel.logs_watch_ended(Status::Ok());
  const auto facts = f.view->Read(Fixture::kLimit);
  CHECK(facts.status().message() == "watching the log for errors: 64 watch already");
  f.view.reset();
  CHECK(f.kernel.watches == 0);
}

TEST_CASE("a kernel that does not answer is no healthy one") {
  Fixture f;
  f.kernel.on_GetHostStatus = nullptr;
  CHECK_FALSE(f.view->Read(Fixture::kLimit).ok());
  FakeKernel silent;
  silent.on_WatchLogs = [] {};
  const auto view = MakeKernelView(silent, std::chrono::milliseconds(1));
  silent.on_ListModules = [](const v1::ListModulesRequest&) {
    return v1::ListModulesResponse();
  };
  silent.on_GetHostStatus = [](const v1::GetHostStatusRequest&) {
    return v1::GetHostStatusResponse();
  };
  CHECK(view->Read(std::chrono::milliseconds(1)).status().code() ==
        Code::kDeadlineExceeded);
}

}  // namespace
}  // namespace nscp::check_nscp
