// A worker that keeps the whole contract save one rule, written without the SDK: the
// conformance kit must name exactly that rule.
//
//   broken_worker <Name> [--break RULE]
//
// Its commands: broken_slow (a minute, unless its call ends), broken_nested COMMAND (has
// the kernel run it). The setting `refuse` refuses its start.
#include <google/protobuf/util/json_util.h>
#include <grpcpp/grpcpp.h>

#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <string>
#include <thread>

#include "grpc/health/v1/health.grpc.pb.h"
#include "nscp/v1/birth.pb.h"
#include "nscp/v1/host.grpc.pb.h"
#include "nscp/v1/queries.grpc.pb.h"
#include "nscp/v1/worker.grpc.pb.h"
#include "proto/cpp/channel.h"
#include "proto/cpp/utf8.h"

namespace {

using grpc::ServerContext;
using grpc::Status;
using grpc::StatusCode;
using std::chrono::milliseconds;
namespace v1 = nscp::v1;

constexpr milliseconds kPoll{5};
constexpr milliseconds kTooLong{20000};
constexpr milliseconds kSlow{60000};
// A caller gives up at its own deadline, which its word of it may reach here before ours.
constexpr milliseconds kEarlyNotice{1000};
constexpr size_t kMaxResult = 4 * 1024 * 1024;
constexpr int kSmallMessage = 512 * 1024;
constexpr int kWrongCode = 3;

std::string broken_rule;
bool Breaks(const char* rule) { return broken_rule == rule; }

void Sleep(milliseconds time) { std::this_thread::sleep_for(time); }

// What calls share.
class Desk {
 public:
  explicit Desk(v1::Birth birth) : birth_(std::move(birth)) {
    kernel_ = nscp::OpenChannel(birth_.kernel());
  }

  const v1::Birth& birth() const { return birth_; }
  std::shared_ptr<grpc::Channel> kernel() const { return kernel_; }

  Status Admit(const ServerContext& context) const {
    const auto& entries = context.client_metadata();
    const auto token = entries.find(nscp::kTokenMetadata);
    if (token != entries.end() &&
        std::string(token->second.data(), token->second.size()) ==
            birth_.kernel_token()) {
      return Status::OK;
    }
    return {StatusCode::UNAUTHENTICATED, "only the kernel may call"};
  }

  bool Enter() {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (draining_) return false;
    ++running_;
    return true;
  }
  void Leave() {
    const std::lock_guard<std::mutex> lock(mutex_);
    --running_;
    changed_.notify_all();
  }
  bool Drain(std::chrono::system_clock::time_point deadline) {
    std::unique_lock<std::mutex> lock(mutex_);
    draining_ = true;
    return changed_.wait_until(lock, deadline, [this] { return running_ == 0; });
  }
  bool Busy() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return running_ > 0;
  }
  void Stop() {
    const std::lock_guard<std::mutex> lock(mutex_);
    draining_ = stopped_ = true;
    changed_.notify_all();
  }
  void WaitStopped() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return stopped_; });
  }

  std::timed_mutex only_place;

 private:
  const v1::Birth birth_;
  std::shared_ptr<grpc::Channel> kernel_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  int running_ = 0;
  bool draining_ = false;
  bool stopped_ = false;
};

class Broken final : public v1::Worker::Service {
 public:
  explicit Broken(Desk& desk) : desk_(desk) {}

  Status Start(ServerContext* context, const v1::StartRequest* request,
               v1::StartResponse*) override {
    if (const Status refused = desk_.Admit(*context); !refused.ok()) return refused;
    if (Breaks("start-in-time")) Sleep(kTooLong);
    for (const v1::EffectiveSetting& setting : request->settings()) {
      if (setting.key() != "refuse") continue;
      if (Breaks("refusal")) return {StatusCode::INTERNAL, ""};
      return {StatusCode::FAILED_PRECONDITION, "the setting refuse is there"};
    }
    return Status::OK;
  }
  Status Reload(ServerContext* context, const v1::ReloadRequest*,
                v1::ReloadResponse*) override {
    if (const Status refused = desk_.Admit(*context); !refused.ok()) return refused;
    if (Breaks("reload")) return {StatusCode::INTERNAL, "once is enough"};
    return Status::OK;
  }
  Status Query(ServerContext* context, const v1::WorkerQueryRequest* request,
               v1::WorkerQueryResponse* response) override {
    if (const Status refused = desk_.Admit(*context); !refused.ok()) return refused;
    if (!desk_.Enter()) {
      return {Breaks("drain") ? StatusCode::UNAVAILABLE : StatusCode::ABORTED,
              "this worker is stopping"};
    }
    if (!Breaks("concurrency")) {
      Answer(*context, *request, *response->mutable_result());
    } else {
      while (!context->IsCancelled()) {
        const std::unique_lock<std::timed_mutex> place(desk_.only_place, kPoll);
        if (!place) continue;
        Answer(*context, *request, *response->mutable_result());
        break;
      }
    }
    desk_.Leave();
    return Status::OK;
  }
  Status Exec(ServerContext* context, const v1::WorkerExecRequest*,
              v1::WorkerExecResponse* response) override {
    if (const Status refused = desk_.Admit(*context); !refused.ok()) return refused;
    response->set_code(1);
    return Status::OK;
  }
  Status Drain(ServerContext* context, const v1::DrainRequest*,
               v1::DrainResponse*) override {
    if (const Status refused = desk_.Admit(*context); !refused.ok()) return refused;
    if (desk_.Drain(context->deadline())) return Status::OK;
    return {StatusCode::DEADLINE_EXCEEDED, "calls still run"};
  }
  Status Stop(ServerContext* context, const v1::StopRequest*,
              v1::StopResponse*) override {
    if (const Status refused = desk_.Admit(*context); !refused.ok()) return refused;
    desk_.Stop();
    return Status::OK;
  }

 private:
  void Answer(ServerContext& context, const v1::WorkerQueryRequest& request,
              v1::CheckResult& result) {
    result.set_command(request.command());
    for (const std::string& argument : request.arguments()) {
      if (argument.empty() && Breaks("garbage-arguments")) std::_Exit(kWrongCode);
      if (!nscp::IsUtf8(argument) && Breaks("not-utf8")) result.set_command(argument);
    }
    if (request.command() == "broken_slow") {
      WorkSlowly(context);
    } else if (request.command() == "broken_nested") {
      AskKernel(context, request, result);
    } else if (!Breaks("unknown-command")) {
      result.set_code(v1::UNKNOWN);
      result.add_lines()->set_message("Unknown command(s)");
    }
  }

  // A context is cancelled too when its deadline has passed.
  static bool IsOver(const ServerContext& context) {
    if (!context.IsCancelled()) return false;
    const bool late =
        std::chrono::system_clock::now() + kEarlyNotice >= context.deadline();
    return !Breaks(late ? "deadline-obeyed" : "cancel-obeyed");
  }
  static void WorkSlowly(const ServerContext& context) {
    const auto end = std::chrono::steady_clock::now() + kSlow;
    while (!IsOver(context) && std::chrono::steady_clock::now() < end) Sleep(kPoll);
  }

  void AskKernel(const ServerContext& context, const v1::WorkerQueryRequest& request,
                 v1::CheckResult& result) {
    v1::ExecuteRequest question;
    if (request.arguments_size() > 0) question.set_command(request.arguments(0));
    if (!Breaks("nested-call")) question.mutable_caller()->set_call(request.call());
    // With the deadline of the call that is being answered, and cancelled with it.
    const auto nested = grpc::ClientContext::FromServerContext(context);
    if (!Breaks("token-from-worker")) {
      nested->AddMetadata(nscp::kTokenMetadata, desk_.birth().token());
    }
    v1::ExecuteResponse answer;
    const auto queries = v1::Queries::NewStub(desk_.kernel());
    if (!queries->Execute(nested.get(), question, &answer).ok()) {
      result.set_code(v1::UNKNOWN);
      return;
    }
    result.set_code(answer.result().code());
    for (const v1::Line& line : answer.result().lines()) {
      const size_t length =
          Breaks("large-answers") ? line.message().size() : kMaxResult / 2;
      result.add_lines()->set_message(line.message().substr(0, length));
    }
  }

  Desk& desk_;
};

class Health final : public grpc::health::v1::Health::Service {
 public:
  explicit Health(Desk& desk) : desk_(desk) {}

  Status Check(ServerContext* context, const grpc::health::v1::HealthCheckRequest*,
               grpc::health::v1::HealthCheckResponse* response) override {
    if (const Status refused = desk_.Admit(*context);
        !refused.ok() && !Breaks("token-to-worker")) {
      return refused;
    }
    while (Breaks("health-during-calls") && desk_.Busy() && !context->IsCancelled()) {
      Sleep(kPoll);
    }
    response->set_status(grpc::health::v1::HealthCheckResponse::SERVING);
    return Status::OK;
  }

 private:
  Desk& desk_;
};

bool ReadBirth(v1::Birth& birth) {
  std::string line;
  std::getline(std::cin, line);
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = !Breaks("birth-line");
  return google::protobuf::util::JsonStringToMessage(line, &birth, options).ok();
}

bool Attach(const Desk& desk) {
  grpc::ClientContext context;
  context.AddMetadata(nscp::kTokenMetadata, desk.birth().token());
  v1::AttachRequest request;
  request.set_contract(v1::CONTRACT_CURRENT);
  request.set_sdk("broken");
  request.set_address(Breaks("attach-in-time") ? "unix:/elsewhere"
                                               : desk.birth().listen());
  v1::AttachResponse response;
  return v1::Host::NewStub(desk.kernel())->Attach(&context, request, &response).ok();
}

[[noreturn]] void Serve(v1::Birth birth) {
  Desk desk(std::move(birth));
  Broken worker(desk);
  Health health(desk);
  grpc::ServerBuilder builder;
  builder.AddListeningPort(desk.birth().listen(), grpc::InsecureServerCredentials());
  builder.SetMaxReceiveMessageSize(Breaks("large-arguments") ? kSmallMessage
                                                             : nscp::kMaxMessageBytes);
  builder.SetMaxSendMessageSize(nscp::kMaxMessageBytes);
  builder.RegisterService(&worker);
  builder.RegisterService(&health);
  const auto server = builder.BuildAndStart();
  if (!Attach(desk)) std::_Exit(1);
  std::thread lifeline([] {
    std::string line;
    while (std::getline(std::cin, line)) {
    }
    if (!Breaks("eof-on-lifeline")) std::_Exit(0);
  });
  desk.WaitStopped();
  server->Shutdown(std::chrono::system_clock::now() + milliseconds(500));
  std::_Exit(Breaks("stop-in-time") ? kWrongCode : 0);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 3 && std::string(argv[2]) == "--break") broken_rule = argv[3];
  v1::Birth birth;
  if (!ReadBirth(birth)) return 64;
  Serve(std::move(birth));
}
