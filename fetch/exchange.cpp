#include "fetch/exchange.h"

#include <httplib.h>

namespace nscp::fetch {
namespace {

// Gives httplib the bytes of our stream, and no more than it may have. httplib reads a
// head byte by byte and matches its first line with a recursive regular expression.
class BoundedStream final : public httplib::Stream {
 public:
  BoundedStream(fetch::Stream& stream, size_t max_body)
      : stream_(stream), left_after_head_(max_body) {}

  void EndHead() { in_head_ = false; }
  bool too_large() const { return too_large_; }

  bool is_readable() const override { return true; }
  bool is_writable() const override { return true; }
  ssize_t read(char* data, size_t size) override {
    const long count = stream_.Read(data, size);
    if (count <= 0) return count;
    if (!Count(data, static_cast<size_t>(count))) too_large_ = true;
    return too_large_ ? -1 : static_cast<ssize_t>(count);
  }
  ssize_t write(const char* data, size_t size) override {
    return stream_.Write(data, size) ? static_cast<ssize_t>(size) : -1;
  }
  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}
  socket_t socket() const override { return 0; }

 private:
  bool Count(const char* data, size_t size) {
    if (!in_head_) {
      const bool fits = size <= left_after_head_;
      left_after_head_ -= fits ? size : 0;
      return fits;
    }
    head_ += size;
    for (size_t i = 0; i < size; ++i) in_first_line_ = in_first_line_ && data[i] != '\n';
    return head_ <= (in_first_line_ ? kMaxStatusLine : kMaxHead);
  }

  fetch::Stream& stream_;
  size_t left_after_head_;
  size_t head_ = 0;
  bool in_head_ = true;
  bool in_first_line_ = true;
  bool too_large_ = false;
};

// httplib's client without its sockets.
class Client final : public httplib::ClientImpl {
 public:
  // The request says itself which host it is for.
  Client() : httplib::ClientImpl("") {
    set_decompress(false);
    set_url_encode(false);
  }
  using httplib::ClientImpl::process_request;
};

}  // namespace

std::string BasicAuthorization(const std::string& user, const std::string& password) {
  return httplib::make_basic_authentication_header(user, password).second;
}

Result<HttpAnswer> Ask(Stream& stream, const HttpRequest& request, size_t max_body) {
  httplib::Request sent;
  sent.method = request.method;
  sent.path = request.target;
  for (const auto& [name, value] : request.headers) sent.set_header(name, value);
  if (!sent.has_header("User-Agent")) sent.set_header("User-Agent", "nscp");
  sent.body = request.body;
  HttpAnswer answer;
  BoundedStream bounded(stream, max_body * kMaxOverhead + kMaxHead);
  bool has_head = false;
  bool body_too_large = false;
  sent.response_handler = [&](const httplib::Response& head) {
    bounded.EndHead();
    has_head = true;
    return request.any_status || head.status == kStatusOk;
  };
  sent.content_receiver = [&](const char* data, size_t size, uint64_t, uint64_t) {
    body_too_large = size > max_body - answer.body.size();
    if (!body_too_large) answer.body.append(data, size);
    return !body_too_large;
  };
  httplib::Response received;
  httplib::Error error = httplib::Error::Success;
  Client client;
  const bool whole = client.process_request(bounded, sent, received, true, error);
  answer.status = received.status;
  answer.reason = received.reason;
  answer.location = received.get_header_value("Location");
  if (bounded.too_large() || body_too_large) {
    return Status::ResourceExhausted(has_head ? "the answer is larger than " +
                                                    std::to_string(max_body) + " bytes"
                                              : "the head of the answer is too large");
  }
  const bool not_wanted = !request.any_status && has_head && answer.status != kStatusOk;
  if ((whole || not_wanted) && answer.status > 0) return answer;
  return Status::Unavailable(has_head ? "the answer is not whole: the connection ended, "
                                        "or the time was up"
                                      : "there is no answer in HTTP, or not in time");
}

}  // namespace nscp::fetch
