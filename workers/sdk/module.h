// What a module's own code is written against: implement Module, hand it to RunModule
// (workers/sdk/run.h), and the SDK does the rest: birth, lifeline, tokens, health, the
// pool, deadlines, draining, the way back into the kernel. No gRPC and no generated
// message here.
//
// Threads: Start, Reload and Stop are called one at a time, never beside each other.
// All others are called from the pool, several at once, also while Reload
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

// A passive result on its way to a channel. Texts are bytes and need not be UTF-8.
struct Submission {
  // Going out: several names, comma separated. Coming in: the one that was listened to.
  std::string channel;
  CheckResult result;  // its command is the service's name where there is no alias
  std::string alias;   // the service's name, where it differs from the command
  std::string source;  // the host that it is about; empty = this one
  std::string target;  // which targets of the sender, comma separated
};

struct SubmitAnswer {
  bool accepted = false;
  std::string message;
};

// Something that happened, such as "system.cpu:alias" (its name must be UTF-8).
struct Event {
  std::string name;
  std::vector<std::pair<std::string, std::string>> data;  // unique keys, UTF-8
  int64_t time_ms = 0;                                    // since 1970; 0 = now
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
  // Submits a passive result in the name of this call's caller and waits for all who
  // listen. Never fails: what went wrong is a message of an answer that was not accepted.
  virtual SubmitAnswer Submit(const Submission& submission) = 0;
  // Runs a command-line command of one module (its name, or an instance's) likewise.
  virtual ExecAnswer Exec(const std::string& module, const Query& command) {
    return {3, "running " + command.command + " of " + module + ": not possible here"};
  }
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

  // Waits until all modules that the settings enable have started, well or badly. False
  // when that takes longer than `limit` or the module is told to stop.
  virtual bool WaitReady(std::chrono::milliseconds limit) = 0;

  // As Call::Run and Call::Submit, in the module's own name: the manifest needs the
  // grants RUN_QUERIES and SUBMIT. They wait at most `limit`, and end early once the
  // module is told to stop.
  virtual CheckResult Run(const Query& query, std::chrono::milliseconds limit) = 0;
  virtual SubmitAnswer Submit(const Submission& submission,
                              std::chrono::milliseconds limit) = 0;
  // Tells everybody who listens to events; all or none. An event has at most 64 KiB.
  virtual Status Emit(const std::vector<Event>& events) = 0;

  // What outlives this process and the agent, of this instance alone: a context is a
  // drawer of keys. Each Store is on disk when it returns, so call it seldom; an empty
  // value removes the key. Bounds: kernel/storage (1 MiB a value, 4 MiB in all).
  virtual Status Store(const std::string& context, const std::string& key,
                       const std::string& value) = 0;
  virtual Result<std::map<std::string, std::string>> Stored(
      const std::string& context) = 0;
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
  // A passive result for a channel that the manifest names or SetNames added.
  virtual SubmitAnswer OnSubmit(const Submission& submission, Call&) {
    return {false, "nothing listens to the channel " + submission.channel + " here"};
  }
  // Events that match a pattern of the manifest, oldest first, one call at a time. Who is
  // slow loses the oldest.
  virtual void OnEvents(const std::vector<Event>&) {}
  // All figures of the agent, after each round of collecting, of a module whose manifest
  // has `consumesMetrics`. One call at a time; a round that comes meanwhile is lost.
  virtual void OnAllMetrics(const std::vector<Metric>&) {}
  // The module's figures as they are now; at most 20000 are kept. Asked every `metrics
  // interval` of a module whose manifest has `producesMetrics`, never twice at a time.
  // What takes longer than until `deadline` is lost.
  virtual std::vector<Metric> OnMetrics(std::chrono::steady_clock::time_point) {
    return {};
  }
};

}  // namespace nscp::sdk
