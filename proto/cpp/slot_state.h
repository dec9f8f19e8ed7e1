// The state of a module's slot as the word that people and JSON get. Any thread.
#pragma once

#include <string>

#include "nscp/v1/modules.pb.h"
#include "proto/cpp/text.h"

namespace nscp {

// "running"; "unknown" for what a newer kernel may say.
inline std::string SlotStateWord(v1::SlotState state) {
  const std::string name = v1::SlotState_Name(state);
  return name.empty() ? "unknown" : ToLowerAscii(name);
}

}  // namespace nscp
