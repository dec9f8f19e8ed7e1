#include "proto/cpp/kernel_client.h"

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <list>
#include <mutex>
#include <utility>

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

// A stream that is read as long as its function wants more. The hold keeps it open while
// nothing is read, so that Resume may start a read from any thread.
template <class Request, class Response>
class Reading final : public KernelClient::Subscription,
                      private grpc::ClientReadReactor<Response> {
 public:
  using Each = std::function<bool(const Response&)>;
  using Ended = std::function<void(const Status&)>;

  template <class Stub>
  Reading(Stub& stub, const std::string& token, Request request, Each each, Ended ended)
      : each_(std::move(each)), ended_(std::move(ended)), request_(std::move(request)) {
    PrepareContext(context_, token, "", std::chrono::system_clock::time_point::max());
    stub.async()->Watch(&context_, &request_, this);
    this->AddHold();
    this->StartRead(&message_);
    this->StartCall();
  }
  ~Reading() override {
    context_.TryCancel();
    std::unique_lock<std::mutex> lock(mutex_);
    if (pace_ == Pace::kPaused) LetGoLocked();
    pace_ = Pace::kNoMore;
    over_.wait(lock, [this] { return is_over_; });
  }

  void Resume() override {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (pace_ == Pace::kPaused) {
      pace_ = Pace::kReading;
      this->StartRead(&message_);
    } else if (pace_ == Pace::kReading) {
      pace_ = Pace::kResumed;
    }
  }

 private:
  enum class Pace {
    kReading,  // a message is awaited, or is with each_
    kResumed,  // the same, and the next one is wanted whatever each_ says
    kPaused,   // nothing is read
    kNoMore,   // nothing will be read again
  };

  void OnReadDone(bool ok) override {
    const bool more = ok && each_(message_);
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!ok || pace_ == Pace::kNoMore) {
      pace_ = Pace::kNoMore;
      LetGoLocked();
    } else if (more || pace_ == Pace::kResumed) {
      pace_ = Pace::kReading;
      this->StartRead(&message_);
    } else {
      pace_ = Pace::kPaused;
    }
  }
  void LetGoLocked() {
    if (!std::exchange(let_go_, true)) this->RemoveHold();
  }
  void OnDone(const grpc::Status& status) override {
    ended_(FromGrpc(status));
    // Notified under the lock: the object may end as soon as it is free.
    const std::lock_guard<std::mutex> lock(mutex_);
    is_over_ = true;
    over_.notify_one();
  }

  const Each each_;
  const Ended ended_;
  grpc::ClientContext context_;
  const Request request_;
  Response message_;
  std::mutex mutex_;
  Pace pace_ = Pace::kReading;
  bool let_go_ = false;
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
    return Read<v1::WatchModulesRequest, v1::WatchModulesResponse>(
        *modules_, {},
        [each = std::move(each)](const v1::WatchModulesResponse& news) {
          each(news);
          return true;
        },
        std::move(ended));
  }
  std::unique_ptr<Subscription> WatchLogs(
      const v1::WatchLogsRequest& request,
      std::function<bool(const v1::WatchLogsResponse&)> each,
      std::function<void(const Status&)> ended) override {
    return Read<v1::WatchLogsRequest, v1::WatchLogsResponse>(
        *logs_, request, std::move(each), std::move(ended));
  }
  std::unique_ptr<Subscription> WatchEvents(
      const v1::WatchEventsRequest& request,
      std::function<bool(const v1::WatchEventsResponse&)> each,
      std::function<void(const Status&)> ended) override {
    return Read<v1::WatchEventsRequest, v1::WatchEventsResponse>(
        *events_, request, std::move(each), std::move(ended));
  }

 private:
  template <class Request, class Response, class Stub>
  std::unique_ptr<Subscription> Read(Stub& stub, const Request& request,
                                     std::function<bool(const Response&)> each,
                                     std::function<void(const Status&)> ended) const {
    return std::make_unique<Reading<Request, Response>>(
        stub, token_, request, std::move(each), std::move(ended));
  }

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
