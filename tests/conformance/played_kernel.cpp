#include "tests/conformance/played_kernel.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <condition_variable>
#include <mutex>

#include "nscp/v1/host.grpc.pb.h"
#include "nscp/v1/queries.grpc.pb.h"
#include "nscp/v1/settings.grpc.pb.h"
#include "nscp/v1/telemetry.grpc.pb.h"
#include "proto/cpp/channel.h"
#include "proto/cpp/secret.h"
#include "tests/conformance/plan.h"

namespace nscp::conformance {
namespace {

using grpc::ServerContext;
using std::chrono::milliseconds;

constexpr milliseconds kLookForCancel{10};
constexpr int kBacklog = 16;

// What all services share.
class Desk {
 public:
  explicit Desk(PlayedKernel::Options options) : options_(std::move(options)) {}

  grpc::Status Admit(const ServerContext& context, const char* rpc) {
    const auto& entries = context.client_metadata();
    const auto token = entries.find(kTokenMetadata);
    if (token != entries.end() &&
        std::string(token->second.data(), token->second.size()) == options_.token) {
      return grpc::Status::OK;
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    badly_signed_.push_back(rpc);
    return {grpc::StatusCode::UNAUTHENTICATED,
            std::string(rpc) + ": the token is nobody's"};
  }
  void Attached(const v1::AttachRequest& request) {
    const std::lock_guard<std::mutex> lock(mutex_);
    attach_ = {true, request.contract(), request.address()};
    changed_.notify_all();
  }
  void Asked(const std::string& call) {
    const std::lock_guard<std::mutex> lock(mutex_);
    nested_.push_back(call);
    changed_.notify_all();
  }
  void Hang(const ServerContext& context) {
    std::unique_lock<std::mutex> lock(mutex_);
    while (!let_go_ && !context.IsCancelled()) changed_.wait_for(lock, kLookForCancel);
  }
  AttachSeen WaitAttached(milliseconds limit) {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait_for(lock, limit, [this] { return attach_.seen; });
    return attach_;
  }
  std::vector<std::string> WaitNested(size_t count, milliseconds limit) {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait_for(lock, limit, [&] { return nested_.size() >= count; });
    return nested_;
  }
  std::vector<std::string> BadlySigned() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return badly_signed_;
  }
  void LetGo() {
    const std::lock_guard<std::mutex> lock(mutex_);
    let_go_ = true;
    changed_.notify_all();
  }
  const PlayedKernel::Options& options() const { return options_; }

 private:
  const PlayedKernel::Options options_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  AttachSeen attach_;
  std::vector<std::string> badly_signed_;
  std::vector<std::string> nested_;
  bool let_go_ = false;
};

// Any free port of the loopback address, whatever was asked for: rules run side by side.
int BindAnywhere() {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
  if (listener >= 0 &&
      ::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
      ::listen(listener, kBacklog) == 0) {
    return listener;
  }
  if (listener >= 0) ::close(listener);
  return -1;
}

#define NSCP_ADMIT(rpc)                                                         \
  if (const grpc::Status refused = desk_.Admit(*context, rpc); !refused.ok()) { \
    return refused;                                                             \
  }

class HostFace final : public v1::Host::Service {
 public:
  explicit HostFace(Desk& desk) : desk_(desk) {}

  grpc::Status Attach(ServerContext* context, const v1::AttachRequest* request,
                      v1::AttachResponse* response) override {
    NSCP_ADMIT("Host/Attach")
    desk_.Attached(*request);
    response->set_contract(v1::CONTRACT_CURRENT);
    return grpc::Status::OK;
  }
  grpc::Status Register(ServerContext* context, const v1::RegisterRequest*,
                        v1::RegisterResponse*) override {
    NSCP_ADMIT("Host/Register")
    return grpc::Status::OK;
  }
  grpc::Status Listen(ServerContext* context, const v1::ListenRequest* request,
                      v1::ListenResponse*) override {
    NSCP_ADMIT("Host/Listen")
    const int listener = BindAnywhere();
    const Status passed =
        desk_.options().pass_descriptor("descriptor " + request->name(), listener);
    ::close(listener);
    return passed.ok() ? grpc::Status::OK
                       : grpc::Status(grpc::StatusCode::UNAVAILABLE, passed.message());
  }
  grpc::Status ExpandPath(ServerContext* context, const v1::ExpandPathRequest* request,
                          v1::ExpandPathResponse* response) override {
    NSCP_ADMIT("Host/ExpandPath")
    response->set_path(request->path());
    return grpc::Status::OK;
  }
  grpc::Status SetTag(ServerContext* context, const v1::SetTagRequest*,
                      v1::SetTagResponse*) override {
    NSCP_ADMIT("Host/SetTag")
    return grpc::Status::OK;
  }
  grpc::Status GetStatus(ServerContext* context, const v1::GetHostStatusRequest*,
                         v1::GetHostStatusResponse* response) override {
    NSCP_ADMIT("Host/GetStatus")
    response->set_name("conformance");
    response->set_ready(true);
    return grpc::Status::OK;
  }

 private:
  Desk& desk_;
};

class QueriesFace final : public v1::Queries::Service {
 public:
  explicit QueriesFace(Desk& desk) : desk_(desk) {}

  grpc::Status Execute(ServerContext* context, const v1::ExecuteRequest* request,
                       v1::ExecuteResponse* response) override {
    NSCP_ADMIT("Queries/Execute")
    const std::string& command = request->command();
    v1::CheckResult& result = *response->mutable_result();
    std::string& message = *result.add_lines()->mutable_message();
    result.set_command("conformance");
    desk_.Asked(request->caller().call());
    if (command == kHangs) desk_.Hang(*context);
    if (command == kAnswers || command == kHangs) {
      message = "asked and answered";
    } else if (command == kTalks) {
      message.assign(kTalkBytes, 'x');
    } else {
      result.set_code(v1::UNKNOWN);
      message = "Unknown command(s): " + command;
    }
    return grpc::Status::OK;
  }
  grpc::Status Submit(ServerContext* context, const v1::SubmitRequest*,
                      v1::SubmitResponse* response) override {
    NSCP_ADMIT("Queries/Submit")
    response->set_message("nobody listens");
    return grpc::Status::OK;
  }

 private:
  Desk& desk_;
};

class LogsFace final : public v1::Logs::Service {
 public:
  explicit LogsFace(Desk& desk) : desk_(desk) {}

  grpc::Status Write(ServerContext* context,
                     grpc::ServerReader<v1::WriteLogsRequest>* reader,
                     v1::WriteLogsResponse*) override {
    NSCP_ADMIT("Logs/Write")
    v1::WriteLogsRequest lines;
    while (reader->Read(&lines)) {
    }
    return grpc::Status::OK;
  }

 private:
  Desk& desk_;
};

class SettingsFace final : public v1::Settings::Service {
 public:
  explicit SettingsFace(Desk& desk) : desk_(desk) {}

  grpc::Status Get(ServerContext* context, const v1::GetSettingsRequest*,
                   v1::GetSettingsResponse*) override {
    NSCP_ADMIT("Settings/Get")
    return grpc::Status::OK;
  }

 private:
  Desk& desk_;
};

#undef NSCP_ADMIT

class GrpcKernel final : public PlayedKernel {
 public:
  explicit GrpcKernel(Options options)
      : desk_(std::move(options)),
        host_(desk_),
        queries_(desk_),
        logs_(desk_),
        settings_(desk_) {}
  ~GrpcKernel() override {
    desk_.LetGo();
    if (served_.server) served_.server->Shutdown(std::chrono::system_clock::now());
  }

  Status Begin() {
    ASSIGN_OR_RETURN(served_, nscp::Serve(desk_.options().listen,
                                          {&host_, &queries_, &logs_, &settings_}));
    return Status::Ok();
  }
  AttachSeen WaitAttached(milliseconds limit) override {
    return desk_.WaitAttached(limit);
  }
  std::vector<std::string> BadlySigned() const override { return desk_.BadlySigned(); }
  std::vector<std::string> WaitNested(size_t count, milliseconds limit) override {
    return desk_.WaitNested(count, limit);
  }
  void LetGo() override { desk_.LetGo(); }

 private:
  Desk desk_;
  HostFace host_;
  QueriesFace queries_;
  LogsFace logs_;
  SettingsFace settings_;
  ServerHandle served_;
};

}  // namespace

Result<std::unique_ptr<PlayedKernel>> PlayedKernel::Serve(Options options) {
  auto kernel = std::make_unique<GrpcKernel>(std::move(options));
  RETURN_IF_ERROR(kernel->Begin());
  return std::unique_ptr<PlayedKernel>(std::move(kernel));
}

}  // namespace nscp::conformance
