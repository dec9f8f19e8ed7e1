#include "workers/simple_file_writer/simple_file_writer.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "tests/unit/temp_folder.h"
#include "workers/checks/fake_call.h"

namespace nscp::simple_file_writer {
namespace {

constexpr char kPath[] = "/settings/writers/file";

using Keys = std::vector<std::pair<std::string, std::string>>;

struct House {
  explicit House(const Keys& keys = {}) {
    std::vector<sdk::Settings::Entry> entries = {
        {kPath, "channel", "FILE"},
        {kPath, "file", file},
        {kPath, "syntax", "${alias-or-command} ${result} ${message}"},
        {kPath, "time-syntax", "%Y"}};
    for (const auto& [key, value] : keys) {
      entries.push_back({kPath, key, value});
    }
    sdk::StartContext context;
    context.host = &host;
    context.settings = sdk::Settings(entries);
    REQUIRE(module->Start(context).ok());
  }
  sdk::SubmitAnswer Submit(const std::string& command, const std::string& message) {
    sdk::Submission submission;
    submission.channel = "FILE";
    submission.result = checks::MakeResult(sdk::State::kWarning, message);
    submission.result.command = command;
    submission.source = "web1";
    return module->OnSubmit(submission, call);
  }
  std::string Text() const {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
  }
  testing::TempFolder folder;
  const std::string file = folder.path() + "/out.txt";
  checks::FakeHost host;
  checks::FakeCall call;
  std::unique_ptr<sdk::Module> module = MakeSimpleFileWriter();
};

TEST_CASE("a line for each result") {
  House house;
  CHECK(house.Submit("check_cpu", "high").message == "message has been written");
  CHECK(house.Submit("check_disk", "two\r\nlines").accepted);
  CHECK(house.Text() == "check_cpu WARNING high\ncheck_disk WARNING two\\nlines\n");
}

TEST_CASE("hosts and services may have lines of their own") {
  House house(Keys{{"host-syntax", "H ${host} ${result_number}"},
                   {"service-syntax", "S ${command}"}});
  house.Submit("check_cpu", "x");
  house.Submit("", "x");
  CHECK(house.Text() == "S check_cpu\nH web1 1\n");
}

TEST_CASE("a file that was moved away is made anew") {
  House house;
  house.Submit("a", "1");
  std::filesystem::rename(house.file, house.file + ".1");
  house.Submit("b", "2");
  CHECK(house.Text() == "b WARNING 2\n");
}

TEST_CASE("a file that cannot be written is told, and the result not taken") {
  House house(Keys{{"file", "/nonexistent/folder/out.txt"}});
  const auto answer = house.Submit("a", "1");
  CHECK_FALSE(answer.accepted);
  CHECK(answer.message.find("/nonexistent/folder/out.txt") != std::string::npos);
  CHECK(house.host.log.size() == 1);
}

TEST_CASE("lines of results at the same time do not mix") {
  House house;
  std::vector<std::thread> threads;
  constexpr int kEach = 50;
  for (const char* name : {"a", "b", "c", "d"}) {
    threads.emplace_back([&house, name] {
      for (int i = 0; i < kEach; ++i) house.Submit(name, std::string(200, *name));
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::istringstream lines(house.Text());
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    CHECK(line == std::string(1, line[0]) + " WARNING " + std::string(200, line[0]));
  }
  CHECK(count == 4 * kEach);
}

}  // namespace
}  // namespace nscp::simple_file_writer
