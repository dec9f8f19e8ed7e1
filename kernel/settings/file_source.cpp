// Sources that are files: read whole, and an ini file replaced whole.
#include <chrono>
#include <optional>
#include <thread>

#include "kernel/settings/atomic_file.h"
#include "kernel/settings/old_settings.h"
#include "kernel/settings/source.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace {

// How long an editor may take to write the file anew.
constexpr int kRewriteTries = 20;
constexpr std::chrono::milliseconds kRewritePause{20};

Result<IniFile> Understand(const std::string& bytes, const std::string& path) {
  if (StartsWith(bytes, "\xFF\xFE") || StartsWith(bytes, "\xFE\xFF")) {
    return Status::InvalidArgument("reading " + path +
                                   ": it is UTF-16 text; save it as UTF-8");
  }
  return IniFile::Parse(bytes, path);
}

// The bytes of a file; nothing where there is none.
Result<std::optional<std::string>> ReadIfThere(const std::string& path) {
  auto bytes = ReadWholeFile(path, kMaxIniBytes);
  if (bytes.ok()) return std::optional(std::move(bytes).value());
  if (bytes.status().code() == Code::kNotFound) return std::optional<std::string>();
  return bytes.status();
}

// One try. Aborted where the file changed meanwhile, or is empty for the moment: an
// editor that writes it anew empties it first, and may be at it.
Status RewriteFile(const std::string& path, bool had_lines,
                   const Source::Change& rewrite) {
  ASSIGN_OR_RETURN(const auto bytes, ReadIfThere(path));
  if (had_lines && (!bytes || bytes->empty())) {
    return Status::Aborted(
        "Failed to save settings: " + path + " is " + (bytes ? "empty" : "gone") +
        " since it was read; put it back, or load the settings to go on without it");
  }
  ASSIGN_OR_RETURN(IniFile fresh, bytes ? Understand(*bytes, path)
                                        : Result<IniFile>(IniFile::ForNewFile()));
  RETURN_IF_ERROR(rewrite(&fresh));
  const std::string after = fresh.Serialize();
  if (bytes && after == *bytes) return Status::Ok();
  if (after.size() > kMaxIniBytes) {
    return Status::ResourceExhausted("Failed to save settings: " + path +
                                     " would be larger than " +
                                     std::to_string(kMaxIniBytes) + " bytes");
  }
  RemoveLeftovers(path);
  const auto unchanged = [&] {
    const auto now = ReadIfThere(path);
    if (now.ok() && *now == bytes) return Status::Ok();
    return Status::Aborted("somebody else keeps changing " + path + "; try again");
  };
  return WriteFileAtomically(path, after, unchanged)
      .WithContext("Failed to save settings");
}

class IniSource final : public Source {
 public:
  using Source::Source;

  Result<IniFile> Read(std::vector<std::string>*) const override {
    ASSIGN_OR_RETURN(const auto bytes, ReadIfThere(place()));
    return bytes ? Understand(*bytes, place()) : IniFile::ForNewFile();
  }
  bool editable() const override { return true; }
  Status Rewrite(bool had_lines, const Change& change) const override {
    ASSIGN_OR_RETURN(const auto lock, LockStore(place()));
    Status status;
    for (int attempt = 1; attempt <= kRewriteTries; ++attempt) {
      status = RewriteFile(place(), had_lines, change);
      if (status.code() != Code::kAborted) break;
      std::this_thread::sleep_for(kRewritePause);
    }
    // The agent's account lacks the right, not the one who asks for the save.
    if (status.code() == Code::kAborted || status.code() == Code::kPermissionDenied) {
      return Status::FailedPrecondition(status.message());
    }
    return status;
  }
};

class CopySource final : public Source {
 public:
  using Source::Source;

  Result<IniFile> Read(std::vector<std::string>*) const override {
    ASSIGN_OR_RETURN(const std::string bytes, ReadWholeFile(place(), kMaxIniBytes));
    return Understand(bytes, place());
  }
};

class OldSource final : public Source {
 public:
  OldSource(const std::string& file, std::string map_file)
      : Source(file), map_file_(std::move(map_file)) {}

  Result<IniFile> Read(std::vector<std::string>* notes) const override {
    ASSIGN_OR_RETURN(const std::string bytes, ReadWholeFile(place(), kMaxIniBytes));
    ASSIGN_OR_RETURN(const auto map, ReadIfThere(map_file_));
    return ConvertOldSettings(bytes, map.value_or(""), place(), notes);
  }

 private:
  const std::string map_file_;
};

class MemorySource final : public Source {
 public:
  MemorySource() : Source("") {}
  Result<IniFile> Read(std::vector<std::string>*) const override { return IniFile(); }
  bool editable() const override { return true; }
  bool is_file() const override { return false; }
  Status Rewrite(bool, const Change&) const override { return Status::Ok(); }
};

}  // namespace

Status Source::Rewrite(bool, const Change&) const {
  return Status::FailedPrecondition("writing " + place() + ": it is read only");
}

std::unique_ptr<Source> NewIniSource(const std::string& file) {
  return std::make_unique<IniSource>(file);
}

std::unique_ptr<Source> NewCopySource(const std::string& file) {
  return std::make_unique<CopySource>(file);
}

std::unique_ptr<Source> NewOldSource(const std::string& file, std::string map_file) {
  return std::make_unique<OldSource>(file, std::move(map_file));
}

std::unique_ptr<Source> NewMemorySource() { return std::make_unique<MemorySource>(); }

}  // namespace nscp::kernel
