// The whole REST face behind the HTTP server: finds the route, asks the authenticator,
// calls the handler. One object for the life of the gateway; Handle is called on many
// threads at once and keeps no state of its own between requests but what Services holds.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "gateway/api/context.h"
#include "gateway/api/router.h"
#include "gateway/api/streams.h"
#include "gateway/http/http.h"
#include "workers/sdk/module.h"

namespace nscp::gateway {

class Api {
 public:
  static constexpr size_t kMaxBodyBytes = 1024 * 1024;
  static constexpr size_t kMaxScriptBytes = 4 * 1024 * 1024;  // of an uploaded script
  // Of a module sent as an archive; a message to the kernel holds 8 MiB.
  static constexpr size_t kMaxPackageBytes = 7 * 1024 * 1024;

  struct Options {
    KernelClient* kernel = nullptr;  // outlives the Api; null: only routes are asked for
    Authenticator* auth = nullptr;   // outlives the Api
    Clock clock;                     // the clock of Request::deadline
    std::string version;             // of the agent
    // Where a user interface may be installed, now or later; the first wins.
    std::vector<std::string> web_folders;
    std::string upload_folder;  // what requests bring for modules lies below it
    std::function<void(sdk::LogLevel level, std::string_view message)> log;
  };
  explicit Api(Options options);

  // At start and at each reload: users, roles, hosts and limits of the section `root`.
  // What is odd about them goes to the log.
  void Configure(const sdk::Settings& settings, std::string_view root);
  Response Handle(const Request& request);
  const Router& router() const { return router_; }
  Streams& streams() { return *streams_; }

  // Bytes that the body of a request to `path` may have.
  static size_t BodyLimit(std::string_view method, std::string_view path);

  // Requests that run a check and may take as long as it does; all others must not wait
  // for them.
  static bool IsLong(std::string_view method, std::string_view path);

 private:
  Response Dispatch(Context& context, const Route& route);
  Response Unmatched(const Context& context,
                     const std::vector<std::string>& segments) const;

  Services services_;
  std::unique_ptr<Streams> streams_;
  Router router_;
  std::unique_ptr<KernelClient::Subscription> watch_;  // goes first: it uses the services
};

}  // namespace nscp::gateway
