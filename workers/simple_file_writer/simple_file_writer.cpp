#include "workers/simple_file_writer/simple_file_writer.h"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <mutex>

#include "proto/cpp/text.h"
#include "workers/checks/submission_text.h"

namespace nscp::simple_file_writer {
namespace {

constexpr char kPath[] = "/settings/writers/file";

struct Writing {
  std::string file;
  std::string service_syntax;
  std::string host_syntax;
  checks::SubmissionTime time;
};

std::string OneLine(const std::string& text) {
  return ReplaceAll(ReplaceAll(text, "\r", ""), "\n", "\\n");
}

class SimpleFileWriter : public sdk::Module {
 public:
  Status Start(const sdk::StartContext& context) override {
    host_ = context.host;
    return Reload(context.settings);
  }

  Status Reload(const sdk::Settings& settings) override {
    Writing writing;
    writing.file = settings.Get(kPath, "file");
    const std::string syntax = settings.Get(kPath, "syntax");
    writing.service_syntax = settings.Get(kPath, "service-syntax", syntax);
    writing.host_syntax = settings.Get(kPath, "host-syntax", syntax);
    writing.time.format = settings.Get(kPath, "time-syntax");
    auto zone = checks::TimeZone::Parse(settings.Get(kPath, "timezone"));
    if (zone.ok()) {
      writing.time.zone = std::move(zone).value();
    } else {
      host_->Log(sdk::LogLevel::kError,
                 std::string(kPath) + ", timezone: " + zone.status().message());
    }
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      writing_ = std::move(writing);
    }
    std::vector<sdk::Host::DynamicName> channels;
    for (const std::string& channel : SplitList(settings.Get(kPath, "channel"))) {
      channels.push_back({sdk::Host::DynamicName::Kind::kChannel, channel,
                          "Results that are written to a file", ""});
    }
    return host_->SetNames(std::move(channels)).WithContext("listening to channels");
  }

  sdk::SubmitAnswer OnSubmit(const sdk::Submission& submission, sdk::Call&) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    writing_.time.now = std::chrono::duration_cast<std::chrono::seconds>(
                            std::chrono::system_clock::now().time_since_epoch())
                            .count();
    const bool is_host = submission.alias.empty() && submission.result.command.empty();
    const std::string line = OneLine(
        checks::SubmissionText(is_host ? writing_.host_syntax : writing_.service_syntax,
                               submission, writing_.time));
    if (const Status written = AppendLocked(line); !written.ok()) {
      host_->Log(sdk::LogLevel::kError, written.message());
      return {false, written.message()};
    }
    return {true, "message has been written"};
  }

  sdk::CheckResult OnQuery(const sdk::Query& query, sdk::Call&) override {
    return sdk::CheckResult::Unknown("Unknown command(s): " + query.command);
  }

 private:
  // Opened for each line, so that the file may be moved away at any time.
  Status AppendLocked(const std::string& line) const {
    std::ofstream file(std::filesystem::u8path(writing_.file),
                       std::ios::app | std::ios::binary);
    file << line + "\n" << std::flush;
    if (file) return Status::Ok();
    return Status::Unavailable("writing a result to " + writing_.file +
                               ": it cannot be written (see file in " + kPath +
                               ": does its folder exist, may the agent write there, "
                               "is there space?)");
  }

  sdk::Host* host_ = nullptr;
  std::mutex mutex_;  // one line after the other
  Writing writing_;
};

}  // namespace

std::unique_ptr<sdk::Module> MakeSimpleFileWriter() {
  return std::make_unique<SimpleFileWriter>();
}

}  // namespace nscp::simple_file_writer
