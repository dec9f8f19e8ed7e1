// What a module's own code is written against: implement Module, hand it to RunModule
// (workers/sdk/run.h), and the SDK does the rest: birth, lifeline, tokens, health, the
// pool, deadlines, draining, the way back into the kernel. No gRPC and no generated
// message here.
//
// Threads: Start, Reload and Stop are called one at a time, never beside each other.
// Query, Exec and OnMetrics are called from the pool, several at once, also while Reload
// runs. A Module outlives every call made to it.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/cpp/status.h"
#include "workers/sdk/check_result.h"
#include "workers/sdk/metric.h"

namespace nscp::sdk {

// true, yes, on, 1, enabled and their contraries, in any case; all else is `otherwise`.
bool ParseBool(std::string_view word, bool otherwise);

// The effective settings that a start or a reload handed over: parents, includes, path
// tokens and the manifest's defaults are resolved by the kernel. A snapshot: it never
// changes. Paths and keys are compared without case.
class Settings {
 public:
  struct Entry {
    std::string path;
    std::string key;
    std::string value;
  };

  Settings() = default;
  explicit Settings(std::vector<Entry> entries);

  // The value, else the manifest's default, else nothing.
  std::optional<std::string> Find(std::string_view path, std::string_view key) const;
  std::string Get(std::string_view path, std::string_view key,
                  std::string_view otherwise = "") const;
  bool GetBool(std::string_view path, std::string_view key, bool otherwise) const;
  // A value that is no whole number gives `otherwise`.
  int64_t GetInt(std::string_view path, std::string_view key, int64_t otherwise) const;
  // Keys that have a value directly under `path`, in the file's order.
  std::vector<Entry> Keys(std::string_view path) const;
  // Names of the sections directly below `path`, in the file's order.
  std::vector<std::string> Sections(std::string_view path) const;
  const std::vector<Entry>& all() const { return entries_; }

 private:
  std::vector<Entry> entries_;
  std::map<std::string, size_t> index_;  // lower-cased "path\nkey" -> place in entries_
};

struct Query {
  std::string command;  // lower case
  std::vector<std::string> arguments;
};

struct ExecAnswer {
  int code = 0;  // exit code: 0 OK, 1 unknown command, 3 failed
  std::string output;
};

// One call from the kernel into the module, and the module's way back. Lives as long as
// the call.
class Call {
 public:
  virtual ~Call() = default;

  // Who asked, such as "WEBServer:admin"; the kernel's word. May be empty.
  virtual const std::string& principal() const = 0;
  virtual const std::string& request_id() const = 0;
  virtual std::chrono::steady_clock::time_point deadline() const = 0;
  // True once the caller is gone or the deadline has passed: stop and return, nobody
  // reads it.
  virtual bool cancelled() const = 0;

  // Runs a query in the name of this call's caller and waits for it: identity, request
  // id, depth and the remaining time come from the kernel. `limit` can only shorten the
  // deadline. Never fails: what went wrong is an UNKNOWN result that says so.
  virtual CheckResult Run(const Query& query,
                          std::optional<std::chrono::milliseconds> limit = {}) = 0;
  // Submits a passive result to one channel.
  virtual Status Submit(const std::string& channel, const CheckResult& result) = 0;
};

enum class LogLevel { kCritical, kError, kWarning, kInfo, kDebug, kTrace };

// The module's way into the kernel outside of a call. Any thread, from Start until Stop
// returns.
class Host {
 public:
  virtual ~Host() = default;

  virtual void Log(LogLevel level, std::string_view message) = 0;
  // Names added at run time; the manifest must have a `dynamic` class for them.
  struct DynamicName {
    enum class Kind { kQuery, kAlias, kExec, kChannel } kind = Kind::kQuery;
    std::string name;
    std::string description;
    std::string target;  // alias: the command it stands for
  };
  // The whole set of the module's dynamic names; replaces the last one.
  virtual Status SetNames(std::vector<DynamicName> names) = 0;
  virtual Result<std::string> ExpandPath(const std::string& path) = 0;
  // Writes keys into the agent's settings and saves them; an empty value removes a key
  // that is there. The module's own snapshot stays as it is until a reload. Every entry
  // or none; the error says what could not be written.
  virtual Status SaveSettings(const std::vector<Settings::Entry>& entries) = 0;
  // Sets a host tag; an empty value removes it.
  virtual Status SetTag(const std::string& name, const std::string& value) = 0;
};

struct StartContext {
  Host* host = nullptr;  // outlives the module
  Settings settings;
  std::string module;   // "CheckSystem"
  std::string alias;    // empty without one
  std::string version;  // of the agent
  // Register names, but open no listener and start no collector: a command line call only
  // needs to ask (docs/architecture.md, "Command line").
  bool no_start = false;
};

class Module {
 public:
  virtual ~Module() = default;

  // An error refuses the start with its message; the kernel does not try again by itself.
  virtual Status Start(const StartContext& context) = 0;
  virtual Status Reload(const Settings&) { return Status::Ok(); }
  // Take nothing new from outside (a listener stops accepting) and let what runs end;
  // called before Stop, and waited for at most `limit`.
  virtual void Drain(std::chrono::milliseconds) {}
  // Stop threads and close what is open. Calls still running are over when it is called.
  virtual void Stop() {}

  virtual CheckResult OnQuery(const Query& query, Call& call) = 0;
  virtual ExecAnswer OnExec(const Query& command, Call&) {
    return {1, "Command not found: " + command.command};
  }
  // The module's figures as they are now; at most 20000 are kept. Asked every `metrics
  // interval` of a module whose manifest has `producesMetrics`, never twice at a time.
  // What takes longer than until `deadline` is lost.
  virtual std::vector<Metric> OnMetrics(std::chrono::steady_clock::time_point) {
    return {};
  }
};

}  // namespace nscp::sdk
