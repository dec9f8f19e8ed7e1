// A kernel for tests: each call is answered by a function that the test sets, or by a
// canned error that names the call. Keeps the options of the last call. One thread.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "proto/cpp/kernel_client.h"

namespace nscp {

class FakeKernel final : public KernelClient {
 public:
  CallOptions last;
  int calls = 0;

#define NSCP_FAKE_AS(Method, Question, Answer)                                       \
  std::function<Result<v1::Answer>(const v1::Question&)> on_##Method;                \
  Result<v1::Answer> Method(const v1::Question& request, const CallOptions& options) \
      override {                                                                     \
    last = options;                                                                  \
    ++calls;                                                                         \
    if (!on_##Method) return Status::Unavailable("no fake answer for " #Method);     \
    return on_##Method(request);                                                     \
  }
#define NSCP_FAKE(Method, Message) \
  NSCP_FAKE_AS(Method, Message##Request, Message##Response)
  NSCP_FAKE(Attach, Attach)
  NSCP_FAKE(Register, Register)
  NSCP_FAKE(Listen, Listen)
  NSCP_FAKE(ExpandPath, ExpandPath)
  NSCP_FAKE(SetTag, SetTag)
  NSCP_FAKE(ListTags, ListTags)
  NSCP_FAKE(PutStorage, PutStorage)
  NSCP_FAKE(GetStorage, GetStorage)
  NSCP_FAKE(ReloadHost, ReloadHost)
  NSCP_FAKE(Console, Console)
  NSCP_FAKE(Shutdown, Shutdown)
  NSCP_FAKE(GetHostStatus, GetHostStatus)
  NSCP_FAKE(ListModules, ListModules)
  NSCP_FAKE(GetModule, GetModule)
  NSCP_FAKE_AS(LoadModule, ModuleRequest, ModuleResponse)
  NSCP_FAKE_AS(UnloadModule, ModuleRequest, ModuleResponse)
  NSCP_FAKE_AS(ReloadModule, ModuleRequest, ModuleResponse)
  NSCP_FAKE_AS(EnableModule, ModuleRequest, ModuleResponse)
  NSCP_FAKE_AS(DisableModule, ModuleRequest, ModuleResponse)
  NSCP_FAKE(InstallModule, InstallModule)
  NSCP_FAKE(ListQueries, ListQueries)
  NSCP_FAKE(DescribeQuery, DescribeQuery)
  NSCP_FAKE(Execute, Execute)
  NSCP_FAKE(Exec, Exec)
  NSCP_FAKE(Submit, Submit)
  NSCP_FAKE(GetSettings, GetSettings)
  NSCP_FAKE(UpdateSettings, UpdateSettings)
  NSCP_FAKE(DeleteSettings, DeleteSettings)
  NSCP_FAKE(DescribeSettings, DescribeSettings)
  NSCP_FAKE(DiffSettings, DiffSettings)
  NSCP_FAKE(GetSettingsStatus, GetSettingsStatus)
  NSCP_FAKE(LoadSettings, LoadSettings)
  NSCP_FAKE(SaveSettings, SaveSettings)
  NSCP_FAKE(ListLogs, ListLogs)
  NSCP_FAKE(ClearLogs, ClearLogs)
  NSCP_FAKE(GetLogStatus, GetLogStatus)
  NSCP_FAKE(EmitEvents, EmitEvents)
  NSCP_FAKE(ListEvents, ListEvents)
  NSCP_FAKE(TakeEvents, TakeEvents)
  NSCP_FAKE(MetricsSnapshot, MetricsSnapshot)
  std::function<void(const v1::WatchModulesResponse&)> module_watch;
  std::function<void(const Status&)> module_watch_ended;
  std::unique_ptr<Subscription> WatchModules(
      std::function<void(const v1::WatchModulesResponse&)> each,
      std::function<void(const Status&)> ended) override {
    module_watch = std::move(each);
    module_watch_ended = std::move(ended);
    return nullptr;
  }
  // Each call of WatchLogs or WatchEvents, and what to tell it.
  class FakeSubscription final : public Subscription {
   public:
    explicit FakeSubscription(FakeKernel& kernel) : kernel_(kernel) {}
    ~FakeSubscription() override { --kernel_.watches; }
    void Resume() override { ++kernel_.resumed; }

   private:
    FakeKernel& kernel_;
  };
  std::atomic<int> watches{0};  // that have not ended
  std::atomic<int> resumed{0};
  v1::WatchLogsRequest logs_watch_asked;
  std::function<bool(const v1::WatchLogsResponse&)> logs_watch;
  std::function<void(const Status&)> logs_watch_ended;
  // Called within WatchLogs; by default the first message comes at once.
  std::function<void()> on_WatchLogs = [this] {
    v1::WatchLogsResponse first;
    first.set_started_ms(5000);
    first.set_position(41);
    logs_watch(first);
  };
  std::unique_ptr<Subscription> WatchLogs(
      const v1::WatchLogsRequest& request,
      std::function<bool(const v1::WatchLogsResponse&)> each,
      std::function<void(const Status&)> ended) override {
    logs_watch_asked = request;
    logs_watch = std::move(each);
    logs_watch_ended = std::move(ended);
    ++watches;
    on_WatchLogs();
    return std::make_unique<FakeSubscription>(*this);
  }
  v1::WatchEventsRequest events_watch_asked;
  std::function<bool(const v1::WatchEventsResponse&)> events_watch;
  std::unique_ptr<Subscription> WatchEvents(
      const v1::WatchEventsRequest& request,
      std::function<bool(const v1::WatchEventsResponse&)> each,
      std::function<void(const Status&)>) override {
    events_watch_asked = request;
    events_watch = std::move(each);
    ++watches;
    v1::WatchEventsResponse first;
    first.set_started_ms(5000);
    events_watch(first);
    return std::make_unique<FakeSubscription>(*this);
  }
#undef NSCP_FAKE
#undef NSCP_FAKE_AS

  std::function<Status(const v1::WriteLogsRequest&)> on_WriteLogs;
  Status WriteLogs(const v1::WriteLogsRequest& request,
                   const CallOptions& options) override {
    last = options;
    ++calls;
    return on_WriteLogs ? on_WriteLogs(request) : Status::Ok();
  }
};

}  // namespace nscp
