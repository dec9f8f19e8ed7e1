#include "workers/sdk/request_scope.h"

namespace nscp::sdk {
namespace {

// Without a destructor, which not every thread's end would run.
thread_local const std::string* current_request = nullptr;

}  // namespace

RequestScope::RequestScope(const std::string& id) { current_request = &id; }

RequestScope::~RequestScope() { current_request = nullptr; }

std::string RequestScope::Current() {
  return current_request == nullptr ? std::string() : *current_request;
}

}  // namespace nscp::sdk
