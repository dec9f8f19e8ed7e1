// A program that saves the settings again and again and is killed at random moments: what
// it had said to be saved is there, and the file is whole, every time.
#include <chrono>
#include <csignal>
#include <cstdint>
#include <random>
#include <string>
#include <thread>

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/settings/settings_testing.h"

namespace nscp::kernel {
namespace {

using namespace settings_testing;

constexpr uint32_t kSaves = 1000;
constexpr uint32_t kKeys = 50;  // written in turn
constexpr uint32_t kSeed = 20261122;
// A child that saves this much without being killed ends by itself.
constexpr uint32_t kMostInOneLife = 5000;

// The file after `saves` saves, as this test counts them: the program has no part in it.
std::string FileAfter(uint32_t saves) {
  std::string text = "; " + std::string(20000, 'x') + "\n[/a]\n";
  for (uint32_t key = 0; key < kKeys; ++key) {
    uint32_t last = 0;
    if (saves > key) last = key + 1 + (saves - key - 1) / kKeys * kKeys;
    text += "key " + std::to_string(key) + " = " + std::to_string(last) + "\n";
  }
  return text + "[/b]\nlast line = of the file\n";
}

// In the child: tells each save's number once it is acknowledged.
[[noreturn]] void SaveForEver(const std::string& file, uint32_t from, int report) {
  SettingsOptions options{file, PathTokens("/x", {}), {}, {}, {}};
  const auto settings = Settings::Open(std::move(options), kKnown);
  if (!settings.ok()) _exit(1);
  for (uint32_t save = from + 1; save < from + kMostInOneLife; ++save) {
    v1::UpdateSettingsRequest request;
    auto* entry = request.add_entries();
    entry->set_path("/a");
    entry->set_key("key " + std::to_string((save - 1) % kKeys));
    entry->set_value(std::to_string(save));
    request.set_persist(save % 2 == 0);
    bool saved = (*settings)->Update(request).ok();
    if (!request.persist()) saved = saved && (*settings)->Save().ok();
    if (!saved || write(report, &save, sizeof save) != sizeof save) _exit(1);
  }
  _exit(0);
}

struct Life {
  uint32_t acknowledged = 0;
  bool killed = false;
};

// One child from its start until it is killed, some time after its first save.
Life LiveAndDie(const std::string& file, uint32_t from, std::chrono::microseconds after) {
  int report[2];
  REQUIRE(pipe(report) == 0);
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    close(report[0]);
    SaveForEver(file, from, report[1]);
  }
  close(report[1]);
  Life life;
  life.acknowledged = from;
  REQUIRE(read(report[0], &life.acknowledged, sizeof life.acknowledged) ==
          sizeof life.acknowledged);
  const auto end = std::chrono::steady_clock::now() + after;
  while (std::chrono::steady_clock::now() < end) std::this_thread::yield();
  kill(child, SIGKILL);
  while (read(report[0], &life.acknowledged, sizeof life.acknowledged) ==
         sizeof life.acknowledged) {
  }
  close(report[0]);
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  life.killed = WIFSIGNALED(status);
  return life;
}

size_t FilesIn(const std::string& folder) {
  size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    count += entry.exists();
  }
  return count;
}

TEST_CASE(
    "a program killed while it saves loses no acknowledged save and tears no file") {
  CAPTURE(kSeed);
  std::mt19937 random(kSeed);
  const TempFolder temp;
  const std::string file = temp.Write("x.ini", FileAfter(0));
  uint32_t saved = 0, acknowledged = 0, kills = 0, mid_save = 0;
  while (acknowledged < kSaves) {
    const auto after = std::chrono::microseconds(random() % 20000);
    const Life life = LiveAndDie(file, saved, after);
    REQUIRE(life.killed);
    ++kills;
    acknowledged += life.acknowledged - saved;
    const std::string found = temp.Read("x.ini");
    // The save that was under way may have happened: nobody was told of it.
    const bool one_more = found == FileAfter(life.acknowledged + 1);
    const bool whole = one_more || found == FileAfter(life.acknowledged);
    REQUIRE_MESSAGE(whole, "after save " << life.acknowledged << ": " << found);
    mid_save += one_more || FilesIn(temp.path()) > 1;
    saved = life.acknowledged + (one_more ? 1 : 0);
  }
  MESSAGE(acknowledged << " acknowledged saves, " << kills << " kills, " << mid_save
                       << " of them seen amid a save; none lost, no file torn");
  // What the killed ones left lying goes with the next save.
  REQUIRE(Set(*Open(file), "/a", "key 0", "the end", true).ok());
  CHECK(FilesIn(temp.path()) == 1);
}

}  // namespace
}  // namespace nscp::kernel
