#include "workers/check_log_file/tail.h"

#include <algorithm>

#include "workers/check_log_file/lines.h"

namespace nscp::check_log_file {
namespace {

constexpr char kLineEnd[] = "\n";

// A file that is not there is no error here: it may come.
Status UnlessMissing(const Status& status) {
  return status.code() == Code::kNotFound ? Status::Ok() : status;
}

}  // namespace

Status Tail::Open() {
  auto file = OpenLogFile(path_);
  if (!file.ok()) return file.status();
  ASSIGN_OR_RETURN(const FileState state, (*file)->State());
  file_ = std::move(file).value();
  identity_ = state.identity;
  position_ = Position();
  seen_ = 0;
  seen_written_ = -1;
  return Status::Ok();
}

bool Tail::IsUnchanged(const FileState& state) const {
  return state.size == seen_ && state.written == seen_written_;
}

void Tail::Remember(const FileState& state) {
  seen_ = state.size;
  seen_written_ = state.written;
}

Status Tail::SkipToEnd() {
  const Status opened = Open();
  if (!opened.ok()) return UnlessMissing(opened);
  ASSIGN_OR_RETURN(const FileState state, file_->State());
  Remember(state);
  if (entire_) return Status::Ok();
  // A line longer than this that has no end yet is given from there on.
  const uint64_t from = state.size - std::min<uint64_t>(state.size, kMaxLine);
  char last = '\n';
  if (state.size > 0) {
    RETURN_IF_ERROR(file_->ReadAt(state.size - 1, &last, 1).status());
  }
  uint64_t offset = state.size;
  if (last != '\n') {
    ASSIGN_OR_RETURN(offset, StartOfLast(*file_, {from, state.size}, kLineEnd, 1, {}));
  }
  ASSIGN_OR_RETURN(position_, MakePosition(*file_, state.size, offset));
  return Status::Ok();
}

// The lines between two places, and where the next one begins.
Result<uint64_t> Tail::Give(uint64_t from, uint64_t to, bool with_last, const Take& take,
                            bool& stopped) const {
  std::vector<std::string> batch;
  size_t bytes = 0;
  uint64_t given = from;
  uint64_t next = from;
  const auto flush = [&] {
    if (!batch.empty()) stopped = !take(batch);
    batch.clear();
    bytes = 0;
    given = next;
    return !stopped;
  };
  const auto read = ReadLines(*file_, {from, to}, kLineEnd, {}, [&](const Line& line) {
    if (!line.complete && !with_last) return false;
    next = line.next;
    if (!line.text.empty()) {
      batch.emplace_back(line.text);
      bytes += line.text.size();
    }
    const bool full = batch.size() >= kMaxBatchLines || bytes >= kMaxBatchBytes;
    return !full || flush();
  });
  RETURN_IF_ERROR(read.status());
  if (!stopped) flush();
  return given;
}

Status Tail::ReadOpen(const Take& take, bool& stopped) {
  ASSIGN_OR_RETURN(const FileState state, file_->State());
  if (IsUnchanged(state)) return Status::Ok();
  if (entire_) {
    Remember(state);
    return Give(0, state.size, true, take, stopped).status();
  }
  ASSIGN_OR_RETURN(const uint64_t from, ResumeAt(position_, *file_, state.size));
  ASSIGN_OR_RETURN(const uint64_t next, Give(from, state.size, false, take, stopped));
  ASSIGN_OR_RETURN(position_, MakePosition(*file_, state.size, next));
  if (!stopped) Remember(state);
  return Status::Ok();
}

Status Tail::Read(const Take& take) {
  bool stopped = false;
  if (file_ != nullptr) RETURN_IF_ERROR(ReadOpen(take, stopped));
  if (stopped) return Status::Ok();
  const auto named = LookAtFile(path_);
  if (!named.ok()) {
    if (named.status().code() == Code::kNotFound) file_.reset();
    return UnlessMissing(named.status());
  }
  if (file_ != nullptr && named->identity == identity_) return Status::Ok();
  const Status opened = Open();
  if (!opened.ok()) return UnlessMissing(opened);
  return ReadOpen(take, stopped);
}

}  // namespace nscp::check_log_file
