// The module WEBServer: glues the HTTP server, the API and the settings together. Threads
// as workers/sdk/module.h says; requests come on the HTTP server's own threads.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "gateway/api/api.h"
#include "gateway/auth/authenticator.h"
#include "gateway/certificate_watch.h"
#include "gateway/listener.h"
#include "workers/sdk/gateway_host.h"
#include "workers/sdk/module.h"

namespace nscp::gateway {

// What the settings say about the listener (rest-api.md 3.1).
struct ServerSettings {
  std::string address = "0.0.0.0";
  uint16_t port = 8443;
  std::string certificate;
  std::string certificate_key;
  bool allow_insecure = false;
  unsigned threads = 10;
  bool log_errors = true;
  bool log_requests = false;
  bool log_details = false;

  // A port that is no number from 1 to 65535 is an error that names it.
  static Result<ServerSettings> Read(const sdk::Settings& settings);
};

class WebServer final : public sdk::Module {
 public:
  WebServer();
  ~WebServer() override;

  Status Start(const sdk::StartContext& context) override;
  Status Reload(const sdk::Settings& settings) override;
  void Stop() override;
  sdk::CheckResult OnQuery(const sdk::Query& query, sdk::Call& call) override;
  sdk::ExecAnswer OnExec(const sdk::Query& command, sdk::Call& call) override;

 private:
  Status OpenListener(const sdk::Settings& settings);
  void WatchCertificate(const std::optional<TlsOptions>& tls);
  Response Serve(const Request& request);
  void LogAnswer(const Request& request, const Response& response, TimePoint begin);
  void Log(sdk::LogLevel level, std::string_view message);

  sdk::GatewayHost* host_ = nullptr;
  bool no_start_ = false;
  std::atomic<bool> log_errors_{true};
  std::atomic<bool> log_requests_{false};
  std::atomic<bool> log_details_{false};
  std::unique_ptr<Authenticator> auth_;
  std::unique_ptr<Api> api_;
  std::unique_ptr<Listener> listener_;  // its threads use all of the above
  CertificateWatch watch_;              // goes first: its thread uses the listener
};

}  // namespace nscp::gateway
