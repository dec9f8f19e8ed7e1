#include "workers/check_system/collector_switches.h"

#include <algorithm>
#include <utility>

#include "proto/cpp/text.h"
#include "workers/check_system/settings_root.h"

namespace nscp::check_system {
namespace {

template <class T>
std::function<Result<T>()> Behind(const std::atomic<bool>& is_on, std::string name,
                                  std::function<Result<T>()> read) {
  return [&is_on, name = std::move(name), read = std::move(read)]() -> Result<T> {
    if (is_on) return read();
    return Status::FailedPrecondition("The collector of " + name +
                                      " is switched off (disable in " + SettingsRoot() +
                                      " names it)");
  };
}

}  // namespace

Sources CollectorSwitches::Guard(Sources sources) {
  Sources guarded;
  guarded.cpu = Behind<CpuSample>(
      cpu_, "cpu", [this, read = std::move(sources.cpu)]() -> Result<CpuSample> {
        ASSIGN_OR_RETURN(CpuSample sample, read());
        if (!cores_) sample.cores.clear();
        return sample;
      });
  guarded.memory = Behind(memory_, "memory", std::move(sources.memory));
  guarded.network = Behind(network_, "network", std::move(sources.network));
  guarded.paging = Behind(paging_, "paging", std::move(sources.paging));
  return guarded;
}

std::vector<std::string> CollectorSwitches::Configure(const sdk::Settings& settings) {
  std::pair<const char*, std::atomic<bool>*> switches[] = {
      {"cpu", &cpu_}, {"memory", &memory_}, {"network", &network_}, {"paging", &paging_}};
  std::vector<std::string> words = SplitList(settings.Get(SettingsRoot(), "disable"));
  for (auto& [name, is_on] : switches) {
    const auto names_it = [name = name](const std::string& word) {
      return EqualsIgnoreCase(word, name);
    };
    *is_on = std::none_of(words.begin(), words.end(), names_it);
    words.erase(std::remove_if(words.begin(), words.end(), names_it), words.end());
  }
  cores_ = settings.GetBool(SettingsRoot(), "fetch core loads", true);
  std::vector<std::string> problems;
  for (const std::string& word : words) {
    problems.push_back(SettingsRoot() + ", disable: '" + word +
                       "' is no collector (cpu, memory, network, paging)");
  }
  return problems;
}

}  // namespace nscp::check_system
