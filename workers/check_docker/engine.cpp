#include "workers/check_docker/engine.h"

#include <charconv>
#include <optional>
#include <utility>

#include "fetch/exchange.h"
#include "fetch/socket.h"
#include "fetch/stream.h"
#include "proto/cpp/text.h"
#include "proto/cpp/utf8.h"

namespace nscp::check_docker {
namespace {

using ApiVersion = std::pair<int, int>;
constexpr ApiVersion kKnown = {1, 41};
constexpr size_t kMaxWords = 300;  // of an engine's error

std::optional<ApiVersion> ParseApiVersion(const std::string& text) {
  ApiVersion version;
  const char* end = text.data() + text.size();
  const auto major = std::from_chars(text.data(), end, version.first);
  if (major.ec != std::errc() || major.ptr == end || *major.ptr != '.') return {};
  const auto minor = std::from_chars(major.ptr + 1, end, version.second);
  if (minor.ec != std::errc() || minor.ptr != end) return {};
  return version;
}

std::string MessageOf(std::string_view body) {
  const auto document = json::Parse(RepairUtf8(body));
  const auto message = document.ok() ? document->Find("message") : std::nullopt;
  const std::string words = message ? message->AsString() : RepairUtf8(body);
  return CutUtf8(Trim(words), kMaxWords);
}

Status Advise(const Status& status) {
  if (status.code() == Code::kPermissionDenied) {
    return Status(status.code(),
                  status.message() + "; the agent's user must be in the socket's group");
  }
  if (status.code() == Code::kNotFound || status.code() == Code::kUnavailable) {
    return Status(Code::kUnavailable,
                  status.message() +
                      "; is the container engine running, and is this its "
                      "socket (endpoint in /settings/docker, or host)?");
  }
  return status;
}

}  // namespace

Result<std::string> ParseEndpoint(std::string_view endpoint) {
  std::string_view path = Trim(endpoint);
  if (StartsWith(path, "unix://")) path.remove_prefix(7);
  // "npipe:////./pipe/docker_engine" is a local socket of Windows.
  const bool is_pipe = StartsWith(path, "npipe:") || StartsWith(path, "\\\\.\\pipe\\");
  if (is_pipe || StartsWith(path, "/")) return std::string(path);
  return Status::InvalidArgument("The endpoint '" + std::string(endpoint) +
                                 "' is no local socket: write a path such as "
                                 "/var/run/docker.sock");
}

std::string ChooseVersion(const json::Value& version) {
  const auto field = [&](const char* name) {
    const auto found = version.Find(name);
    return found ? ParseApiVersion(found->AsString()) : std::nullopt;
  };
  ApiVersion chosen = kKnown;
  const auto oldest = field("MinAPIVersion");
  const auto newest = field("ApiVersion");
  if (!newest) return {};
  if (*newest < chosen) chosen = *newest;
  if (oldest && chosen < *oldest) chosen = *oldest;
  return std::to_string(chosen.first) + "." + std::to_string(chosen.second);
}

Result<json::Value> ReadAnswer(int status, std::string_view body) {
  if (status == 404) return Status::NotFound(MessageOf(body));
  if (status != fetch::kStatusOk) {
    return Status::Unavailable("the container engine answers with status " +
                               std::to_string(status) + ": " + MessageOf(body));
  }
  auto document = json::Parse(RepairUtf8(body), {kMaxAnswer * 2, json::kMaxDepth});
  if (document.ok()) return document;
  return Status::Unavailable("the container engine answers no JSON: " +
                             document.status().message());
}

Result<json::Value> Engine::GetExactly(const std::string& target) const {
  auto socket = fetch::Socket::ConnectLocal(path_, deadline_);
  if (!socket.ok()) return Advise(socket.status());
  const auto stream = fetch::NewPlainStream(std::move(socket).value(), deadline_);
  fetch::HttpRequest request = {"GET", target, {{"Host", "docker"}}};
  request.any_status = true;  // a refusal says why in its body
  const auto answer = fetch::Ask(*stream, request, kMaxAnswer);
  const std::string doing = "asking " + path_ + " for " + target;
  if (!answer.ok()) {
    const bool late = std::chrono::steady_clock::now() >= deadline_;
    return late ? Status::DeadlineExceeded(doing + ": no answer in time")
                : answer.status().WithContext(doing);
  }
  auto document = ReadAnswer(answer->status, answer->body);
  if (!document.ok()) return document.status().WithContext(doing);
  return document;
}

Status Engine::Open() {
  const auto version = GetExactly("/version");
  if (version.ok()) {
    const std::string chosen = ChooseVersion(*version);
    prefix_ = chosen.empty() ? "" : "/v" + chosen;
    return Status::Ok();
  }
  // An engine that does not tell is asked without one.
  return version.status().code() == Code::kNotFound ? Status::Ok() : version.status();
}

Result<json::Value> Engine::Get(const std::string& target) const {
  return GetExactly(prefix_ + target);
}

}  // namespace nscp::check_docker
