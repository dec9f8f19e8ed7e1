#include "gateway/web_server.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "gateway/api/uploads.h"
#include "gateway/commands.h"
#include "proto/cpp/text.h"
#include "proto/cpp/utf8.h"
#include "workers/sdk/request_scope.h"

namespace nscp::gateway {
namespace {

constexpr std::chrono::milliseconds kBindLimit{5000};
// The longest call and the time for its answer; what a check may take is limited per
// request.
constexpr std::chrono::milliseconds kRequestDeadline =
    kLongestCall + std::chrono::seconds(5);
constexpr size_t kMaxLoggedPath = 200;
constexpr char kUploads[] = "${data-path}/uploads";
// Where plain HTTP goes when the settings name the port of HTTPS.
constexpr uint16_t kTlsPort = 8443;
constexpr uint16_t kPlainPort = 8080;

TimePoint Now() { return std::chrono::steady_clock::now(); }

std::string WithoutBrackets(std::string_view address) {
  if (StartsWith(address, "[") && EndsWith(address, "]")) {
    address = address.substr(1, address.size() - 2);
  }
  return std::string(address);
}

}  // namespace

Result<ServerSettings> ServerSettings::Read(const sdk::Settings& settings) {
  ServerSettings read;
  const std::string_view root = kDefaultRoot;
  const std::string written = settings.Get(root, "port", "8443");
  std::string_view port = Trim(written);
  if (EndsWith(port, "s")) port.remove_suffix(1);
  unsigned number = 0;
  const auto [end, error] =
      std::from_chars(port.data(), port.data() + port.size(), number);
  if (error != std::errc() || end != port.data() + port.size() || number == 0 ||
      number > 65535) {
    return Status::InvalidArgument("the port \"" + written +
                                   "\" is no number from 1 to 65535: set 'port' under " +
                                   std::string(root));
  }
  read.port = static_cast<uint16_t>(number);
  const std::string address = settings.Get(root, "bind to");
  if (!address.empty()) read.address = WithoutBrackets(Trim(address));
  read.certificate = settings.Get(root, "certificate");
  read.certificate_key = settings.Get(root, "certificate key");
  read.allow_insecure = settings.GetBool(root, "allow insecure", false);
  read.threads = static_cast<unsigned>(
      std::clamp<int64_t>(settings.GetInt(root, "threads", 10), 1, kMaxThreads));
  const std::string log = std::string(root) + "/log";
  read.log_errors = settings.GetBool(log, "error", true);
  read.log_requests = settings.GetBool(log, "info", false);
  read.log_details = settings.GetBool(log, "debug", false);
  return read;
}

WebServer::WebServer() = default;
WebServer::~WebServer() = default;

Status WebServer::Start(const sdk::StartContext& context) {
  // RunModule hands every module a GatewayHost (workers/sdk/gateway_host.h).
  host_ = static_cast<sdk::GatewayHost*>(context.host);
  no_start_ = context.no_start;
  if (no_start_) return Status::Ok();
  ASSIGN_OR_RETURN(
      auth_, Authenticator::Create(Now, Authenticator::DefaultPasswords(), ResolveName));
  Api::Options options;
  options.kernel = &host_->kernel();
  options.auth = auth_.get();
  options.clock = Now;
  options.version = context.version;
  for (const char* place : {"${web-path}", "${exe-path}/web"}) {
    auto folder = host_->ExpandPath(place);
    if (folder.ok()) options.web_folders.push_back(std::move(folder).value());
  }
  if (auto uploads = host_->ExpandPath(kUploads); uploads.ok()) {
    options.upload_folder = std::move(uploads).value();
    RemoveOldUploads(options.upload_folder);
  }
  options.log = [this](sdk::LogLevel level, std::string_view line) { Log(level, line); };
  api_ = std::make_unique<Api>(std::move(options));
  listener_ = std::make_unique<Listener>(
      [this](const std::string& address, uint16_t port) {
        return host_->Listen("https", address, port, kBindLimit);
      },
      [this](const Request& request) { return Serve(request); },
      [this](sdk::LogLevel level, std::string_view line) { Log(level, line); },
      Listener::Pauses());
  return Reload(context.settings);
}

// What is wrong with the listener is for the log: the module stays loaded, so that `nscp
// web` and the next reload work.
Status WebServer::Reload(const sdk::Settings& settings) {
  if (no_start_) return Status::Ok();
  // Who may listen, and where, may be another now.
  api_->streams().EndAll("the web server reads its settings again");
  api_->Configure(settings, kDefaultRoot);
  const Status opened = OpenListener(settings);
  if (!opened.ok()) Log(sdk::LogLevel::kError, opened.message());
  return Status::Ok();
}

Status WebServer::OpenListener(const sdk::Settings& settings) {
  ASSIGN_OR_RETURN(ServerSettings read, ServerSettings::Read(settings));
  log_errors_ = read.log_errors;
  log_requests_ = read.log_requests;
  log_details_ = read.log_details;
  ASSIGN_OR_RETURN(
      const Material material,
      PrepareCertificate(
          read.certificate, read.certificate_key, read.allow_insecure,
          [this](sdk::LogLevel level, std::string_view line) { Log(level, line); }));
  if (!material.tls && read.port == kTlsPort) read.port = kPlainPort;
  Listener::Wanted wanted;
  wanted.address = read.address;
  wanted.port = read.port;
  wanted.options.tls = material.tls;
  wanted.options.threads = read.threads;
  wanted.options.request_deadline = kRequestDeadline;
  wanted.options.is_long = Api::IsLong;
  wanted.options.body_limit = Api::BodyLimit;
  wanted.options.on_error = [this](const std::string& sentence) {
    if (log_errors_) Log(sdk::LogLevel::kError, sentence);
  };
  // Before it is read, so that no change falls between.
  WatchCertificate(material.tls);
  return listener_->Open(std::move(wanted));
}

void WebServer::WatchCertificate(const std::optional<TlsOptions>& tls) {
  if (!tls) return watch_.Stop();
  std::vector<std::string> files = {tls->certificate_file};
  if (!tls->key_file.empty()) files.push_back(tls->key_file);
  watch_.Watch(std::move(files), [this, tls = *tls] {
    if (!listener_->listening()) return;
    const Status read = listener_->ReloadCertificate(tls);
    if (read.ok()) {
      Log(sdk::LogLevel::kInfo, "The certificate " + tls.certificate_file +
                                    " has changed and is used for new connections");
    } else {
      Log(sdk::LogLevel::kError, "The certificate " + tls.certificate_file +
                                     " has changed and cannot be used, the one before "
                                     "stays: " +
                                     read.message());
    }
  });
}

void WebServer::Stop() {
  watch_.Stop();
  if (api_) api_->streams().Close("the web server stops");
  if (listener_) listener_->Close();
}

sdk::CheckResult WebServer::OnQuery(const sdk::Query& query, sdk::Call&) {
  return sdk::CheckResult::Unknown("Unknown command(s): " + query.command);
}

sdk::ExecAnswer WebServer::OnExec(const sdk::Query& command, sdk::Call& call) {
  return RunWebCommand(command, host_->kernel(), call.request_id());
}

Response WebServer::Serve(const Request& request) {
  const sdk::RequestScope scope(request.request_id);
  const TimePoint begin = Now();
  Response response = api_->Handle(request);
  if (log_requests_ || log_details_) LogAnswer(request, response, begin);
  return response;
}

void WebServer::LogAnswer(const Request& request, const Response& response,
                          TimePoint begin) {
  const std::string what =
      "request " + request.request_id + " from " + request.remote_address + ": ";
  if (log_requests_) {
    const auto took =
        std::chrono::duration_cast<std::chrono::milliseconds>(Now() - begin);
    Log(sdk::LogLevel::kInfo, what + RepairUtf8(request.method) + " " +
                                  CutUtf8(RepairUtf8(request.path), kMaxLoggedPath) +
                                  " -> " + std::to_string(response.status) + " in " +
                                  std::to_string(took.count()) + " ms");
  }
  if (log_details_) {
    // No query string and no other header: they may hold credentials.
    const std::string agent = RepairUtf8(request.Header("User-Agent").value_or("-"));
    Log(sdk::LogLevel::kDebug,
        what + (request.tls ? "TLS" : "no TLS") + ", " +
            std::to_string(request.parameters.size()) + " parameters, " +
            std::to_string(request.headers.size()) + " headers, body of " +
            std::to_string(request.body.size()) + " bytes, answer of " +
            std::to_string(response.body.size()) + " bytes, user agent '" +
            CutUtf8(agent, kMaxLoggedPath) + "'");
  }
}

void WebServer::Log(sdk::LogLevel level, std::string_view message) {
  host_->Log(level, message);
}

}  // namespace nscp::gateway
