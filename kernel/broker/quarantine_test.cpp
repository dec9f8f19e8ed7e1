#include "kernel/broker/quarantine.h"

#include <doctest/doctest.h>

namespace nscp::kernel {
namespace {

using Verdict = Quarantine::Verdict;
const auto kStart = Quarantine::Clock::time_point{} + std::chrono::hours(10);

TEST_CASE("three proofs within an hour quarantine a call, and the hour ends it") {
  Quarantine quarantine;
  for (int i = 0; i < Quarantine::kProofs; ++i) {
    CHECK(quarantine.Judge("bad", kStart) != Verdict::kQuarantined);
    quarantine.Died({"bad", "innocent"}, "bad", kStart + std::chrono::minutes(i));
  }
  CHECK(quarantine.Judge("bad", kStart + std::chrono::minutes(3)) ==
        Verdict::kQuarantined);
  CHECK(quarantine.Judge("innocent", kStart + std::chrono::minutes(3)) == Verdict::kRun);
  CHECK(quarantine.Left("bad", kStart + std::chrono::minutes(30)) ==
        std::chrono::minutes(30));
  CHECK(quarantine.Judge("bad", kStart + std::chrono::minutes(61)) !=
        Verdict::kQuarantined);
}

TEST_CASE("without proof all are suspects, and a suspect of two deaths runs alone") {
  Quarantine quarantine;
  quarantine.Died({"a", "b"}, "", kStart);
  CHECK(quarantine.Judge("a", kStart) == Verdict::kRun);
  quarantine.Died({"a", "c"}, "", kStart);
  CHECK(quarantine.Judge("a", kStart) == Verdict::kRunAlone);
  CHECK(quarantine.Judge("b", kStart) == Verdict::kRun);
  for (int i = 0; i < 20; ++i) quarantine.Died({"a"}, "", kStart);
  CHECK(quarantine.Judge("a", kStart) ==
        Verdict::kRunAlone);  // suspicion alone is no proof
  CHECK(quarantine.Judge("a", kStart + std::chrono::hours(1)) == Verdict::kRun);
}

TEST_CASE("a call is its module, command and arguments, and no argument is kept") {
  const auto key = Quarantine::Key("m", "c", {"secret", "x"});
  CHECK(key.find("secret") == std::string::npos);
  CHECK(key != Quarantine::Key("m", "c", {"x", "secret"}));
  CHECK(key != Quarantine::Key("m", "d", {"secret", "x"}));
  CHECK(key == Quarantine::Key("m", "c", {"secret", "x"}));
}

TEST_CASE("memory of deaths is bounded") {
  Quarantine quarantine;
  for (size_t i = 0; i < Quarantine::kMaxRemembered + 500; ++i) {
    const auto now = kStart + std::chrono::milliseconds(i);
    quarantine.Died({std::to_string(i)}, "", now);
    quarantine.Died({std::to_string(i)}, "", now);
  }
  CHECK(quarantine.Judge("0", kStart) == Verdict::kRun);  // the oldest is forgotten
  CHECK(quarantine.Judge(std::to_string(Quarantine::kMaxRemembered + 499), kStart) ==
        Verdict::kRunAlone);
}

}  // namespace
}  // namespace nscp::kernel
