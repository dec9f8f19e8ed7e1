// The settings: one store (what a context names, with its includes) and the changes that
// nobody has saved yet. Layers, first one wins: changes in memory, the store, its
// includes in order. Paths and keys are compared without case and keep the spelling of
// the file.
//
// Owned by the kernel; any thread may call. While a remote store is fetched (Load), what
// writes into the store waits, and what reads does not. Requests and answers
// are the messages of nscp/v1/settings.proto. A value from outside is bytes.
//
// The file on disk is read at Open and Load only. A write reads it again under a lock and
// applies exactly our edits on top, so what somebody else changed meanwhile stays. Where
// it is the same key that somebody changed, a save is refused (FailedPrecondition, with
// the key's name); an update that persists at once was asked for just now, and counts.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/settings/annotate.h"
#include "kernel/settings/descriptions.h"
#include "kernel/settings/fetched_store.h"
#include "kernel/settings/ini_file.h"
#include "kernel/settings/paths.h"
#include "nscp/v1/settings.pb.h"
#include "proto/cpp/status.h"

namespace nscp::kernel {

constexpr size_t kMaxIncludes = 64;               // files of one store
constexpr size_t kMaxSettingsChanges = 10000;     // changes not saved yet
constexpr size_t kMaxSettingsBatch = 10000;       // entries of one request
constexpr size_t kMaxSettingBytes = 1024 * 1024;  // one value

// What a sensitive value reads as. Writing it back means "as it is".
constexpr std::string_view kMask = "***";

struct SettingsOptions {
  // Any of context.h; http(s) with `fetch`. Empty = `ini`.
  std::string context;
  PathTokens tokens;
  // For keys whose description says `hashed`. None: they are refused, never stored in
  // clear.
  std::function<Result<std::string>(std::string_view plain)> hash_password;
  StoreFetcher fetch;
  // Told after each change of effective values, masked; on the changing thread, without
  // locks.
  std::function<void(const std::vector<v1::SettingEntry>&)> on_change;
};

class Settings {
 public:
  // A missing ini file is an empty store, made at the first save. `descriptions` outlives
  // it.
  static Result<std::unique_ptr<Settings>> Open(SettingsOptions options,
                                                const Descriptions& descriptions);
  virtual ~Settings() = default;

  // All layers resolved, in the file's order. Sensitive values are masked unless `clear`.
  virtual v1::GetSettingsResponse Get(const v1::GetSettingsRequest& request) const = 0;
  // The value in clear, from the layers alone: no parent, no default.
  virtual std::optional<std::string> Value(std::string_view path,
                                           std::string_view key) const = 0;
  // The same; else the manifest's parent, else its default. Tokens are not expanded.
  virtual std::string Effective(std::string_view path, std::string_view key) const = 0;
  // Keys with a value directly under the path, in clear, in the file's order.
  virtual std::vector<IniEntry> Keys(std::string_view path) const = 0;
  // Paths with keys at or below `path`, each once, in the file's order.
  virtual std::vector<std::string> Paths(std::string_view path) const = 0;

  // All or nothing. An empty value removes the key.
  virtual Result<v1::UpdateSettingsResponse> Update(
      const v1::UpdateSettingsRequest& request) = 0;
  virtual Result<v1::DeleteSettingsResponse> Delete(
      const v1::DeleteSettingsRequest& request) = 0;
  // Nothing described there: NotFound "Key not found: <path>".
  virtual Result<v1::DescribeSettingsResponse> Describe(
      const v1::DescribeSettingsRequest& request) const = 0;
  // Memory against the store as it was read.
  virtual v1::DiffSettingsResponse Diff(const v1::DiffSettingsRequest& request) const = 0;
  virtual v1::GetSettingsStatusResponse GetStatus() const = 0;
  // Drops what is in memory only, and reads the store again. On error nothing changes.
  virtual Status Load() = 0;
  // The same, but false and as before where a change in memory is not saved yet.
  virtual Result<bool> LoadUnlessChanged() = 0;
  // Writes the changed keys. On error all of them still wait.
  virtual Status Save() = 0;

  // Lines that could not be read, includes that are missing: one warning each.
  virtual std::vector<IniDiagnostic> Diagnostics() const = 0;
  // Paths of the store that no description knows (`nscp settings --validate`).
  virtual std::vector<std::string> UnknownPaths() const = 0;
  // The files of the store, the main one first; empty for `dummy`.
  virtual std::vector<std::string> Files() const = 0;

  // An override of this process alone (`--define`): seen by all reads, never saved, not
  // in Diff.
  virtual Status Define(std::string_view path, std::string_view key,
                        std::string_view value) = 0;
  // Rewrites the main file sorted; see IniFile::Sort. Login passwords that stand in clear
  // in a file are hashed, by SaveAll too.
  virtual Status SortStore() = 0;
  // Save, then comments and (if asked for) defaults in the main file; see annotate.h.
  virtual Status SaveAll(const AnnotateOptions& options) = 0;
  // The text of a file with all effective values, to be looked at: sensitive ones are
  // comments, masked. Changes nothing.
  virtual std::string Generate(const AnnotateOptions& options) const = 0;
};

// Without case: "/Settings/a/" and "/settings/A" are one path. Without a slash at the
// end.
std::string FoldPath(std::string_view path);
// True when `path` equals `root` or lies below it; both folded. "" and "/" hold
// everything.
bool IsUnder(std::string_view path, std::string_view root);
// By description, or because the key is named like a password.
bool IsSensitive(const Descriptions& descriptions, std::string_view path,
                 std::string_view key);
// `true 1 yes enabled` in any case.
bool SettingIsTrue(std::string_view value);
// "5s", "5m", "1h", "2d", "100ms", a bare number of seconds; nothing for what is none of
// them.
std::optional<int64_t> ParseDurationMs(std::string_view value);

}  // namespace nscp::kernel
