// What a route's handler gets to see: the request, who asks, and the agent behind. Made
// by Api for one request, on that request's thread; the services are shared by all.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/api/listing_memory.h"
#include "gateway/api/router.h"
#include "gateway/api/service_reload.h"
#include "gateway/auth/authenticator.h"
#include "gateway/http/http.h"
#include "proto/cpp/kernel_client.h"
#include "workers/sdk/module.h"

namespace nscp::gateway {

class Streams;

struct Services {
  KernelClient* kernel = nullptr;
  Authenticator* auth = nullptr;
  Clock clock;
  std::string version;  // of the agent: "0.1.0 2026-11-21"
  std::function<void(sdk::LogLevel level, std::string_view message)> log;
  std::string upload_folder;             // for UploadedFile::Write
  std::vector<std::string> web_folders;  // of a user interface; the first wins
  ListingMemory listings;                // of modules
  Streams* streams = nullptr;
  const std::vector<Route>* routes = nullptr;  // all of them, for their description
  PendingReload reload;
};

// Kernel calls that run no check.
inline constexpr std::chrono::milliseconds kManagementLimit{30000};
// Kept back from a request's deadline, so that the answer can still be written.
inline constexpr std::chrono::milliseconds kAnswerTime{500};

struct Context {
  const Request& request;
  Services& services;
  std::string method;  // with the override applied
  unsigned version = kUnversioned;
  std::string base;  // "https://host:8443", or empty
  Captures captures;
  Identity who;  // of the caller; empty on open routes

  KernelClient& kernel() const { return *services.kernel; }
  const std::string& Get(std::string_view capture) const;  // empty when there is none
  // "<base>/api/<version of the request>/<rest>"
  std::string Link(std::string_view rest) const;
  // Bounded by the request's own deadline.
  CallOptions Call(std::chrono::milliseconds limit = kManagementLimit) const;
  bool May(std::string_view grant) const { return services.auth->Allows(who, grant); }
  // The one 403. The log gets the gate and what would open it.
  Response Refuse(const Identity& refused) const;
  // For a grant that is missing.
  Response Refuse(std::string_view grant) const;
  // Who asks, for messages to the kernel.
  void SetCaller(v1::Caller* caller) const;
  // The parameter has exactly the value "true".
  bool IsTrue(std::string_view parameter) const;
  void Log(sdk::LogLevel level, std::string_view message) const;
};

}  // namespace nscp::gateway
