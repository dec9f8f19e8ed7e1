// Containers as the engine's answers tell of them. Pure; any thread. Source: Docker
// Engine API 1.41, ContainerList, ContainerInspect, ContainerStats.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "json/value.h"
#include "proto/cpp/status.h"

namespace nscp::check_docker {

struct Container {
  std::string id;
  std::string names;  // without slashes: "web, db/web"
  std::string image;
  std::string image_id;
  std::string command;
  std::string state;    // "running"; "missing" for one that was named and is not there
  std::string status;   // "Up 3 hours (healthy)"
  std::string health;   // "healthy", "unhealthy", "starting"; empty = has no health check
  int64_t created = 0;  // seconds since 1970
  std::string ip;
  std::string ports;   // "0.0.0.0:8080->80/tcp, 443/tcp"
  std::string labels;  // "a=1, b=2"
  std::vector<std::string> all_names;

  // By one of its names, its id or the beginning of that (12 digits at least).
  bool IsCalled(const std::string& name) const;
};

// InvalidArgument for what is no list. An entry without an id is left out: its id becomes
// part of further questions and must be hex.
Result<std::vector<Container>> ParseContainers(const json::Value& list);

struct Details {
  int64_t restart_count = 0;
  std::string state;
  bool oom_killed = false;
  int64_t exit_code = 0;
  int64_t started_at = -1;  // seconds since 1970; -1 = never
};
Result<Details> ParseDetails(const json::Value& inspected);

struct Usage {
  double cpu_percent = 0;   // of one processor: 200 = two are busy
  int64_t memory_used = 0;  // bytes, without the page cache that can be given up
  int64_t memory_limit = 0;
  double MemoryPercent() const;
};
Result<Usage> ParseUsage(const json::Value& stats);

// "2026-11-21T10:00:00.123456789Z" and with "+01:00" (RFC 3339) as seconds since 1970; -1
// for the engine's zero time and for what is no time.
int64_t ParseTime(const std::string& text);

}  // namespace nscp::check_docker
