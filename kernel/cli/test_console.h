// The lines that are typed into `nscp test`: each is answered through the kernel, and
// what is printed has the shape of log lines of "cli". One thread. Source: the command
// line's specification A.8.
#pragma once

#include <string>
#include <vector>

#include "kernel/cli/terminal.h"
#include "proto/cpp/kernel_client.h"

namespace nscp::kernel {

class TestConsole {
 public:
  // Both outlive it.
  TestConsole(KernelClient& client, Terminal& terminal)
      : client_(client), terminal_(terminal) {}

  // False when the line asked to leave.
  bool Handle(const std::string& line);

 private:
  using Words = std::vector<std::string>;
  struct Command {
    const char* name;
    const char* usage;
    void (TestConsole::*run)(const Words& words);  // null: `exit`
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
  void Say(const std::string& text);

  KernelClient& client_;
  Terminal& terminal_;
};

}  // namespace nscp::kernel
