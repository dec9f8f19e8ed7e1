#include "fetch/fetch.h"

#include <filesystem>
#include <fstream>

#include "fetch/exchange.h"
#include "fetch/url.h"
#include "proto/cpp/secret.h"
#include "proto/cpp/sha256.h"
#include "proto/cpp/text.h"

namespace nscp::fetch {
namespace fs = std::filesystem;
namespace {

constexpr size_t kTemporaryBytes = 6;

bool IsRedirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 ||
         status == 308;
}

class Download {
 public:
  explicit Download(const FetchRequest& request)
      : request_(request),
        deadline_(std::chrono::steady_clock::now() + request.timeout) {}

  Result<std::string> Run() {
    ASSIGN_OR_RETURN(Url url, ParseUrl(request_.url));
    for (int redirects = 0;; ++redirects) {
      auto answer = AskOne(url);
      if (!answer.ok()) return Told(url, answer.status());
      if (answer->status == kStatusOk) return std::move(answer->body);
      if (!IsRedirect(answer->status) || answer->location.empty()) {
        return Told(
            url, Status::FailedPrecondition(
                     "the server answers with status " + std::to_string(answer->status) +
                     "; check the address and what it asks to log in"));
      }
      if (redirects == kMaxRedirects) {
        return Told(
            url, Status::FailedPrecondition("more than " + std::to_string(kMaxRedirects) +
                                            " redirects; name the last address itself"));
      }
      auto next = ResolveRedirect(url, answer->location);
      if (!next.ok()) return Told(url, next.status().WithContext("a redirect"));
      if (url.is_https && !next->is_https) {
        return Told(url, Status::FailedPrecondition(
                             "it redirects from https to http, which is not followed"));
      }
      url = std::move(next).value();
    }
  }

 private:
  Status Told(const Url& url, const Status& status) const {
    const std::string doing = "downloading " + ShownUrl(url);
    if (std::chrono::steady_clock::now() < deadline_) return status.WithContext(doing);
    return Status::DeadlineExceeded(doing + ": not within " +
                                    FormatSeconds(request_.timeout));
  }

  Result<HttpAnswer> AskOne(const Url& url) const {
    const bool direct =
        request_.proxy.empty() || NeedsNoProxy(request_.no_proxy, url.host);
    HttpRequest get = {"GET", url.target, {{"Host", HostAndPort(url, false)}}};
    get.headers.emplace_back("Accept-Encoding", "identity");
    if (!url.user.empty()) {
      get.headers.emplace_back("Authorization",
                               BasicAuthorization(url.user, url.password));
    }
    std::unique_ptr<Stream> stream;
    if (direct) {
      ASSIGN_OR_RETURN(Socket socket, Socket::Connect(url.host, url.port, deadline_));
      ASSIGN_OR_RETURN(stream, StreamTo(url, std::move(socket)));
    } else {
      ASSIGN_OR_RETURN(const Url proxy, ProxyUrl());
      ASSIGN_OR_RETURN(stream, StreamThrough(proxy, url, &get));
    }
    return Ask(*stream, get, request_.max_bytes);
  }

  Result<Url> ProxyUrl() const {
    auto proxy = ParseUrl(request_.proxy);
    if (!proxy.ok()) return proxy.status().WithContext("url in [proxy]");
    if (proxy->is_https) {
      return Status::InvalidArgument("url in [proxy] begins with https; only http://");
    }
    return proxy;
  }

  Result<std::unique_ptr<Stream>> StreamTo(const Url& url, Socket socket) const {
    if (!url.is_https) return NewPlainStream(std::move(socket), deadline_);
    TlsOptions tls;
    tls.version = request_.tls_version;
    tls.verify = request_.verify;
    tls.ca_file = request_.ca_file;
    return NewTlsStream(std::move(socket), url.host, tls, deadline_);
  }

  // For http the proxy gets the request itself, for https it connects us.
  Result<std::unique_ptr<Stream>> StreamThrough(const Url& proxy, const Url& url,
                                                HttpRequest* get) const {
    auto connected = Socket::Connect(proxy.host, proxy.port, deadline_);
    if (!connected.ok()) return connected.status().WithContext("the proxy");
    Socket socket = std::move(connected).value();
    std::vector<std::pair<std::string, std::string>> credentials;
    if (!proxy.user.empty()) {
      credentials.emplace_back("Proxy-Authorization",
                               BasicAuthorization(proxy.user, proxy.password));
    }
    if (!url.is_https) {
      get->target = "http://" + HostAndPort(url, false) + url.target;
      get->headers.insert(get->headers.end(), credentials.begin(), credentials.end());
      return NewPlainStream(std::move(socket), deadline_);
    }
    RETURN_IF_ERROR(Tunnel(socket, url, std::move(credentials)));
    return StreamTo(url, std::move(socket));
  }

  Status Tunnel(const Socket& socket, const Url& url,
                std::vector<std::pair<std::string, std::string>> headers) const {
    // The answer to CONNECT has no body: no byte of what follows is read with it.
    class Borrowed final : public Stream {
     public:
      Borrowed(const Socket& socket, Deadline deadline)
          : socket_(socket), deadline_(deadline) {}
      long Read(char* data, size_t size) override {
        return socket_.Read(data, size, deadline_);
      }
      bool Write(const char* data, size_t size) override {
        return socket_.Write(data, size, deadline_);
      }

     private:
      const Socket& socket_;
      const Deadline deadline_;
    };
    const std::string target = HostAndPort(url, true);
    headers.emplace_back("Host", target);
    headers.emplace_back("Connection", "keep-alive");
    Borrowed stream(socket, deadline_);
    auto answer = Ask(stream, {"CONNECT", target, std::move(headers)}, 0);
    if (!answer.ok()) return answer.status().WithContext("the proxy");
    if (answer->status == kStatusOk) return Status::Ok();
    return Status::FailedPrecondition(
        "the proxy refuses to connect, with status " + std::to_string(answer->status) +
        "; check url in [proxy] of boot.ini, with user and password");
  }

  const FetchRequest& request_;
  const Deadline deadline_;
};

Status FileError(const std::string& file) {
  return Status::FailedPrecondition("writing " + file +
                                    ": check that its folder exists and is writable");
}

}  // namespace

Result<Fetched> FetchIntoMemory(const FetchRequest& request) {
  Fetched fetched;
  ASSIGN_OR_RETURN(fetched.bytes, Download(request).Run());
  fetched.sha256 = Sha256Hex(fetched.bytes);
  if (!request.sha256.empty() && !EqualsIgnoreCase(fetched.sha256, request.sha256)) {
    return Status::FailedPrecondition("the download has the SHA-256 " + fetched.sha256 +
                                      ", and not " + request.sha256);
  }
  return fetched;
}

Result<Fetched> FetchIntoFile(const FetchRequest& request, const std::string& file) {
  ASSIGN_OR_RETURN(Fetched fetched, FetchIntoMemory(request));
  ASSIGN_OR_RETURN(const std::string random, RandomBytes(kTemporaryBytes));
  const fs::path path = fs::u8path(file);
  fs::path temporary = path;
  temporary += fs::u8path("." + ToHex(random) + ".tmp");
  std::error_code error;
  {
    std::ofstream out(temporary, std::ios::binary);
    // Before a byte of it is there: settings hold passwords.
    fs::permissions(
        temporary, fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read,
        error);
    out.write(fetched.bytes.data(), static_cast<std::streamsize>(fetched.bytes.size()));
    out.close();
    if (!out) error = std::make_error_code(std::errc::io_error);
  }
  if (!error) fs::rename(temporary, path, error);
  if (error) {
    std::error_code ignored;
    fs::remove(temporary, ignored);
    return FileError(file);
  }
  fetched.bytes.clear();
  return fetched;
}

}  // namespace nscp::fetch
