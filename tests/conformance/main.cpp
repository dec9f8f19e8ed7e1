// The conformance kit's program: runs the rules, prints one line for each.
#include <grpc/grpc.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <thread>

#include "proto/cpp/text.h"
#include "proto/cpp/utf8.h"
#include "tests/conformance/rules.h"

namespace nscp::conformance {
namespace {

constexpr int kAllKept = 0;
constexpr int kBroken = 1;
constexpr int kUsageError = 64;

struct Verdict {
  Rule rule;
  Status status;
  std::chrono::duration<double> took{0};
  bool skipped() const { return status.code() == Code::kUnimplemented; }
  bool failed() const { return !status.ok() && !skipped(); }
};

std::vector<Verdict> Wanted(const Plan& plan) {
  std::vector<Verdict> verdicts;
  for (const auto& rules : {LifeRules(), CallRules(), DataRules()}) {
    for (const Rule& rule : rules) {
      const auto& only = plan.only;
      const bool wanted =
          only.empty() || std::find(only.begin(), only.end(), rule.name) != only.end();
      if (wanted) verdicts.push_back({rule, {}, {}});
    }
  }
  return verdicts;
}

// Those whose `needs` is this, at most plan.jobs at a time, each on a thread of its own.
void Run(const Plan& plan, Needs needs, std::vector<Verdict>& verdicts) {
  std::atomic<size_t> next{0};
  std::vector<std::thread> threads;
  for (size_t i = 0; i < std::min(plan.jobs, verdicts.size()); ++i) {
    threads.emplace_back([&] {
      for (size_t at = next++; at < verdicts.size(); at = next++) {
        Verdict& verdict = verdicts[at];
        if (verdict.rule.needs != needs) continue;
        const auto begin = std::chrono::steady_clock::now();
        verdict.status = verdict.rule.run(plan);
        verdict.took = std::chrono::steady_clock::now() - begin;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

void Skip(Needs needs, const char* why, std::vector<Verdict>& verdicts) {
  for (Verdict& verdict : verdicts) {
    if (verdict.rule.needs == needs) verdict.status = Status::Unimplemented(why);
  }
}

bool AllKept(Needs needs, const std::vector<Verdict>& verdicts) {
  for (const Verdict& verdict : verdicts) {
    if (verdict.rule.needs == needs && !verdict.status.ok()) return false;
  }
  return true;
}

// A worker that does not attach or start can't be held to the rest.
void RunInOrder(const Plan& plan, std::vector<Verdict>& verdicts) {
  Run(plan, Needs::kNothing, verdicts);
  bool lives = AllKept(Needs::kNothing, verdicts);
  if (lives) Run(plan, Needs::kAttach, verdicts);
  lives = lives && AllKept(Needs::kAttach, verdicts);
  if (lives) return Run(plan, Needs::kStart, verdicts);
  if (!AllKept(Needs::kNothing, verdicts)) {
    Skip(Needs::kAttach, "it did not attach as it should", verdicts);
  }
  Skip(Needs::kStart, "it did not attach and start as it should", verdicts);
}

int Report(const Plan& plan, const std::vector<Verdict>& verdicts) {
  size_t failed = 0;
  size_t skipped = 0;
  for (const Verdict& verdict : verdicts) {
    const char* word = "ok     ";
    if (verdict.failed()) word = "FAILED ";
    if (verdict.skipped()) word = "skipped";
    failed += verdict.failed() ? 1 : 0;
    skipped += verdict.skipped() ? 1 : 0;
    const std::string text =
        verdict.status.ok() ? std::string(verdict.rule.promise)
                            : ReplaceAll(RepairUtf8(verdict.status.message()), "\n", " ");
    std::printf("%s %-20s %5.1f s  %s\n", word, verdict.rule.name, verdict.took.count(),
                text.c_str());
  }
  std::printf("%s: %zu ok, %zu failed, %zu skipped\n", plan.manifest.name().c_str(),
              verdicts.size() - failed - skipped, failed, skipped);
  return failed == 0 ? kAllKept : kBroken;
}

int Main(const std::vector<std::string>& arguments) {
  bool usage = false;
  const auto plan = ReadPlan(arguments, &usage);
  if (usage) {
    std::fputs(kUsage, stdout);
    return kAllKept;
  }
  if (!plan.ok()) {
    std::fprintf(stderr, "conformance: %s\n", plan.status().message().c_str());
    return kUsageError;
  }
  std::vector<Verdict> verdicts = Wanted(*plan);
  if (verdicts.empty()) {
    std::fprintf(stderr, "conformance: there is no rule of that name\n");
    return kUsageError;
  }
  // For good: gRPC's own end between two rules may wait 10 s for a poller of its own.
  grpc_init();
  RunInOrder(*plan, verdicts);
  return Report(*plan, verdicts);
}

}  // namespace
}  // namespace nscp::conformance

int main(int argc, char** argv) {
  return nscp::conformance::Main(std::vector<std::string>(argv + 1, argv + argc));
}
