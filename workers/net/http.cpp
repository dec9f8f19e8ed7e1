#include "workers/net/http.h"

#include <algorithm>
#include <memory>

#include "fetch/exchange.h"
#include "proto/cpp/text.h"

namespace nscp::net {
namespace {

bool IsRedirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 ||
         status == 308;
}

bool IsSameServer(const fetch::Url& a, const fetch::Url& b) {
  return a.is_https == b.is_https && a.host == b.host && a.port == b.port;
}

class Conversation {
 public:
  Conversation(const HttpCall& call, const Limit& limit) : call_(call), limit_(limit) {}

  Result<HttpReply> Run() {
    ASSIGN_OR_RETURN(const fetch::Url first, fetch::ParseUrl(call_.url));
    fetch::Url url = first;
    method_ = call_.method;
    body_ = call_.body;
    for (int redirects = 0;; ++redirects) {
      ASSIGN_OR_RETURN(fetch::HttpAnswer answer, AskOne(url, IsSameServer(first, url)));
      if (!call_.follow || !IsRedirect(answer.status) || answer.location.empty()) {
        return HttpReply{answer.status, std::move(answer.reason), std::move(answer.body),
                         certificate_seconds_};
      }
      if (redirects >= call_.max_redirects) {
        return Status::Unavailable("more than " + std::to_string(call_.max_redirects) +
                                   " redirects");
      }
      auto next = fetch::ResolveRedirect(url, answer.location);
      if (!next.ok()) {
        return Status::Unavailable("a redirect: " + next.status().message());
      }
      url = std::move(next).value();
      TurnIntoGet(answer.status);
    }
  }

 private:
  // As browsers do it (RFC 9110, 15.4).
  void TurnIntoGet(int status) {
    const bool changes = status == 303 || ((status == 301 || status == 302) &&
                                           EqualsIgnoreCase(method_, "POST"));
    if (!changes || EqualsIgnoreCase(method_, "HEAD")) return;
    method_ = "GET";
    body_.clear();
  }

  fetch::HttpRequest RequestTo(const fetch::Url& url, bool is_own) const {
    fetch::HttpRequest request;
    request.method = method_;
    request.target = url.target;
    request.body = body_;
    request.any_status = true;
    bool has_host = false;
    for (const auto& [name, value] : call_.headers) {
      const bool is_agent = EqualsIgnoreCase(name, "User-Agent");
      if (!is_own && !is_agent) continue;
      has_host = has_host || EqualsIgnoreCase(name, "Host");
      if (body_.empty() && EqualsIgnoreCase(name, "Content-Type")) continue;
      request.headers.emplace_back(name, value);
    }
    if (!has_host) request.headers.emplace_back("Host", HostAndPort(url, false));
    request.headers.emplace_back("Accept-Encoding", "identity");
    const bool has_own = is_own && !(call_.user.empty() && call_.password.empty());
    const std::string& user = has_own ? call_.user : url.user;
    const std::string& password = has_own ? call_.password : url.password;
    if (!user.empty() || !password.empty()) {
      request.headers.emplace_back("Authorization",
                                   fetch::BasicAuthorization(user, password));
    }
    return request;
  }

  Result<fetch::HttpAnswer> AskOne(const fetch::Url& url, bool is_own) {
    TlsOptions tls = call_.tls;
    if (!is_own) tls.server_name.clear();
    ASSIGN_OR_RETURN(const std::unique_ptr<Stream> stream,
                     OpenStream({url.host, url.port, call_.family},
                                url.is_https ? &tls : nullptr, limit_));
    certificate_seconds_ = stream->CertificateSeconds();
    auto answer = fetch::Ask(*stream, RequestTo(url, is_own), call_.max_body);
    if (!answer.ok()) return InTime(answer.status());
    return answer;
  }

  Status InTime(const Status& status) const {
    if (!limit_.IsOver()) return status;
    return Status::DeadlineExceeded("no whole answer in time");
  }

  const HttpCall& call_;
  const Limit limit_;
  std::string method_;
  std::string body_;
  std::optional<int64_t> certificate_seconds_;
};

}  // namespace

Result<HttpReply> AskHttp(const HttpCall& call, const Limit& limit) {
  return Conversation(call, limit).Run();
}

Result<Url> TakeUrlApart(std::string_view url) { return fetch::ParseUrl(url); }

std::string WithoutUser(std::string_view url) {
  const size_t scheme = url.find("://");
  const size_t host = scheme == std::string_view::npos ? 0 : scheme + 3;
  const size_t end = std::min(url.find_first_of("/?#", host), url.size());
  const size_t at = url.substr(0, end).rfind('@');
  if (at == std::string_view::npos || at < host) return std::string(url);
  return std::string(url.substr(0, host)) + std::string(url.substr(at + 1));
}

bool IsHeaderText(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c != '\r' && c != '\n' && c != '\0'; });
}

}  // namespace nscp::net
