#include "proto/cpp/kernel_client.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "nscp/v1/host.grpc.pb.h"
#include "nscp/v1/modules.grpc.pb.h"
#include "nscp/v1/queries.grpc.pb.h"
#include "nscp/v1/settings.grpc.pb.h"
#include "nscp/v1/telemetry.grpc.pb.h"
#include "proto/cpp/channel.h"
#include "proto/cpp/status_grpc.h"
#include "proto/cpp/text.h"

namespace nscp {

// The time in which a call can be taken back.
class CancellableCall {
 public:
  CancellableCall(Cancellation* cancellation, grpc::ClientContext& context)
      : cancellation_(cancellation) {
    if (cancellation_ == nullptr) return;
    const std::lock_guard<std::mutex> lock(cancellation_->mutex_);
    if (cancellation_->cancelled_) context.TryCancel();
    place_ = cancellation_->running_.insert(cancellation_->running_.end(),
                                            [&context] { context.TryCancel(); });
  }
  ~CancellableCall() {
    if (cancellation_ == nullptr) return;
    const std::lock_guard<std::mutex> lock(cancellation_->mutex_);
    cancellation_->running_.erase(place_);
  }
  CancellableCall(const CancellableCall&) = delete;
  CancellableCall& operator=(const CancellableCall&) = delete;

 private:
  Cancellation* const cancellation_;
  std::list<std::function<void()>>::iterator place_;
};

void Cancellation::Cancel() {
  const std::lock_guard<std::mutex> lock(mutex_);
  cancelled_ = true;
  for (const auto& cancel : running_) cancel();
}

namespace {

constexpr char kGrpcDeadlineMessage[] = "Deadline Exceeded";

// The kernel explains a deadline that it saw pass. On a busy machine the caller's own
// clock can be first, and gRPC then says no more than that it passed.
Status Explain(const Status& status, std::chrono::milliseconds limit) {
  if (status.code() != Code::kDeadlineExceeded ||
      status.message() != kGrpcDeadlineMessage) {
    return status;
  }
  return Status::DeadlineExceeded("the kernel did not answer within " +
                                  FormatSeconds(limit) + ", the caller's limit");
}

class ModuleWatch final : public KernelClient::Subscription,
                          private grpc::ClientReadReactor<v1::WatchModulesResponse> {
 public:
  ModuleWatch(v1::Modules::Stub& stub, const std::string& token,
              std::function<void(const v1::WatchModulesResponse&)> each,
              std::function<void(const Status&)> ended)
      : each_(std::move(each)), ended_(std::move(ended)) {
    PrepareContext(context_, token, "", std::chrono::system_clock::time_point::max());
    stub.async()->Watch(&context_, &request_, this);
    StartRead(&message_);
    StartCall();
  }
  ~ModuleWatch() override {
    context_.TryCancel();
    std::unique_lock<std::mutex> lock(mutex_);
    over_.wait(lock, [this] { return is_over_; });
  }

 private:
  void OnReadDone(bool ok) override {
    if (!ok) return;
    each_(message_);
    StartRead(&message_);
  }
  void OnDone(const grpc::Status& status) override {
    ended_(FromGrpc(status));
    // Notified under the lock: the object may end as soon as it is free.
    const std::lock_guard<std::mutex> lock(mutex_);
    is_over_ = true;
    over_.notify_one();
  }

  const std::function<void(const v1::WatchModulesResponse&)> each_;
  const std::function<void(const Status&)> ended_;
  grpc::ClientContext context_;
  v1::WatchModulesRequest request_;
  v1::WatchModulesResponse message_;
  std::mutex mutex_;
  std::condition_variable over_;
  bool is_over_ = false;
};

class GrpcKernelClient final : public KernelClient {
 public:
  GrpcKernelClient(std::shared_ptr<grpc::Channel> channel, std::string token)
      : token_(std::move(token)),
        host_(v1::Host::NewStub(channel)),
        modules_(v1::Modules::NewStub(channel)),
        queries_(v1::Queries::NewStub(channel)),
        settings_(v1::Settings::NewStub(channel)),
        logs_(v1::Logs::NewStub(channel)),
        events_(v1::Events::NewStub(channel)),
        metrics_(v1::Metrics::NewStub(channel)) {}

#define NSCP_UNARY(Method, stub, Rpc, Request, Response)                              \
  Result<v1::Response> Method(const v1::Request& request, const CallOptions& options) \
      override {                                                                      \
    return Call<v1::Response>(options, [&](grpc::ClientContext* c, v1::Response* r) { \
      return stub->Rpc(c, request, r);                                                \
    });                                                                               \
  }
#define NSCP_CALL(Method, stub, Rpc, Message) \
  NSCP_UNARY(Method, stub, Rpc, Message##Request, Message##Response)

  NSCP_CALL(Attach, host_, Attach, Attach)
  NSCP_CALL(Register, host_, Register, Register)
  NSCP_CALL(Listen, host_, Listen, Listen)
  NSCP_CALL(ExpandPath, host_, ExpandPath, ExpandPath)
  NSCP_CALL(SetTag, host_, SetTag, SetTag)
  NSCP_CALL(ListTags, host_, ListTags, ListTags)
  NSCP_CALL(PutStorage, host_, PutStorage, PutStorage)
  NSCP_CALL(GetStorage, host_, GetStorage, GetStorage)
  NSCP_CALL(ReloadHost, host_, Reload, ReloadHost)
  NSCP_CALL(Console, host_, Console, Console)
  NSCP_CALL(Shutdown, host_, Shutdown, Shutdown)
  NSCP_CALL(GetHostStatus, host_, GetStatus, GetHostStatus)
  NSCP_CALL(ListModules, modules_, List, ListModules)
  NSCP_CALL(GetModule, modules_, Get, GetModule)
  NSCP_CALL(LoadModule, modules_, Load, Module)
  NSCP_CALL(UnloadModule, modules_, Unload, Module)
  NSCP_CALL(ReloadModule, modules_, Reload, Module)
  NSCP_CALL(EnableModule, modules_, Enable, Module)
  NSCP_CALL(DisableModule, modules_, Disable, Module)
  NSCP_CALL(InstallModule, modules_, Install, InstallModule)
  NSCP_CALL(ListQueries, queries_, List, ListQueries)
  NSCP_CALL(DescribeQuery, queries_, Describe, DescribeQuery)
  NSCP_CALL(Execute, queries_, Execute, Execute)
  NSCP_CALL(Exec, queries_, Exec, Exec)
  NSCP_CALL(Submit, queries_, Submit, Submit)
  NSCP_CALL(GetSettings, settings_, Get, GetSettings)
  NSCP_CALL(UpdateSettings, settings_, Update, UpdateSettings)
  NSCP_CALL(DeleteSettings, settings_, Delete, DeleteSettings)
  NSCP_CALL(DescribeSettings, settings_, Describe, DescribeSettings)
  NSCP_CALL(DiffSettings, settings_, Diff, DiffSettings)
  NSCP_CALL(GetSettingsStatus, settings_, GetStatus, GetSettingsStatus)
  NSCP_CALL(LoadSettings, settings_, Load, LoadSettings)
  NSCP_CALL(SaveSettings, settings_, Save, SaveSettings)
  NSCP_CALL(ListLogs, logs_, List, ListLogs)
  NSCP_CALL(ClearLogs, logs_, Clear, ClearLogs)
  NSCP_CALL(GetLogStatus, logs_, GetStatus, GetLogStatus)
  NSCP_CALL(EmitEvents, events_, Emit, EmitEvents)
  NSCP_CALL(ListEvents, events_, List, ListEvents)
  NSCP_CALL(TakeEvents, events_, Take, TakeEvents)
  NSCP_CALL(MetricsSnapshot, metrics_, Snapshot, MetricsSnapshot)
#undef NSCP_CALL
#undef NSCP_UNARY

  Status WriteLogs(const v1::WriteLogsRequest& request,
                   const CallOptions& options) override {
    grpc::ClientContext context;
    Prepare(context, options);
    v1::WriteLogsResponse response;
    const auto writer = logs_->Write(&context, &response);
    writer->Write(request);
    writer->WritesDone();
    return Explain(FromGrpc(writer->Finish()), Limit(options));
  }

  std::unique_ptr<Subscription> WatchModules(
      std::function<void(const v1::WatchModulesResponse&)> each,
      std::function<void(const Status&)> ended) override {
    return std::make_unique<ModuleWatch>(*modules_, token_, std::move(each),
                                         std::move(ended));
  }

 private:
  static std::chrono::milliseconds Limit(const CallOptions& options) {
    return std::min(options.timeout, kLongestCall);
  }

  void Prepare(grpc::ClientContext& context, const CallOptions& options) const {
    PrepareContext(context, token_, options.request_id,
                   std::chrono::system_clock::now() + Limit(options));
  }

  template <typename Response, typename Rpc>
  Result<Response> Call(const CallOptions& options, Rpc rpc) const {
    grpc::ClientContext context;
    Prepare(context, options);
    const CancellableCall taken_back(options.cancellation, context);
    Response response;
    if (const grpc::Status status = rpc(&context, &response); !status.ok()) {
      return Explain(FromGrpc(status), Limit(options));
    }
    return response;
  }

  const std::string token_;
  const std::unique_ptr<v1::Host::Stub> host_;
  const std::unique_ptr<v1::Modules::Stub> modules_;
  const std::unique_ptr<v1::Queries::Stub> queries_;
  const std::unique_ptr<v1::Settings::Stub> settings_;
  const std::unique_ptr<v1::Logs::Stub> logs_;
  const std::unique_ptr<v1::Events::Stub> events_;
  const std::unique_ptr<v1::Metrics::Stub> metrics_;
};

}  // namespace

std::unique_ptr<KernelClient> KernelClient::Connect(const std::string& target,
                                                    std::string token) {
  return std::make_unique<GrpcKernelClient>(OpenChannel(target), std::move(token));
}

}  // namespace nscp
