// What is wrong in the settings, as far as the manifests tell: lines that make no sense,
// includes that are missing, paths and keys that nobody knows, values of another type.
// For `nscp settings --check` and the warnings at start. Functions without state; any
// thread. Reads the store's files again for the line numbers.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/settings/descriptions.h"
#include "kernel/settings/settings.h"

namespace nscp::kernel {

// Those beyond are not told.
constexpr size_t kMaxProblems = 100;

// Bytes as in the file; an empty text or 0 is what is not known.
struct SettingsProblem {
  std::string file;
  size_t line = 0;  // from 1
  std::string path;
  std::string key;
  std::string what;
  std::string expected;
  std::string nearest;  // a name that is known
};

// `descriptions` with the instances of this store. A path below an object's, and a key of
// an object, are the user's to name; a module that is not there may be disabled.
std::vector<SettingsProblem> FindProblems(const Settings& settings,
                                          const Descriptions& descriptions);
// In one line: `<file>:<line>: [<path>] "<key>": <what>; expected ...; nearest ...`. No
// value: it may be a secret.
std::string ProblemText(const SettingsProblem& problem);

// The name with the fewest letters to change or to swap, without case; empty where none
// is near (at most a third of the letters, and three). Names longer than 128 bytes are no
// candidates.
std::string NearestName(std::string_view name, const std::vector<std::string>& names);

}  // namespace nscp::kernel
