#include "workers/check_system/process_times.h"

namespace nscp::check_system {

bool Seconds::Fill(ProcessRow& row) const {
  row.user = static_cast<int64_t>(row.process.user_ticks / ticks_per_second_);
  row.kernel = static_cast<int64_t>(row.process.kernel_ticks / ticks_per_second_);
  row.total = row.user + row.kernel;
  return true;
}

Status Shares::TakeFirst(const ProcessSource& source, const ProcessWish& wish) {
  ASSIGN_OR_RETURN(start_, source.TotalTicks());
  return source.ForEach(wish, [this](Process&& process) {
    first_[process.pid] = {process.start_ticks, process.user_ticks, process.kernel_ticks};
    return true;
  });
}

Status Shares::TakeSecond(const ProcessSource& source) {
  ASSIGN_OR_RETURN(const uint64_t end, source.TotalTicks());
  passed_ = end > start_ ? end - start_ : 0;
  return Status::Ok();
}

int64_t Shares::Percent(uint64_t ticks) const {
  return static_cast<int64_t>((100 * ticks + passed_ / 2) / passed_);
}

bool Shares::Fill(ProcessRow& row) const {
  const auto found = first_.find(row.process.pid);
  if (found == first_.end() || passed_ == 0) return false;
  const Ticks& before = found->second;
  const Process& now = row.process;
  const bool same = before.start == now.start_ticks && before.user <= now.user_ticks &&
                    before.kernel <= now.kernel_ticks;
  if (!same) return false;
  const uint64_t user = now.user_ticks - before.user;
  const uint64_t kernel = now.kernel_ticks - before.kernel;
  row.user = Percent(user);
  row.kernel = Percent(kernel);
  row.total = Percent(user + kernel);
  return true;
}

}  // namespace nscp::check_system
