#include "workers/check_log_file/tail.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <filesystem>
#include <fstream>

#include "proto/cpp/text.h"
#include "tests/unit/temp_folder.h"
#include "workers/check_log_file/check_log_file.h"
#include "workers/check_log_file/log_watch.h"
#include "workers/checks/fake_call.h"

namespace nscp::check_log_file {
namespace {

using testing::TempFolder;
namespace fs = std::filesystem;

void Append(const std::string& path, std::string_view text) {
  std::ofstream(path, std::ios::binary | std::ios::app) << text;
}

// What the next look gives, joined.
std::string News(Tail& tail) {
  std::string out;
  const Status read = tail.Read([&](const std::vector<std::string>& lines) {
    out += (out.empty() ? "" : ",") + Join(lines, ",");
    return true;
  });
  CHECK(read.ok());
  return out;
}

TEST_CASE("a file is followed through all that happens to logs") {
  const TempFolder folder;
  const std::string path = folder.Write("log", "old\nhalf");
  Tail tail(path, false);
  REQUIRE(tail.SkipToEnd().ok());
  CHECK(News(tail).empty());
  Append(path, " line\none\n\ntwo\nthr");
  CHECK(News(tail) == "half line,one,two");
  CHECK(News(tail).empty());
  Append(path, "ee\n");
  CHECK(News(tail) == "three");

  // Rotated by its name; what came to the old file before is not lost.
  Append(path, "last\n");
  fs::rename(path, path + ".1");
  folder.Write("log", "first\n");
  CHECK(News(tail) == "last,first");
  Append(path + ".1", "nobody looks\n");
  CHECK(News(tail).empty());

  // Copied and cut short; then cut short and longer at once.
  fs::resize_file(path, 0);
  CHECK(News(tail).empty());
  Append(path, "after\n");
  CHECK(News(tail) == "after");
  folder.Write("log", "another, which is longer than before\n");
  CHECK(News(tail) == "another, which is longer than before");

  // Gone, and there again.
  fs::remove(path);
  CHECK(News(tail).empty());
  fs::remove_all(folder.path());
  CHECK(News(tail).empty());
  folder.Write("log", "again\n");
  CHECK(News(tail) == "again");
}

TEST_CASE("a file that comes later is new from its beginning") {
  const TempFolder folder;
  Tail tail(folder.File("sub/log"), false);
  REQUIRE(tail.SkipToEnd().ok());
  CHECK(News(tail).empty());
  folder.Write("sub/log", "one\n");
  CHECK(News(tail) == "one");
}

TEST_CASE("an entire file is given again at each change, its last line too") {
  const TempFolder folder;
  const std::string path = folder.Write("state", "old");
  Tail tail(path, true);
  REQUIRE(tail.SkipToEnd().ok());
  CHECK(News(tail).empty());
  folder.Write("state", "one\ntwo");
  CHECK(News(tail) == "one,two");
  CHECK(News(tail).empty());
  fs::remove(path);
  folder.Write("state", "xyz\nabc");
  CHECK(News(tail) == "xyz,abc");
}

TEST_CASE("what is no plain file is an error, and nobody waits for a pipe") {
  const TempFolder folder;
  REQUIRE(::mkfifo(folder.File("pipe").c_str(), 0600) == 0);
  for (const std::string& path :
       {folder.File("pipe"), folder.path(), std::string("/dev/zero")}) {
    CAPTURE(path);
    CHECK(OpenLogFile(path).status().code() == Code::kFailedPrecondition);
    Tail tail(path, false);
    CHECK(tail.SkipToEnd().message() == path + " is no plain file");
    CHECK_FALSE(tail.Read([](const std::vector<std::string>&) { return true; }).ok());
  }
}

TEST_CASE("much comes in batches, and goes on where it was stopped") {
  const TempFolder folder;
  const std::string path = folder.Write("log", "");
  Tail tail(path, false);
  REQUIRE(tail.SkipToEnd().ok());
  std::string text;
  for (size_t i = 0; i < kMaxBatchLines * 2 + 1; ++i) text += std::to_string(i) + "\n";
  Append(path, text);
  std::vector<size_t> batches;
  REQUIRE(tail.Read([&](const std::vector<std::string>& lines) {
                batches.push_back(lines.size());
                return false;
              })
              .ok());
  CHECK(batches == std::vector<size_t>{kMaxBatchLines});
  std::vector<std::string> rest;
  REQUIRE(tail.Read([&](const std::vector<std::string>& lines) {
                rest.insert(rest.end(), lines.begin(), lines.end());
                return true;
              })
              .ok());
  CHECK(rest.size() == kMaxBatchLines + 1);
  CHECK(rest.front() == std::to_string(kMaxBatchLines));
}

// Collects what filters tell, to be waited for.
class WaitingHost final : public checks::FakeHost {
 public:
  sdk::SubmitAnswer Submit(const sdk::Submission& submission,
                           std::chrono::milliseconds limit) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    changed_.notify_all();
    return FakeHost::Submit(submission, limit);
  }
  Status Emit(const std::vector<sdk::Event>& emitted) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    changed_.notify_all();
    return FakeHost::Emit(emitted);
  }
  void Log(sdk::LogLevel level, std::string_view message) override {
    if (level >= sdk::LogLevel::kDebug) return;
    const std::lock_guard<std::mutex> lock(mutex_);
    FakeHost::Log(level, message);
  }
  std::string Submitted(size_t index) {
    std::unique_lock<std::mutex> lock(mutex_);
    REQUIRE(changed_.wait_for(lock, kPatience, [&] { return submitted.size() > index; }));
    const sdk::Submission& sent = submitted[index];
    return sent.channel + " " + sent.result.command + " " +
           std::string(sdk::StateName(sent.result.state)) + " " +
           sent.result.lines[0].message;
  }
  sdk::Event Emitted(size_t index) {
    std::unique_lock<std::mutex> lock(mutex_);
    REQUIRE(changed_.wait_for(lock, kPatience, [&] { return events.size() > index; }));
    return events[index];
  }

 private:
  static constexpr std::chrono::seconds kPatience{10};
  std::mutex mutex_;
  std::condition_variable changed_;
};

using Entries = std::vector<sdk::Settings::Entry>;
constexpr char kChecks[] = "/settings/logfile/real-time/checks";

Entries FilterOf(const std::string& name, const Entries& keys) {
  Entries entries;
  for (const auto& key : keys) {
    entries.push_back({std::string(kChecks) + "/" + name, key.key, key.value});
  }
  return entries;
}

TEST_CASE("lines that are written are told of at once, with and without inotify") {
  for (const bool timed : {false, true}) {
    CAPTURE(timed);
    const TempFolder folder;
    const std::string path = folder.Write("log", "old error\n");
    WaitingHost host;
    Entries entries = FilterOf("errors", {{"", "file", path},
                                          {"", "filter", "line like 'error'"},
                                          {"", "critical", "column2 > 5"},
                                          {"", "column split", "\" \""},
                                          {"", "destination", "CACHE"}});
    for (const auto& entry :
         FilterOf("all", {{"", "files", path + ", " + folder.File("b")},
                          {"", "destination", "event"}})) {
      entries.push_back(entry);
    }
    LogWatch watch(sdk::Settings(entries), host,
                   timed ? MakeTimedWatcher() : MakeFileWatcher());
    watch.Start();
    Append(path, "error 3\nerror 9 bad\n");
    CHECK(host.Submitted(0) ==
          "CACHE errors CRITICAL CRITICAL: " + path + ": error 9 bad");
    const sdk::Event event = host.Emitted(1);
    CHECK(event.name == "logfile:all");
    const std::map<std::string, std::string> data(event.data.begin(), event.data.end());
    CHECK(data.at("line") == "error 9 bad");
    CHECK(data.at("file") == path);
    folder.Write("b", "came later\n");
    CHECK(host.Emitted(2).data.size() >= 12);
    fs::rename(path, path + ".1");
    folder.Write("log", "error 8\n");
    CHECK(host.Submitted(1) == "CACHE errors CRITICAL CRITICAL: " + path + ": error 8");
    std::vector<sdk::Metric> metrics;
    watch.AddMetrics(metrics);
    REQUIRE(metrics.size() == 4);
    CHECK(metrics[0].bundle == "logfile.real-time");
    watch.Stop();
    watch.Stop();
    CHECK(host.log.empty());
  }
}

TEST_CASE("a folder that vanishes and comes back is watched again") {
  const TempFolder folder;
  const std::string path = folder.Write("sub/log", "");
  WaitingHost host;
  LogWatch watch(
      sdk::Settings(FilterOf("all", {{"", "file", path}, {"", "destination", "events"}})),
      host);
  watch.Start();
  fs::remove_all(folder.File("sub"));
  folder.Write("sub/log", "one\n");
  CHECK(host.Emitted(0).name == "logfile:all");
  Append(path, "two\n");
  host.Emitted(1);
  watch.Stop();
  CHECK(host.events.size() == 2);
}

TEST_CASE("filters that are wrong are told of, and the others work") {
  const TempFolder folder;
  const std::string path = folder.Write("log", "");
  WaitingHost host;
  Entries entries = FilterOf("bad", {{"", "file", path}, {"", "filter", "nosuch = 1"}});
  for (const auto& entry : FilterOf("lost", {{"", "filter", "line like 'x'"}})) {
    entries.push_back(entry);
  }
  for (const auto& entry :
       FilterOf("good", {{"", "file", path}, {"", "destination", "event"}})) {
    entries.push_back(entry);
  }
  entries.push_back({kChecks, "short", "line like 'y'"});
  LogWatch watch(sdk::Settings(entries), host);
  watch.Start();
  Append(path, std::string("bin\0\xff\xfe\n", 7));
  const sdk::Event event = host.Emitted(0);
  const std::map<std::string, std::string> data(event.data.begin(), event.data.end());
  CHECK(data.at("line") == std::string("bin\0\xff\xfe", 6));
  watch.Stop();
  for (const char* problem :
       {"filter bad: Failed to validate filter", "filter lost: it names no file",
        "filter short: it names no file"}) {
    CHECK(std::count_if(host.log.begin(), host.log.end(), [&](const auto& line) {
            return line.second.find(problem) != std::string::npos;
          }) == 1);
  }
}

TEST_CASE("a reload that changes no filter keeps them, and another one replaces them") {
  const TempFolder folder;
  const std::string path = folder.Write("log", "");
  WaitingHost host;
  const auto module = MakeCheckLogFile();
  sdk::StartContext context;
  context.host = &host;
  Entries entries = FilterOf("all", {{"", "file", path}, {"", "destination", "event"}});
  entries.push_back({"/settings/logfile/real-time", "enabled", "true"});
  context.settings = sdk::Settings(entries);
  REQUIRE(module->Start(context).ok());
  Append(path, "one\n");
  host.Emitted(0);
  entries.push_back({"/settings/other", "key", "value"});
  REQUIRE(module->Reload(sdk::Settings(entries)).ok());
  CHECK(std::get<double>(module->OnMetrics({})[0].value) == 1);
  Append(path, "two\n");
  host.Emitted(1);
  entries.push_back({std::string(kChecks) + "/all", "filter", "line = 'three'"});
  REQUIRE(module->Reload(sdk::Settings(entries)).ok());
  Append(path, "x\nthree\n");
  const sdk::Event event = host.Emitted(2);
  CHECK(std::get<double>(module->OnMetrics({})[0].value) == 1);
  REQUIRE(module->Reload(sdk::Settings()).ok());
  CHECK(module->OnMetrics({}).empty());
  module->Stop();
  CHECK(host.events.size() == 3);
}

}  // namespace
}  // namespace nscp::check_log_file
