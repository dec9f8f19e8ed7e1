// What the kit is told about one worker: its manifest, where its program is, and which of
// its commands take long, ask the kernel back or answer much. A value; read-only once the
// rules run.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "nscp/v1/manifest.pb.h"
#include "nscp/v1/worker.pb.h"
#include "proto/cpp/status.h"

namespace nscp::conformance {

// Commands that the played kernel answers when a worker asks it back.
constexpr char kAnswers[] = "conformance_answers";  // OK, at once
constexpr char kHangs[] = "conformance_hangs";      // no answer until it is let go
constexpr char kTalks[] = "conformance_talks";      // more than a worker may answer

struct Command {
  std::string name;
  std::vector<std::string> arguments;
};

struct Setting {
  std::string path;
  std::string key;
  std::string value;
};

struct Plan {
  v1::Manifest manifest;
  std::string program;                 // absolute
  std::optional<Command> nested_form;  // an argument holds kCommandMark
  std::optional<Command> slow_form;
  std::optional<Command> large_form;
  std::vector<Setting> settings;
  std::optional<Setting> refused;  // a setting that no start may accept
  std::chrono::milliseconds start_limit{10000};
  std::vector<std::string> only;  // names of rules; empty = all
  size_t jobs = 8;                // rules at once

  // The command that has the kernel run `inner` for it.
  std::optional<Command> Nested(const std::string& inner) const;
  // One that takes longer than any rule waits, by itself or because the kernel does.
  std::optional<Command> Slow() const;
  // One whose full answer is larger than a worker may give.
  std::optional<Command> Large() const;
};

// Stands for the inner command in the argument of --nested.
constexpr char kCommandMark[] = "{command}";

// Reads the command line (without the program's name). `usage` is set when the user asked
// for it.
Result<Plan> ReadPlan(const std::vector<std::string>& arguments, bool* usage);

// The settings as the kernel would resolve them: --set over the manifest's defaults, path
// tokens in `folder`.
Result<std::vector<v1::EffectiveSetting>> ResolveSettings(const Plan& plan,
                                                          const std::string& folder);

extern const char kUsage[];

}  // namespace nscp::conformance
