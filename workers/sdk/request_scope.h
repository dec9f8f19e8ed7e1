// Which request a thread works for, so that its log lines can say so. Threads that a
// module makes by itself work for none.
#pragma once

#include <string>

namespace nscp::sdk {

// The calling thread works for the request `id` until the object ends. Not nested; `id`
// outlives the object.
class RequestScope {
 public:
  explicit RequestScope(const std::string& id);
  ~RequestScope();
  RequestScope(const RequestScope&) = delete;
  RequestScope& operator=(const RequestScope&) = delete;

  // Of the calling thread; empty = none.
  static std::string Current();
};

}  // namespace nscp::sdk
