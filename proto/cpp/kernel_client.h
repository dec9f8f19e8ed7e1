// A client of the kernel with nscp.v1 messages and without gRPC in its header: what the
// gateway, the SDK and the command line call the kernel through. Each call blocks its
// thread until the answer, the deadline or the end of the connection; an error is a
// Status with gRPC's code.
//
// One object for one kernel, never reconnected: a kernel that is gone stays gone.
// Any thread, several at once.
#pragma once

#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>

#include "nscp/v1/host.pb.h"
#include "nscp/v1/modules.pb.h"
#include "nscp/v1/queries.pb.h"
#include "nscp/v1/settings.pb.h"
#include "nscp/v1/telemetry.pb.h"
#include "proto/cpp/status.h"

namespace nscp {

// Takes calls back from another thread. Outlives the calls that it is given to; any
// thread.
class Cancellation {
 public:
  // Ends the calls that run with it, and those that begin later, with kCancelled.
  void Cancel();

 private:
  friend class CancellableCall;
  std::mutex mutex_;
  bool cancelled_ = false;
  std::list<std::function<void()>> running_;
};

struct CallOptions {
  // Counted from the call; at most kLongestCall is ever used.
  std::chrono::milliseconds timeout{30000};
  // ASCII letters, digits and "-" only; anything else is left out. Empty = none.
  std::string request_id;
  Cancellation* cancellation = nullptr;  // not owned; null = nobody takes it back
};

// Nothing lasts longer, whoever asks.
constexpr std::chrono::milliseconds kLongestCall{600000};

class KernelClient {
 public:
  // `target` as in Birth.kernel; `token` goes with every call. Does not wait for the
  // connection.
  static std::unique_ptr<KernelClient> Connect(const std::string& target,
                                               std::string token);
  virtual ~KernelClient() = default;

  // A stream from the kernel. Its end cancels it and waits for what still runs of its
  // functions; these run on gRPC's threads, one at a time, and must neither block nor end
  // the subscription.
  class Subscription {
   public:
    virtual ~Subscription() = default;
    // Goes on after a function that answered false; called before that, the answer counts
    // for nothing. Any thread.
    virtual void Resume() = 0;
  };

#define NSCP_CALL(Method, Message)                                                  \
  virtual Result<v1::Message##Response> Method(const v1::Message##Request& request, \
                                               const CallOptions& options) = 0;
  // nscp.v1.Host
  NSCP_CALL(Attach, Attach)
  NSCP_CALL(Register, Register)
  NSCP_CALL(Listen, Listen)
  NSCP_CALL(ExpandPath, ExpandPath)
  NSCP_CALL(SetTag, SetTag)
  NSCP_CALL(ListTags, ListTags)
  NSCP_CALL(PutStorage, PutStorage)
  NSCP_CALL(GetStorage, GetStorage)
  NSCP_CALL(ReloadHost, ReloadHost)
  NSCP_CALL(Console, Console)
  NSCP_CALL(Shutdown, Shutdown)
  NSCP_CALL(GetHostStatus, GetHostStatus)
  // nscp.v1.Modules
  NSCP_CALL(ListModules, ListModules)
  NSCP_CALL(GetModule, GetModule)
  // LoadModule and the following share one pair of messages.
  virtual Result<v1::ModuleResponse> LoadModule(const v1::ModuleRequest&,
                                                const CallOptions&) = 0;
  virtual Result<v1::ModuleResponse> UnloadModule(const v1::ModuleRequest&,
                                                  const CallOptions&) = 0;
  virtual Result<v1::ModuleResponse> ReloadModule(const v1::ModuleRequest&,
                                                  const CallOptions&) = 0;
  virtual Result<v1::ModuleResponse> EnableModule(const v1::ModuleRequest&,
                                                  const CallOptions&) = 0;
  virtual Result<v1::ModuleResponse> DisableModule(const v1::ModuleRequest&,
                                                   const CallOptions&) = 0;
  NSCP_CALL(InstallModule, InstallModule)
  // `ended` once, when nothing more will come.
  virtual std::unique_ptr<Subscription> WatchModules(
      std::function<void(const v1::WatchModulesResponse&)> each,
      std::function<void(const Status&)> ended) = 0;
  // nscp.v1.Queries
  NSCP_CALL(ListQueries, ListQueries)
  NSCP_CALL(DescribeQuery, DescribeQuery)
  NSCP_CALL(Execute, Execute)
  NSCP_CALL(Exec, Exec)
  NSCP_CALL(Submit, Submit)
  // nscp.v1.Settings
  NSCP_CALL(GetSettings, GetSettings)
  NSCP_CALL(UpdateSettings, UpdateSettings)
  NSCP_CALL(DeleteSettings, DeleteSettings)
  NSCP_CALL(DescribeSettings, DescribeSettings)
  NSCP_CALL(DiffSettings, DiffSettings)
  NSCP_CALL(GetSettingsStatus, GetSettingsStatus)
  NSCP_CALL(LoadSettings, LoadSettings)
  NSCP_CALL(SaveSettings, SaveSettings)
  // nscp.v1.Logs, Events, Metrics. While an `each` has answered false, nothing more is
  // read until Resume(): what comes waits with the kernel, within its bounds.
  virtual std::unique_ptr<Subscription> WatchLogs(
      const v1::WatchLogsRequest& request,
      std::function<bool(const v1::WatchLogsResponse&)> each,
      std::function<void(const Status&)> ended) = 0;
  virtual std::unique_ptr<Subscription> WatchEvents(
      const v1::WatchEventsRequest& request,
      std::function<bool(const v1::WatchEventsResponse&)> each,
      std::function<void(const Status&)> ended) = 0;
  NSCP_CALL(ListLogs, ListLogs)
  NSCP_CALL(ClearLogs, ClearLogs)
  NSCP_CALL(GetLogStatus, GetLogStatus)
  NSCP_CALL(EmitEvents, EmitEvents)
  NSCP_CALL(ListEvents, ListEvents)
  NSCP_CALL(TakeEvents, TakeEvents)
  NSCP_CALL(MetricsSnapshot, MetricsSnapshot)
#undef NSCP_CALL
  // One batch of log lines, in order with the last one. Never blocks longer than its
  // timeout.
  virtual Status WriteLogs(const v1::WriteLogsRequest& request,
                           const CallOptions& options) = 0;
};

}  // namespace nscp
