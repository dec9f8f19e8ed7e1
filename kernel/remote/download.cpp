// Downloads by nscp-fetch, one process each.
#include "kernel/remote/remote_stores.h"
#include "kernel/supervisor/run_program.h"
#include "proto/cpp/text.h"
#include "proto/cpp/utf8.h"

namespace nscp::kernel {
namespace {

// Beyond what the program gives itself.
constexpr std::chrono::milliseconds kStartAndEnd{5000};
// Far more than an answer of the largest size takes.
constexpr uint64_t kMemory = 512 * 1024 * 1024;
constexpr size_t kMaxReason = 2000;
constexpr size_t kSumDigits = 64;

}  // namespace

Downloader DownloadByProgram(const PathTokens& tokens, std::function<bool()> cancelled) {
  ProgramRun run;
  run.launch_program = tokens.Program("nscp-launch");
  run.program = tokens.Program("nscp-fetch");
  run.limits.data_bytes = kMemory;
  run.cancelled = std::move(cancelled);
  return [run](const fetch::FetchRequest& request, const std::string& file) -> Status {
    ProgramRun mine = run;
    mine.line = fetch::EncodeRequest(request, file);
    mine.limit = request.timeout + kStartAndEnd;
    ASSIGN_OR_RETURN(const ProgramEnd end, RunProgram(mine));
    // The sum it prints counts: a supervisor beside us may have reaped the process, and
    // its exit code with it.
    if (end.code.value_or(0) == 0 && Trim(end.out).size() == kSumDigits) {
      return Status::Ok();
    }
    const std::string reason(CutUtf8(RepairUtf8(Trim(end.err)), kMaxReason));
    return Status::Unavailable(reason.empty() ? mine.program + " " + end.how : reason);
  };
}

}  // namespace nscp::kernel
