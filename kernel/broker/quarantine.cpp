#include "kernel/broker/quarantine.h"

#include <algorithm>
#include <functional>

namespace nscp::kernel {

std::string Quarantine::Key(const std::string& module, const std::string& command,
                            const std::vector<std::string>& arguments) {
  // The arguments may hold secrets: only their hash is kept.
  uint64_t hash = 1469598103934665603ULL;
  for (const std::string& argument : arguments) {
    hash = (hash ^ std::hash<std::string>{}(argument)) * 1099511628211ULL;
  }
  return module + "\n" + command + "\n" + std::to_string(hash);
}

void Quarantine::Died(const std::vector<std::string>& in_flight,
                      const std::string& proven, Clock::time_point now) {
  for (const std::string& key : in_flight) {
    if (!proven.empty() && key != proven) continue;
    Record& record = records_[key];
    ++record.deaths;
    record.last = now;
    if (key == proven) record.proofs.push_back(now);
    while (record.proofs.size() > kProofs) record.proofs.pop_front();
  }
  ForgetOldest(now);
}

Quarantine::Verdict Quarantine::Judge(const std::string& key, Clock::time_point now) {
  const auto found = records_.find(key);
  if (found == records_.end()) return Verdict::kRun;
  Record& record = found->second;
  while (!record.proofs.empty() && now - record.proofs.front() >= kWindow) {
    record.proofs.pop_front();
  }
  if (record.proofs.size() >= kProofs) return Verdict::kQuarantined;
  if (now - record.last >= kWindow) {
    records_.erase(found);
    return Verdict::kRun;
  }
  return record.deaths >= kDeathsBeforeAlone ? Verdict::kRunAlone : Verdict::kRun;
}

std::chrono::seconds Quarantine::Left(const std::string& key,
                                      Clock::time_point now) const {
  const auto found = records_.find(key);
  if (found == records_.end() || found->second.proofs.empty())
    return std::chrono::seconds(0);
  return std::chrono::duration_cast<std::chrono::seconds>(found->second.proofs.front() +
                                                          kWindow - now);
}

void Quarantine::ForgetOldest(Clock::time_point now) {
  for (auto it = records_.begin(); it != records_.end();) {
    it = now - it->second.last >= kWindow ? records_.erase(it) : std::next(it);
  }
  while (records_.size() > kMaxRemembered) {
    records_.erase(std::min_element(
        records_.begin(), records_.end(),
        [](const auto& a, const auto& b) { return a.second.last < b.second.last; }));
  }
}

}  // namespace nscp::kernel
