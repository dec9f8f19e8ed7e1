#include <array>
#include <ctime>
#include <filesystem>
#include <fstream>

#include "kernel/telemetry/log_level.h"
#include "kernel/telemetry/log_sink.h"

namespace nscp::kernel {
namespace fs = std::filesystem;
namespace {

constexpr uint64_t kKeptTenths = 7;  // of the allowed size, when a file is cut

std::string WithoutControls(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f) clean += c;
  }
  return clean;
}

std::string LocalTime(int64_t time_ms, const std::string& format) {
  const auto seconds = static_cast<std::time_t>(time_ms / 1000);
  std::tm parts{};
  if (!ToLocalTime(seconds, &parts)) return std::to_string(time_ms);
  std::array<char, 256> text{};
  const size_t length = std::strftime(text.data(), text.size(), format.c_str(), &parts);
  return std::string(text.data(), length);
}

class LogFile final : public LogSink {
 public:
  explicit LogFile(LogFileOptions options)
      : options_(std::move(options)), path_(fs::u8path(options_.path)) {}

  void Write(const std::vector<v1::LogEntry>& entries) override {
    std::string text;
    for (const v1::LogEntry& entry : entries) {
      text += LogFileLine(entry, options_.date_format);
    }
    std::error_code ignored;
    const bool is_new = !fs::exists(path_, ignored);
    if (is_new) fs::create_directories(path_.parent_path(), ignored);
    {
      std::ofstream file(path_, std::ios::app | std::ios::binary);
      // Log lines may name what only the administrator should know.
      if (is_new) {
        fs::permissions(
            path_, fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read,
            ignored);
      }
      file << text;
    }
    if (options_.max_bytes > 0 && fs::file_size(path_, ignored) > options_.max_bytes &&
        !ignored) {
      Cut();
    }
  }

 private:
  // Keeps the last 70 %, from the start of a line.
  void Cut() const {
    std::string tail;
    std::error_code error;
    {
      std::ifstream file(path_, std::ios::binary);
      const uint64_t size = fs::file_size(path_, error);
      const uint64_t kept = options_.max_bytes / 10 * kKeptTenths;
      if (error || size <= kept) return;
      file.seekg(static_cast<std::streamoff>(size - kept));
      tail.resize(static_cast<size_t>(kept));
      file.read(tail.data(), static_cast<std::streamsize>(tail.size()));
      tail.resize(static_cast<size_t>(file.gcount()));
    }
    const size_t line = tail.find('\n');
    if (line != std::string::npos) tail.erase(0, line + 1);
    fs::path temporary = path_;
    temporary += ".tmp";
    std::ofstream(temporary, std::ios::trunc | std::ios::binary) << tail;
    fs::permissions(temporary, fs::status(path_, error).permissions(), error);
    fs::rename(temporary, path_, error);
    if (error) fs::remove(temporary, error);
  }

  const LogFileOptions options_;
  const fs::path path_;
};

class NoFile final : public LogSink {
 public:
  void Write(const std::vector<v1::LogEntry>&) override {}
};

}  // namespace

std::string MessageText(const v1::LogEntry& entry) {
  const std::string& id = entry.request_id();
  if (id.empty() || entry.message().find(id) != std::string::npos) return entry.message();
  std::string text = entry.message();
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text + " (request " + id + ")";
}

std::string LogFileLine(const v1::LogEntry& entry, const std::string& date_format) {
  return LocalTime(entry.time_ms(), date_format) + ": " +
         std::string(LogLevelName(entry.level())) + ":" + WithoutControls(entry.file()) +
         ":" + std::to_string(entry.line()) + ": " + WithoutControls(MessageText(entry)) +
         "\n";
}

std::unique_ptr<LogSink> NewLogFile(LogFileOptions options) {
  if (options.path.empty() || options.path == "none") return std::make_unique<NoFile>();
  return std::make_unique<LogFile>(std::move(options));
}

}  // namespace nscp::kernel
