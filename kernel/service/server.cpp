#include "kernel/service/server.h"

#include "kernel/service/services.h"
#include "proto/cpp/channel.h"

namespace nscp::kernel {
namespace {

class GrpcServer final : public Server {
 public:
  explicit GrpcServer(Kernel& kernel)
      : gate_(kernel),
        host_(kernel, gate_),
        modules_(kernel, gate_),
        queries_(kernel, gate_),
        settings_(kernel, gate_),
        logs_(kernel, gate_),
        events_(kernel, gate_),
        metrics_(kernel, gate_) {}
  ~GrpcServer() override { Close(std::chrono::milliseconds(0)); }

  Status Listen(const std::string& address) {
    ASSIGN_OR_RETURN(handle_, Serve(address, {&host_, &modules_, &queries_, &settings_,
                                              &logs_, &events_, &metrics_}));
    return Status::Ok();
  }
  const std::string& target() const override { return handle_.target; }
  void Open() override { gate_.Open(); }
  void Close(std::chrono::milliseconds limit) override {
    gate_.Close();
    if (handle_.server)
      handle_.server->Shutdown(std::chrono::system_clock::now() + limit);
    handle_.server = nullptr;
  }

 private:
  Gate gate_;
  HostService host_;
  ModulesService modules_;
  QueriesService queries_;
  SettingsService settings_;
  LogsService logs_;
  EventsService events_;
  MetricsService metrics_;
  ServerHandle handle_;
};

}  // namespace

Result<std::unique_ptr<Server>> Server::Open(Kernel& kernel, const std::string& address) {
  auto server = std::make_unique<GrpcServer>(kernel);
  RETURN_IF_ERROR(server->Listen(address));
  return std::unique_ptr<Server>(std::move(server));
}

int64_t NowMs() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace nscp::kernel
