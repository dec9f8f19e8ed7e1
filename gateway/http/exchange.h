// One request through httplib: it calls our handler, catches what the handler throws and
// writes the answer. This is the only pair of files that includes httplib.h, and its
// header doesn't show it.
//
// What httplib gets to read is a request that was already read and checked here, in
// memory and complete. Its own reading isn't used for what clients send: 0.11.4 keeps
// headers and arguments out of order, decodes %XX in header values, takes any number of
// headers and any length of chunked bodies, and limits a line to 8 KiB. Any thread.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "gateway/http/http.h"

namespace nscp::gateway {

struct AnswerForm {
  bool head_only = false;  // the request was HEAD
  bool close = false;      // say "Connection: close"
  bool chunked = false;    // a body without an end in sight comes in chunks
  std::string request_id;
};

// The bytes of the answer, status line to body. `*close` becomes true when the handler
// asked for it. `on_error` (may be empty) hears of an exception.
std::string Answer(const Handler& handler, const Request& request, const AnswerForm& form,
                   const std::function<void(const std::string&)>& on_error, bool* close);

// The same for an answer that needs no handler.
std::string Answer(const Response& response, const AnswerForm& form);

// A write to a connection that is gone must not end the process (SIGPIPE): OpenSSL's
// writes can't be told otherwise. To be called before the first connection; holds for the
// whole process.
void IgnoreBrokenPipes();

// A refusal in plain text, "400 <text>", after which the connection is closed.
Response RefusalResponse(int status, const std::string& text);

}  // namespace nscp::gateway
