// Settings over a Store; see settings.h. Private to this room.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "kernel/settings/pending.h"
#include "kernel/settings/settings.h"
#include "kernel/settings/store.h"
#include "kernel/settings/tree.h"

namespace nscp::kernel {

class StoreSettings final : public Settings {
 public:
  StoreSettings(SettingsOptions options, const Descriptions& descriptions)
      : options_(std::move(options)), descriptions_(descriptions) {}

  v1::GetSettingsResponse Get(const v1::GetSettingsRequest& request) const override;
  std::optional<std::string> Value(std::string_view path,
                                   std::string_view key) const override;
  std::string Effective(std::string_view path, std::string_view key) const override;
  std::vector<IniEntry> Keys(std::string_view path) const override;
  std::vector<std::string> Paths(std::string_view path) const override;
  Result<v1::UpdateSettingsResponse> Update(
      const v1::UpdateSettingsRequest& request) override;
  Result<v1::DeleteSettingsResponse> Delete(
      const v1::DeleteSettingsRequest& request) override;
  Result<v1::DescribeSettingsResponse> Describe(
      const v1::DescribeSettingsRequest& request) const override;
  v1::DiffSettingsResponse Diff(const v1::DiffSettingsRequest& request) const override;
  v1::GetSettingsStatusResponse GetStatus() const override;
  Status Load() override;
  Result<bool> LoadUnlessChanged() override;
  Status Save() override;
  std::vector<IniDiagnostic> Diagnostics() const override;
  std::vector<std::string> UnknownPaths() const override;
  std::vector<std::string> Files() const override;
  Status Define(std::string_view path, std::string_view key,
                std::string_view value) override;
  Status SortStore() override;
  Status SaveAll(const AnnotateOptions& options) override;
  std::string Generate(const AnnotateOptions& options) const override;

 private:
  using Changes = std::vector<v1::SettingEntry>;

  // The store anew; false where changes are to be kept and there are some.
  Result<bool> Read(bool keep_changes);

  // The value to store for what somebody wrote: checked, hashed where the key asks for
  // it. Nothing where the mask itself was written back.
  Result<std::optional<std::string>> ValueToStore(const v1::SettingEntry& entry) const;
  Result<std::vector<Edit>> EditsOf(const v1::UpdateSettingsRequest& request) const;
  // With the comments of what they may add to a file.
  std::vector<Edit> Commented(std::vector<Edit> edits) const;

  std::unique_lock<std::mutex> StoringIf(bool persist) {
    return persist ? std::unique_lock(storing_) : std::unique_lock<std::mutex>();
  }

  // With the mutex held:
  // The removals that a request stands for, deepest paths first.
  std::vector<Edit> EditsOf(const v1::DeleteSettingsRequest::Removal& removal) const;
  // The hashes for the login passwords that somebody wrote into a file by hand.
  Result<std::vector<Edit>> PlainPasswords() const;
  // Takes the edits in memory, or (persist) writes them and only them.
  Status Take(const std::vector<Edit>& edits, bool persist, Changes* changes);
  Status SaveLocked();
  Changes Rebuild();
  v1::SettingEntry Entry(std::string_view path, std::string_view key,
                         std::string_view value, bool clear) const;

  void Tell(const Changes& changes) const;
  void DescribeKey(v1::SettingDescription* item) const;
  // An example of an object below this path: its section and its keys. None where its
  // keys are not described.
  std::vector<v1::SettingDescription> SamplesOf(
      const v1::SettingDescription& object) const;

  const SettingsOptions options_;
  const Descriptions& descriptions_;

  std::mutex storing_;  // by whoever reads or writes the store; taken before mutex_
  mutable std::mutex mutex_;
  Store store_;
  Tree base_;  // the store's layers in one
  Pending pending_;
  std::vector<Edit> defines_;
  Tree effective_;  // base_, pending_ and defines_ in one
};

}  // namespace nscp::kernel
