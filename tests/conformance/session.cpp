#include "tests/conformance/session.h"

#include <google/protobuf/util/json_util.h>

#include <filesystem>

#include "nscp/v1/birth.pb.h"
#include "proto/cpp/channel.h"
#include "proto/cpp/secret.h"
#include "proto/cpp/utf8.h"

namespace nscp::conformance {
namespace {

namespace fs = std::filesystem;

constexpr size_t kFolderNameBytes = 6;
constexpr milliseconds kQuickCall{5000};
constexpr size_t kShownOutput = 400;

}  // namespace

Result<Folder> Folder::Make() {
  ASSIGN_OR_RETURN(const std::string name, RandomBytes(kFolderNameBytes));
  // Short: the path of a Unix socket has 107 bytes at most.
  const fs::path path = fs::temp_directory_path() / ("nscp-conf-" + ToHex(name));
  std::error_code error;
  if (!fs::create_directory(path, error)) {
    return Status::Unavailable("making " + path.string() + ": " + error.message());
  }
  fs::permissions(path, fs::perms::owner_all, error);
  return Folder(path.string());
}

Folder::~Folder() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

RunningQuery::~RunningQuery() {
  context_.TryCancel();
  if (done_.valid()) done_.wait();
}

bool RunningQuery::WaitFor(milliseconds limit) {
  return done_.wait_for(limit) == std::future_status::ready;
}

const Answer& RunningQuery::Wait() {
  done_.wait();
  return answer_;
}

Result<std::unique_ptr<Session>> Session::Begin(const Plan& plan) {
  return Begin(plan, BirthForm());
}

Result<std::unique_ptr<Session>> Session::Begin(const Plan& plan, BirthForm form) {
  ASSIGN_OR_RETURN(Folder folder, Folder::Make());
  std::unique_ptr<Session> session(new Session(plan, std::move(folder)));
  std::string line;
  RETURN_IF_ERROR(session->MakeBirth(form, &line));
  PlayedKernel::Options options;
  options.listen = "unix:" + session->folder_.path() + "/k.sock";
  options.token = session->token_;
  options.pass_descriptor = [self = session.get()](const std::string& text, int fd) {
    return self->process_->WriteLine(text, fd);
  };
  ASSIGN_OR_RETURN(session->kernel_, PlayedKernel::Serve(std::move(options)));
  ASSIGN_OR_RETURN(session->process_, WorkerProcess::Spawn(plan, line));
  session->born_ = std::chrono::steady_clock::now();
  return session;
}

Status Session::MakeBirth(BirthForm form, std::string* line) {
  ASSIGN_OR_RETURN(token_, NewToken());
  ASSIGN_OR_RETURN(kernel_token_, NewToken());
  listen_ = "unix:" + folder_.path() + "/w.sock";
  v1::Birth birth;
  birth.set_kernel("unix:" + folder_.path() + "/k.sock");
  birth.set_listen(listen_);
  birth.set_token(token_);
  birth.set_kernel_token(kernel_token_);
  birth.set_instance(plan_.manifest.name());
  birth.set_module(plan_.manifest.name());
  birth.set_incarnation(1);
  if (!google::protobuf::util::MessageToJsonString(birth, line).ok()) {
    return Status::Internal("writing the birth line");
  }
  if (form.from_newer_kernel) line->insert(1, R"("fromANewerKernel":{"a":[1,"b"]},)");
  if (form.broken) *line = "this is no birth line";
  return Status::Ok();
}

Result<std::unique_ptr<Session>> Session::Started(const Plan& plan,
                                                  uint32_t concurrency) {
  ASSIGN_OR_RETURN(auto session, Begin(plan));
  RETURN_IF_ERROR(session->Attach().status());
  ASSIGN_OR_RETURN(const auto request, session->StartRequest(concurrency));
  const grpc::Status started = session->Start(request);
  if (started.ok()) return session;
  return Status::Unavailable("it did not start: " + started.error_message());
}

Result<v1::StartRequest> Session::StartRequest(uint32_t concurrency) const {
  v1::StartRequest request;
  *request.mutable_manifest() = plan_.manifest;
  request.set_agent_version("0.0.0 conformance");
  request.set_concurrency(concurrency > 0 ? concurrency
                                          : plan_.manifest.limits().concurrency());
  ASSIGN_OR_RETURN(auto settings, ResolveSettings(plan_, folder_.path()));
  for (v1::EffectiveSetting& setting : settings) {
    *request.add_settings() = std::move(setting);
  }
  return request;
}

Result<AttachSeen> Session::Attach() {
  const auto left = std::chrono::duration_cast<milliseconds>(
      born_ + plan_.start_limit - std::chrono::steady_clock::now());
  AttachSeen attach = kernel_->WaitAttached(std::max(left, milliseconds(0)));
  if (!attach.seen) {
    std::string output = process_->Output();
    if (output.size() > kShownOutput) output.erase(0, output.size() - kShownOutput);
    return Status::DeadlineExceeded(
        "no Host.Attach within " + std::to_string(plan_.start_limit.count()) + " ms; " +
        (process_->Lives() ? "it still runs" : "it " + process_->end()) +
        (output.empty() ? "" : " and said: " + RepairUtf8(output)));
  }
  const auto channel = OpenChannel(listen_);
  worker_ = v1::Worker::NewStub(channel);
  health_ = grpc::health::v1::Health::NewStub(channel);
  return attach;
}

void Session::Prepare(grpc::ClientContext& context, milliseconds limit) const {
  PrepareContext(context, kernel_token_, "conformance",
                 std::chrono::system_clock::now() + limit);
}

grpc::Status Session::Start(const v1::StartRequest& request) {
  grpc::ClientContext context;
  const auto left = std::chrono::duration_cast<milliseconds>(
      born_ + plan_.start_limit - std::chrono::steady_clock::now());
  Prepare(context, std::max(left, milliseconds(1)));
  v1::StartResponse response;
  return worker_->Start(&context, request, &response);
}

grpc::Status Session::Reload(const v1::StartRequest& like) {
  grpc::ClientContext context;
  Prepare(context, kQuickCall);
  v1::ReloadRequest request;
  *request.mutable_settings() = like.settings();
  v1::ReloadResponse response;
  return worker_->Reload(&context, request, &response);
}

grpc::Status Session::Drain(milliseconds limit) {
  grpc::ClientContext context;
  Prepare(context, limit);
  v1::DrainResponse response;
  return worker_->Drain(&context, {}, &response);
}

grpc::Status Session::Stop(milliseconds limit) {
  grpc::ClientContext context;
  Prepare(context, limit);
  v1::StopResponse response;
  return worker_->Stop(&context, {}, &response);
}

grpc::Status Session::Health(milliseconds limit) {
  using grpc::health::v1::HealthCheckResponse;
  grpc::ClientContext context;
  Prepare(context, limit);
  HealthCheckResponse response;
  const grpc::Status status = health_->Check(&context, {}, &response);
  if (!status.ok() || response.status() == HealthCheckResponse::SERVING) return status;
  return {grpc::StatusCode::UNAVAILABLE,
          "it says " + HealthCheckResponse::ServingStatus_Name(response.status())};
}

v1::WorkerExecResponse Session::Exec(const std::string& command, grpc::Status* status) {
  grpc::ClientContext context;
  Prepare(context, kQuickCall);
  v1::WorkerExecRequest request;
  request.set_call("exec-" + std::to_string(++calls_));
  request.set_command(command);
  v1::WorkerExecResponse response;
  *status = worker_->Exec(&context, request, &response);
  return response;
}

std::unique_ptr<RunningQuery> Session::BeginQuery(const Command& command,
                                                  milliseconds limit) {
  auto query = std::make_unique<RunningQuery>();
  Prepare(query->context_, limit);
  query->answer_.call = "call-" + std::to_string(++calls_);
  query->request_.set_call(query->answer_.call);
  query->request_.set_command(command.name);
  for (const std::string& argument : command.arguments) {
    query->request_.add_arguments(argument);
  }
  query->request_.set_principal("conformance:\xE9");  // a name in Latin-1
  // As the kernel calls. The promise is shared: the callback may still be in it when the
  // query is gone.
  const auto done = std::make_shared<std::promise<void>>();
  query->done_ = done->get_future();
  worker_->async()->Query(
      &query->context_, &query->request_, &query->response_,
      [done, self = query.get()](const grpc::Status& status) {
        self->answer_.status = status;
        // What can't be read gRPC hands out as far as it could.
        const auto& result = self->response_.result();
        if (status.ok() && (!self->response_.has_result() || !IsUtf8(result.command()))) {
          self->answer_.status = {grpc::StatusCode::INTERNAL,
                                  "no result, or one with a string "
                                  "that is not UTF-8"};
        }
        self->answer_.result.Swap(self->response_.mutable_result());
        done->set_value();
      });
  return query;
}

Answer Session::Query(const Command& command, milliseconds limit) {
  return BeginQuery(command, limit)->Wait();
}

}  // namespace nscp::conformance
