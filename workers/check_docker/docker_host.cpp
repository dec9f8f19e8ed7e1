#include "workers/check_docker/docker_host.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "proto/cpp/text.h"

namespace nscp::check_docker {

void AddEngineOptions(checks::OptionTable& options, int64_t timeout) {
  options.Text("host", "",
               "Local socket of the container engine.\nBy default endpoint of the "
               "settings: /var/run/docker.sock.");
  options.Integer("timeout", timeout,
                  timeout == 0 ? "Seconds in which the engine must have answered.\nBy "
                                 "default timeout of the settings: 10."
                               : "Seconds in which the engine must have answered");
  if (timeout == 0) options.HideDefault();
}

void AddContainerOption(checks::OptionTable& options) {
  options.List("container", {},
               "Container to look at, by its name or id; may be given several times");
}

Result<std::vector<Container>> ListContainers(const Ask& ask,
                                              const checks::Arguments& arguments,
                                              bool all) {
  const auto& names = arguments.List("container");
  const bool wants_all = all || !names.empty();
  ASSIGN_OR_RETURN(const json::Value list,
                   ask(wants_all ? "/containers/json?all=1" : "/containers/json"));
  ASSIGN_OR_RETURN(std::vector<Container> containers, ParseContainers(list));
  if (names.empty()) return containers;
  std::vector<Container> named;
  std::vector<bool> taken(containers.size());
  for (const std::string& name : names) {
    const auto found = std::find_if(
        containers.begin(), containers.end(),
        [&](const Container& container) { return container.IsCalled(name); });
    if (found == containers.end()) {
      Container missing;
      missing.names = name;
      missing.state = "missing";
      named.push_back(std::move(missing));
      continue;
    }
    const auto place = static_cast<size_t>(found - containers.begin());
    if (!taken[place]) named.push_back(*found);
    taken[place] = true;
  }
  return named;
}

void AskAll(const Ask& ask, const std::vector<std::string>& targets,
            const std::function<bool()>& cancelled,
            const std::function<void(size_t, const Result<json::Value>&)>& take) {
  std::atomic<size_t> next{0};
  const auto work = [&] {
    for (size_t i = next++; i < targets.size(); i = next++) {
      if (cancelled && cancelled()) {
        take(i, Status::Cancelled("nobody waits any more"));
      } else {
        take(i, ask(targets[i]));
      }
    }
  };
  std::vector<std::thread> threads;
  const size_t helpers = std::min(kMaxAtOnce, targets.size());
  for (size_t i = 1; i < helpers; ++i) threads.emplace_back(work);
  work();
  for (std::thread& thread : threads) thread.join();
}

void TellSilent(const Silent& silent, sdk::CheckResult* result) {
  if (silent.empty() || result->lines.empty()) return;
  Silent told(silent.begin(), silent.begin() + static_cast<long>(std::min(
                                                   silent.size(), kMaxToldContainers)));
  if (silent.size() > told.size()) {
    told.push_back(std::to_string(silent.size() - told.size()) + " more");
  }
  std::string& message = result->lines[0].message;
  if (result->state == sdk::State::kOk) {
    result->state = sdk::State::kUnknown;
    if (StartsWith(message, "OK")) message.replace(0, 2, "UNKNOWN");
  }
  message += " (no answer: " + Join(told, "; ") + ")";
}

}  // namespace nscp::check_docker
