#include "workers/sdk/worker_service.h"

#include "proto/cpp/channel.h"
#include "proto/cpp/secret.h"
#include "proto/cpp/utf8.h"
#include "workers/sdk/convert.h"
#include "workers/sdk/crash.h"
#include "workers/sdk/request_scope.h"

namespace nscp::sdk {
namespace {

// What one call knows of itself. Shared by its pool thread and by the reaction that may
// cancel it.
struct CallFacts {
  std::string id;
  std::string principal;
  std::string request_id;
  std::chrono::steady_clock::time_point deadline;
  std::atomic<bool> cancelled{false};
  Cancellation nested;  // of its own calls into the kernel

  void Cancel() {
    cancelled = true;
    nested.Cancel();
  }
};

class RunningCall final : public Call {
 public:
  RunningCall(CallFacts& facts, HostClient& host, Pool& pool)
      : facts_(facts), host_(host), pool_(pool) {}

  const std::string& principal() const override { return facts_.principal; }
  const std::string& request_id() const override { return facts_.request_id; }
  std::chrono::steady_clock::time_point deadline() const override {
    return facts_.deadline;
  }
  bool cancelled() const override {
    return facts_.cancelled || std::chrono::steady_clock::now() >= facts_.deadline;
  }

  CheckResult Run(const sdk::Query& query,
                  std::optional<std::chrono::milliseconds> limit) override {
    const Pool::Blocked blocked(pool_);
    return host_.Run(query, facts_.id, Options(limit));
  }

  SubmitAnswer Submit(const Submission& submission) override {
    const Pool::Blocked blocked(pool_);
    return host_.Submit(submission, facts_.id, Options({}));
  }

  ExecAnswer Exec(const std::string& module, const sdk::Query& command) override {
    v1::ExecRequest request;
    request.set_module(RepairUtf8(module));
    request.set_command(command.command);
    for (const std::string& argument : command.arguments) request.add_arguments(argument);
    request.mutable_caller()->set_call(facts_.id);
    const Pool::Blocked blocked(pool_);
    const auto answer = host_.kernel().Exec(request, Options({}));
    if (!answer.ok()) return {3, answer.status().message()};
    return {answer->code(), answer->output()};
  }

 private:
  CallOptions Options(std::optional<std::chrono::milliseconds> limit) const {
    auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        facts_.deadline - std::chrono::steady_clock::now());
    if (limit) left = std::min(left, *limit);
    return {std::max(left, std::chrono::milliseconds(1)), facts_.request_id,
            &facts_.nested};
  }

  CallFacts& facts_;
  HostClient& host_;
  Pool& pool_;
};

// A module must not throw; one that does costs its call and nothing else.
template <typename Answer, typename Work, typename Failed>
Answer Guarded(Work work, Failed failed) {
  try {
    return work();
  } catch (const std::exception& e) {
    return failed(std::string(e.what()));
  } catch (...) {
    return failed("an exception of an unknown kind");
  }
}

}  // namespace

WorkerService::WorkerService(Module& module, HostClient& host, std::string kernel_token,
                             std::string module_name, std::function<void()> stop)
    : module_(module),
      host_(host),
      kernel_token_(std::move(kernel_token)),
      module_name_(std::move(module_name)),
      stop_(std::move(stop)),
      health_(*this),
      order_([this] { OrderLoop(); }) {}

WorkerService::~WorkerService() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  order_.join();
}

Status WorkerService::Authenticate(const grpc::CallbackServerContext& context) const {
  if (EqualsConstantTime(Metadata(context, kTokenMetadata), kernel_token_)) {
    return Status::Ok();
  }
  return Status::Unauthenticated("calling " + module_name_ +
                                 ": only the kernel that started it may");
}

void WorkerService::OrderLoop() {
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stopping_ || !in_order_.empty(); });
    if (in_order_.empty()) return;
    const std::function<void()> work = std::move(in_order_.front());
    in_order_.pop_front();
    lock.unlock();
    work();
    lock.lock();
  }
}

grpc::ServerUnaryReactor* WorkerService::InOrder(
    const grpc::CallbackServerContext& context, std::function<Status()> work) {
  if (const Status refused = Authenticate(context); !refused.ok()) {
    return Reaction::Finished(refused);
  }
  Reaction* reaction = Reaction::Make();
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    in_order_.push_back([reaction, work = std::move(work)] {
      reaction->Finish(ToGrpc(Guarded<Status>(
          work, [](const std::string& what) { return Status::Internal(what); })));
    });
  }
  changed_.notify_all();
  return reaction;
}

Pool* WorkerService::ReadyPool() {
  return started_ && !draining_ ? pool_.get() : nullptr;
}

template <typename Work>
grpc::ServerUnaryReactor* WorkerService::InPool(
    const grpc::CallbackServerContext& context, const std::string& call,
    const std::string& principal, Work work) {
  if (const Status refused = Authenticate(context); !refused.ok()) {
    return Reaction::Finished(refused);
  }
  Pool* pool = ReadyPool();
  if (pool == nullptr) {
    // Aborted: not touched, so the kernel may give it to the worker that took this place.
    return Reaction::Finished(draining_
                                  ? Status::Aborted(module_name_ + " is stopping")
                                  : Status::Unavailable(module_name_ + " is starting"));
  }
  auto facts = std::make_shared<CallFacts>();
  facts->id = call;
  facts->principal = principal;
  facts->request_id = std::string(Metadata(context, kRequestMetadata));
  facts->deadline = ToSteady(context.deadline());
  Reaction* reaction = Reaction::Make();
  reaction->OnCancelled([facts] { facts->Cancel(); });
  const bool taken = pool->Submit(facts->deadline, [this, facts, reaction, work, pool] {
    Status status;
    if (!facts->cancelled) {
      const CrashScope scope(facts->id.c_str());
      const RequestScope request(facts->request_id);
      RunningCall running(*facts, host_, *pool);
      status = work(running);
    }
    // What a check says that was stopped is no result; it could reach the kernel ahead of
    // the kernel's own clock.
    if (facts->cancelled || std::chrono::steady_clock::now() >= facts->deadline) {
      status = Status::DeadlineExceeded("the call was given up");
    }
    reaction->Finish(ToGrpc(status));
  });
  if (!taken) {
    reaction->Finish(ToGrpc(
        Status::ResourceExhausted(module_name_ + " is busy: its pool's queue is full")));
  }
  return reaction;
}

Status WorkerService::DoStart(const v1::StartRequest& request) {
  if (started_) return Status::AlreadyExists("starting " + module_name_ + ": it runs");
  StartContext context;
  context.host = &host_;
  context.settings = FromMessage(request.settings());
  context.module = request.manifest().name();
  context.alias = request.alias();
  context.version = request.agent_version();
  context.no_start = request.no_start();
  pool_ = std::make_unique<Pool>(request.concurrency() == 0 ? kDefaultConcurrency
                                                            : request.concurrency());
  RETURN_IF_ERROR(module_.Start(context));
  started_ = true;
  return Status::Ok();
}

grpc::ServerUnaryReactor* WorkerService::Start(grpc::CallbackServerContext* context,
                                               const v1::StartRequest* request,
                                               v1::StartResponse*) {
  return InOrder(*context, [this, request] {
    const Status status = DoStart(*request);
    // What a module says no with is a refusal, whatever code it chose.
    return status.ok() ? status : Status::FailedPrecondition(status.message());
  });
}

grpc::ServerUnaryReactor* WorkerService::Reload(grpc::CallbackServerContext* context,
                                                const v1::ReloadRequest* request,
                                                v1::ReloadResponse*) {
  return InOrder(*context, [this, request] {
    if (!started_) return Status::FailedPrecondition(module_name_ + " has not started");
    return module_.Reload(FromMessage(request->settings()));
  });
}

grpc::ServerUnaryReactor* WorkerService::Query(grpc::CallbackServerContext* context,
                                               const v1::WorkerQueryRequest* request,
                                               v1::WorkerQueryResponse* response) {
  return InPool(*context, request->call(), request->principal(),
                [this, request, response](Call& call) {
                  const sdk::Query query{
                      request->command(),
                      {request->arguments().begin(), request->arguments().end()}};
                  CheckResult result = Guarded<CheckResult>(
                      [&] { return module_.OnQuery(query, call); },
                      [&](const std::string& what) {
                        host_.Log(LogLevel::kError, query.command + " threw: " + what);
                        return CheckResult::Unknown(what);
                      });
                  *response->mutable_result() =
                      ToMessage(std::move(result), query.command);
                  return Status::Ok();
                });
}

grpc::ServerUnaryReactor* WorkerService::Exec(grpc::CallbackServerContext* context,
                                              const v1::WorkerExecRequest* request,
                                              v1::WorkerExecResponse* response) {
  return InPool(*context, request->call(), request->principal(),
                [this, request, response](Call& call) {
                  const sdk::Query command{
                      request->command(),
                      {request->arguments().begin(), request->arguments().end()}};
                  ExecAnswer answer = Guarded<ExecAnswer>(
                      [&] { return module_.OnExec(command, call); },
                      [&](const std::string& what) {
                        host_.Log(LogLevel::kError, command.command + " threw: " + what);
                        return ExecAnswer{3, what};
                      });
                  response->set_code(answer.code);
                  response->set_output(CutUtf8(answer.output, kMaxResultBytes));
                  return Status::Ok();
                });
}

grpc::ServerUnaryReactor* WorkerService::Submit(grpc::CallbackServerContext* context,
                                                const v1::WorkerSubmitRequest* request,
                                                v1::WorkerSubmitResponse* response) {
  return InPool(*context, request->call(), "", [this, request, response](Call& call) {
    const SubmitAnswer answer = Guarded<SubmitAnswer>(
        [&] { return module_.OnSubmit(FromMessage(*request), call); },
        [&](const std::string& what) {
          host_.Log(LogLevel::kError,
                    "submitting to " + request->channel() + " threw: " + what);
          return SubmitAnswer{false, what};
        });
    response->set_accepted(answer.accepted);
    response->set_message(CutUtf8(answer.message, kMaxResultBytes));
    return Status::Ok();
  });
}

grpc::ServerUnaryReactor* WorkerService::DeliverEvents(
    grpc::CallbackServerContext* context, const v1::DeliverEventsRequest* request,
    v1::DeliverEventsResponse*) {
  return InPool(*context, "", "", [this, request](Call&) {
    return Guarded<Status>(
        [&] {
          std::vector<Event> events;
          for (const v1::Event& event : request->events()) {
            events.push_back(FromMessage(event));
          }
          module_.OnEvents(events);
          return Status::Ok();
        },
        [](const std::string& what) { return Status::Internal(what); });
  });
}

grpc::ServerUnaryReactor* WorkerService::PushMetrics(
    grpc::CallbackServerContext* context, const v1::PushMetricsRequest* request,
    v1::PushMetricsResponse*) {
  return InPool(*context, "", "", [this, request](Call&) {
    return Guarded<Status>(
        [&] {
          std::vector<Metric> metrics;
          for (const v1::Metric& message : request->metrics()) {
            if (auto metric = FromMessage(message)) metrics.push_back(std::move(*metric));
          }
          module_.OnAllMetrics(metrics);
          return Status::Ok();
        },
        [](const std::string& what) { return Status::Internal(what); });
  });
}

grpc::ServerUnaryReactor* WorkerService::FetchMetrics(
    grpc::CallbackServerContext* context, const v1::FetchMetricsRequest*,
    v1::FetchMetricsResponse* response) {
  return InPool(*context, "", "", [this, response](Call& call) {
    return Guarded<Status>(
        [&] {
          for (Metric& metric : module_.OnMetrics(call.deadline())) {
            *response->add_metrics() = ToMessage(std::move(metric));
          }
          return Status::Ok();
        },
        [](const std::string& what) { return Status::Internal(what); });
  });
}

grpc::ServerUnaryReactor* WorkerService::Drain(grpc::CallbackServerContext* context,
                                               const v1::DrainRequest*,
                                               v1::DrainResponse*) {
  const auto deadline = ToSteady(context->deadline());
  return InOrder(*context, [this, deadline] {
    draining_ = true;
    module_.Drain(std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now()));
    if (pool_ && !pool_->WaitIdle(deadline)) {
      return Status::DeadlineExceeded("draining " + module_name_ + ": calls still run");
    }
    return Status::Ok();
  });
}

grpc::ServerUnaryReactor* WorkerService::Stop(grpc::CallbackServerContext* context,
                                              const v1::StopRequest*, v1::StopResponse*) {
  return InOrder(*context, [this] {
    draining_ = true;
    host_.CancelOwnCalls();
    if (started_) module_.Stop();
    stop_();
    return Status::Ok();
  });
}

grpc::ServerUnaryReactor* WorkerService::Health::Check(
    grpc::CallbackServerContext* context, const grpc::health::v1::HealthCheckRequest*,
    grpc::health::v1::HealthCheckResponse* response) {
  if (const Status refused = owner_.Authenticate(*context); !refused.ok()) {
    return Reaction::Finished(refused);
  }
  using grpc::health::v1::HealthCheckResponse;
  // At the bound of calls that ignore their end, the process asks to be replaced.
  const bool full = owner_.started_ && owner_.pool_->SetOverdueAside(
                                           Pool::Clock::now()) >= Pool::kMaxSetAside;
  response->set_status(full ? HealthCheckResponse::NOT_SERVING
                            : HealthCheckResponse::SERVING);
  return Reaction::Finished(Status::Ok());
}

}  // namespace nscp::sdk
