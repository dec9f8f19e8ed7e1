#include "workers/check_disk/silent_drives.h"

#include "proto/cpp/text.h"

namespace nscp::check_disk {

void TellSilence(const std::vector<Status>& silent, sdk::CheckResult& result) {
  if (silent.empty() || result.lines.empty()) return;
  std::vector<std::string> texts;
  for (const Status& status : silent) texts.push_back(status.message());
  std::string& message = result.lines[0].message;
  if (result.state == sdk::State::kOk) {
    result.state = sdk::State::kUnknown;
    message = "UNKNOWN: ";
  } else if (!message.empty()) {
    message += ", ";
  }
  message += Join(texts, ", ");
}

}  // namespace nscp::check_disk
