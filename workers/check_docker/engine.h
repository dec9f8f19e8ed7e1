// A container engine's HTTP interface on its local socket: one question, one connection,
// one JSON answer. Source: Docker Engine API 1.41 (Podman speaks it too). Values; any
// thread.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "json/value.h"
#include "proto/cpp/status.h"

namespace nscp::check_docker {

constexpr size_t kMaxAnswer = 16 * 1024 * 1024;  // some 10000 containers

using Deadline = std::chrono::steady_clock::time_point;

// The path of a local socket: "/var/run/docker.sock", "unix:///var/run/docker.sock".
// InvalidArgument for everything that leads over a network.
Result<std::string> ParseEndpoint(std::string_view endpoint);

// The answer to GET `target`, such as "/containers/json?all=1", of the API's version that
// this room knows. NotFound where the engine says so; another status and what is no JSON
// is Unavailable with the engine's own words.
using Ask = std::function<Result<json::Value>(const std::string& target)>;

class Engine {
 public:
  // Nothing lasts beyond `deadline`.
  Engine(std::string socket_path, Deadline deadline)
      : path_(std::move(socket_path)), deadline_(deadline) {}

  // Finds the API's version: what old and new engines both speak.
  Status Open();
  Result<json::Value> Get(const std::string& target) const;

 private:
  Result<json::Value> GetExactly(const std::string& target) const;

  const std::string path_;
  const Deadline deadline_;
  std::string prefix_;  // "/v1.41"
};

// Of what GET /version says, the version to be spoken: 1.41, or the oldest that the
// engine still speaks where that is newer; empty = the engine's own.
std::string ChooseVersion(const json::Value& version);
// What an answer's status and body come to.
Result<json::Value> ReadAnswer(int status, std::string_view body);

}  // namespace nscp::check_docker
