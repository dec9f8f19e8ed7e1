#include "gateway/http/exchange.h"

#include <httplib.h>

#include <algorithm>
#include <cstring>

#include "proto/cpp/text.h"

namespace nscp::gateway {
namespace {

// Reads from and writes to memory. socket() stays below FD_SETSIZE, which httplib checks.
class MemoryStream final : public httplib::Stream {
 public:
  explicit MemoryStream(std::string input) : input_(std::move(input)) {}

  bool is_readable() const override { return true; }
  bool is_writable() const override { return true; }
  ssize_t read(char* data, size_t size) override {
    const size_t count = std::min(size, input_.size() - read_);
    std::memcpy(data, input_.data() + read_, count);
    read_ += count;
    return static_cast<ssize_t>(count);
  }
  ssize_t write(const char* data, size_t size) override {
    output_.append(data, size);
    return static_cast<ssize_t>(size);
  }
  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}
  socket_t socket() const override { return 0; }

  std::string TakeOutput() { return std::move(output_); }

 private:
  std::string input_;
  size_t read_ = 0;
  std::string output_;
};

std::string Without(std::string_view text, std::string_view unwanted) {
  std::string clean;
  clean.reserve(text.size());
  for (const char c : text) {
    if (unwanted.find(c) == std::string_view::npos) clean.push_back(c);
  }
  return clean;
}

// Names and values that can't begin another header, or another answer (rest-api.md 1).
std::string CleanName(std::string_view name) {
  return Without(name, std::string_view("\r\n\0: ", 5));
}
std::string CleanValue(std::string_view value) {
  return Without(value, std::string_view("\r\n\0", 3));
}

// These frame the answer and are written from what it is.
bool IsFramingHeader(std::string_view name) {
  return EqualsIgnoreCase(name, "Content-Length") ||
         EqualsIgnoreCase(name, "Connection") ||
         EqualsIgnoreCase(name, "Transfer-Encoding") ||
         EqualsIgnoreCase(name, "Keep-Alive");
}

bool HasNoBody(int status) { return status == 204 || status == 304; }

void Fill(const Response& from, const AnswerForm& form, httplib::Response* to) {
  to->status = from.status >= 200 && from.status <= 599 ? from.status : 500;
  std::string type = CleanValue(from.content_type);
  for (const auto& [name, value] : from.headers) {
    const std::string clean = CleanName(name);
    if (clean.empty() || IsFramingHeader(clean)) continue;
    if (EqualsIgnoreCase(clean, "Content-Type")) {
      if (type.empty()) type = CleanValue(value);
      continue;
    }
    to->set_header(clean, CleanValue(value));
  }
  if (type.empty()) type = to->status < 300 ? "application/json" : "text/plain";
  to->set_header("Content-Type", type);
  to->set_header("X-Request-Id", form.request_id);
  for (const auto& [name, value] : {std::pair("X-Content-Type-Options", "nosniff"),
                                    std::pair("X-Frame-Options", "DENY")}) {
    if (!to->has_header(name)) to->set_header(name, value);
  }
  if (!HasNoBody(to->status)) to->body = from.body;
}

// httplib's constructor ignores SIGPIPE for the whole process; OpenSSL's writes rely on
// that.
class Exchange final : public httplib::Server {
 public:
  using Produce = std::function<Response()>;

  std::string Run(const Produce& produce, const AnswerForm& form,
                  const std::function<void(const std::string&)>& on_error, bool* close) {
    bool streams = false;
    set_pre_routing_handler([&](const httplib::Request&, httplib::Response& out) {
      const Response response = produce();
      streams = response.stream != nullptr;
      *close = *close || response.close;
      Fill(response, form, &out);
      return HandlerResponse::Handled;
    });
    set_exception_handler(
        [&](const httplib::Request&, httplib::Response& out, std::exception_ptr error) {
          Report(error, form.request_id, on_error);
          out.headers.clear();
          Fill(RefusalResponse(500, "the request " + form.request_id + " failed"), form,
               &out);
        });
    set_post_routing_handler([&](const httplib::Request&, httplib::Response& out) {
      out.headers.erase("Keep-Alive");
      out.headers.erase("Accept-Ranges");
      if (*close && !out.has_header("Connection")) out.set_header("Connection", "close");
      if (HasNoBody(out.status) || streams) out.headers.erase("Content-Length");
      if (streams && form.chunked) out.set_header("Transfer-Encoding", "chunked");
    });
    MemoryStream stream(form.head_only ? "HEAD / HTTP/1.1\r\n\r\n"
                                       : "GET / HTTP/1.1\r\n\r\n");
    bool closed = false;
    process_request(stream, *close, closed, nullptr);
    return stream.TakeOutput();
  }

 private:
  static void Report(const std::exception_ptr& error, const std::string& request_id,
                     const std::function<void(const std::string&)>& on_error) {
    if (!on_error) return;
    std::string what = "something that is no std::exception";
    try {
      std::rethrow_exception(error);
    } catch (const std::exception& e) {
      what = e.what();
    } catch (...) {
    }
    on_error("request " + request_id + ": the handler threw: " + what);
  }
};

}  // namespace

std::string Answer(const Handler& handler, const Request& request, const AnswerForm& form,
                   const std::function<void(const std::string&)>& on_error, bool* close) {
  *close = *close || form.close;
  return Exchange().Run([&] { return handler(request); }, form, on_error, close);
}

std::string Answer(const Response& response, const AnswerForm& form) {
  bool close = form.close;
  return Exchange().Run([&] { return response; }, form, nullptr, &close);
}

void IgnoreBrokenPipes() {
  const httplib::Server
      constructed;  // which is all it takes: its constructor ignores SIGPIPE
}

Response RefusalResponse(int status, const std::string& text) {
  Response response;
  response.status = status;
  response.body = std::to_string(status) + " " + text + "\n";
  response.close = true;
  return response;
}

}  // namespace nscp::gateway
