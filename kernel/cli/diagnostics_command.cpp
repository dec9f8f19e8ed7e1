#include "kernel/cli/diagnostics_command.h"

#include <array>
#include <chrono>
#include <ctime>

#include "kernel/cli/diagnostics.h"
#include "kernel/cli/live_call.h"
#include "kernel/cli/new_file.h"
#include "kernel/output/json.h"
#include "kernel/output/progress.h"
#include "kernel/output/visible.h"
#include "kernel/telemetry/log_sink.h"
#include "nscp/version.h"

namespace nscp::kernel {
namespace {

std::string LocalNow(const char* format) {
  const std::time_t now =
      std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm parts{};
  std::array<char, 64> text{};
  if (!ToLocalTime(now, &parts)) return std::to_string(now);
  return {text.data(), std::strftime(text.data(), text.size(), format, &parts)};
}

std::string Introduction(const Diagnostics& found) {
  std::string text = "Diagnostics of nscp " + std::string(kVersionText) + ", made " +
                     LocalNow("%Y-%m-%d %H:%M:%S %z") +
                     "\n\n"
                     "versions.json         the agent, its libraries, its modules, the "
                     "system\n"
                     "status.json           each module's state and how its processes "
                     "ended\n"
                     "settings.txt          the settings as they stand in the store\n"
                     "settings-running.txt  the settings that the agent works with\n"
                     "problems.json         what nscp settings --check says of them\n"
                     "log.txt               the last lines of the log\n"
                     "metrics.json          the agent's last figures\n\n"
                     "Secret settings, and words that look like secrets, are replaced by "
                     "***. Look\nthrough the files before you give them away.\n";
  for (const std::string& note : found.notes) text += "\nMissing: " + note + "\n";
  return text;
}

Status Write(const std::string& path, Diagnostics found) {
  found.files.insert(found.files.begin(),
                     {"nscp-diagnostics/README.txt", Introduction(found), false});
  ASSIGN_OR_RETURN(const std::string zip, WriteArchive(found.files, kDiagnosticsLimits));
  return WriteNewFile(path, zip);
}

void Report(const std::string& path, const Diagnostics& found, bool json,
            Terminal& terminal) {
  if (json) {
    JsonWriter out;
    out.BeginObject().Key("file").Text(path).Key("notes").BeginArray();
    for (const std::string& note : found.notes) out.Text(note);
    terminal.Print(out.EndArray().EndObject().text() + "\n");
    return;
  }
  for (const std::string& note : found.notes) {
    terminal.PrintError("nscp diagnostics: " + Visible(note) + "\n");
  }
  terminal.Print(Visible(path) + "\n");
}

}  // namespace

const OptionGroup& DiagnosticsOptions() {
  static const OptionGroup kGroup = {
      "Diagnostics options",
      {
          {"file", 0, Takes::kValue, "file",
           "The archive to make (nscp-diagnostics-<time>.zip here)"},
          OutputOption(),
      }};
  return kGroup;
}

int RunDiagnostics(const Invocation& invocation, Terminal& terminal) {
  const auto call = BeginLive(invocation, DiagnosticsOptions(), Words::kNone, terminal);
  if (!call) return kWrongCommandLine;
  std::string path = call->begun.given.Last("file");
  if (path.empty()) path = LocalNow("nscp-diagnostics-%Y%m%d-%H%M%S.zip");
  Diagnostics found;
  Status written;
  {
    const Progress progress(terminal.screen(), "gathering diagnostics");
    found = GatherDiagnostics(call->begun.common);
    written = Write(path, found);
  }
  if (!written.ok()) return FailLive(call->context, written, terminal);
  Report(path, found, call->json, terminal);
  return 0;
}

}  // namespace nscp::kernel
