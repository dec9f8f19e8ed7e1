// The lines that are typed into `nscp test` or sent to POST /console/exec: each is
// answered through the kernel's own services. One thread for each object. Source: the
// command line's specification A.8, corrections 49 and 50.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "kernel/console/limits.h"
#include "proto/cpp/kernel_client.h"

namespace nscp::kernel {

// Whose lines they are in the log.
constexpr char kConsoleSender[] = "cli";
// A longer line is refused.
constexpr size_t kMaxConsoleLine = 16 * 1024;

class Console {
 public:
  // Who asks: goes with everything that a line asks of the kernel.
  struct Asker {
    v1::Caller caller;
    std::string request_id;
    Cancellation* cancellation = nullptr;  // not owned; null = nobody takes a line back
  };
  // Gets the answers, one line each and without its end.
  using SayLine = std::function<void(const std::string& line)>;

  // `client` outlives it.
  Console(KernelClient& client, Asker asker, SayLine say)
      : client_(client), asker_(std::move(asker)), say_(std::move(say)) {}

  // What a line may begin with besides a check.
  static std::vector<std::string> CommandWords();

  // Any bytes; blocks as long as what they ask for. False when the line asked to leave.
  bool Handle(const std::string& line);

 private:
  using Words = std::vector<std::string>;
  struct Command {
    const char* name;
    const char* usage;
    void (Console::*run)(const Words& words);  // null: `exit`
  };
  static const std::vector<Command>& Commands();

  void Help(const Words&);
  void Queries(const Words&);
  void Aliases(const Words&);
  void List(const Words&);
  void Plugins(const Words&);
  void Describe(const Words&);
  void Load(const Words&);
  void Unload(const Words&);
  void Enable(const Words&);
  void Disable(const Words&);
  void Reload(const Words&);
  void Metrics(const Words&);
  void ShowSettings(const Words&);
  void Exec(const Words&);
  void Query(const Words&);

  void PrintNames(const std::vector<v1::NameKind>& kinds);
  void SetEnabled(const Words& words, bool enabled);
  bool NeedsWord(const Words& words, const char* usage);
  void Say(const std::string& text);  // without the line's secrets

  CallOptions Within(std::chrono::milliseconds limit) const;
  v1::ModuleRequest Named(const std::string& module) const;

  KernelClient& client_;
  const Asker asker_;
  const SayLine say_;
  Words secrets_;  // of the line that is being answered
};

}  // namespace nscp::kernel
