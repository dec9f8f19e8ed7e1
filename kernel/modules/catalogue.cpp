#include "kernel/modules/catalogue.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <mutex>

#include "kernel/modules/key_index.h"
#include "kernel/modules/manifest.h"
#include "kernel/modules/name_index.h"
#include "kernel/settings/atomic_file.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace fs = std::filesystem;
namespace {

std::string_view WithoutDll(std::string_view name) {
  constexpr std::string_view kSuffix = ".dll";
  return EndsWith(ToLowerAscii(name), kSuffix)
             ? name.substr(0, name.size() - kSuffix.size())
             : name;
}

Status ReadEntry(const std::string& folder, CatalogueEntry* entry) {
  RETURN_IF_ERROR(CheckTrustedFile(entry->file, "manifest"));
  ASSIGN_OR_RETURN(const std::string text, ReadWholeFile(entry->file, kMaxManifestBytes));
  ASSIGN_OR_RETURN(entry->manifest, ParseManifest(text, entry->file));
  RETURN_IF_ERROR(CheckManifest(entry->manifest, entry->file));
  entry->program = ProgramOf(entry->manifest, folder);
  RETURN_IF_ERROR(CheckTrustedFile(entry->program, "program"));
  return CheckExecutable(entry->program);
}

Result<std::vector<std::string>> ManifestsIn(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::directory_iterator it(fs::u8path(folder), error), end; !error && it != end;
       it.increment(error)) {
    if (it->path().extension() == ".json" && it->path().filename().u8string()[0] != '.') {
      files.push_back(folder + "/" + it->path().filename().u8string());
    }
  }
  if (error) {
    return Status::NotFound("Failed to find modules folder: " + folder + " (" +
                            error.message() + ")");
  }
  std::sort(files.begin(), files.end());
  return files;
}

class DiskCatalogue final : public Catalogue {
 public:
  explicit DiskCatalogue(std::vector<std::string> folders)
      : folders_(std::move(folders)) {}

  Status Scan() override;
  std::vector<CataloguePtr> List() const override;
  std::vector<std::string> Notes() const override;
  CataloguePtr Find(std::string_view name) const override;
  uint64_t PluginId(std::string_view name) override;
  std::vector<std::string> Configure(std::vector<ConfiguredModule> instances) override;
  std::vector<NameClaim> Names() const override;
  std::optional<NameClaim> FindName(std::string_view name) const override;
  CataloguePtr FindCommandLineAlias(std::string_view word) const override;
  std::optional<v1::SettingsKey> FindKey(std::string_view path,
                                         std::string_view key) const override;
  bool KnowsPath(std::string_view path) const override;
  std::vector<v1::SettingDescription> All() const override;
  std::vector<v1::SettingsKey> ObjectKeys(std::string_view path) const override;

 private:
  // With the mutex held:
  CataloguePtr FindHere(std::string_view name) const;
  uint64_t IdOf(std::string_view name);
  void AddFile(const std::string& folder, const std::string& file);
  std::vector<std::string> BuildIndexes();

  const std::vector<std::string> folders_;
  mutable std::mutex mutex_;
  std::vector<CataloguePtr> entries_;
  std::vector<std::string> notes_;
  std::map<std::string, uint64_t> ids_;  // folded name
  std::vector<ConfiguredModule> instances_;
  KeyIndex keys_;
  NameIndex names_;
};

Status DiskCatalogue::Scan() {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<std::pair<std::string, std::string>> files;
  for (const std::string& folder : folders_) {
    ASSIGN_OR_RETURN(const auto found, ManifestsIn(folder));
    for (const std::string& file : found) files.emplace_back(folder, file);
  }
  entries_.clear();
  notes_.clear();
  for (const auto& [folder, file] : files) AddFile(folder, file);
  std::sort(entries_.begin(), entries_.end(), [](const auto& a, const auto& b) {
    return ToLowerAscii(a->name()) < ToLowerAscii(b->name());
  });
  BuildIndexes();
  return Status::Ok();
}

void DiskCatalogue::AddFile(const std::string& folder, const std::string& file) {
  if (entries_.size() >= kMaxModules) {
    notes_.push_back(file + " is left out: there are " + std::to_string(kMaxModules) +
                     " modules already");
    return;
  }
  auto entry = std::make_shared<CatalogueEntry>();
  entry->file = file;
  const std::string stem = fs::u8path(file).stem().u8string();
  if (const auto twin = FindHere(stem)) {
    notes_.push_back("rule unique-name: " + file + " is left out: " + twin->file +
                     " has the same name");
    return;
  }
  const Status status = ReadEntry(folder, entry.get());
  // A refused manifest may claim any name; the file's is the one that was looked for.
  entry->manifest.set_name(stem);
  if (!status.ok()) {
    entry->refused = status.message();
    notes_.push_back("The module " + stem + " can't be loaded: " + entry->refused);
  }
  entry->plugin_id = IdOf(stem);
  entries_.push_back(std::move(entry));
}

std::vector<std::string> DiskCatalogue::BuildIndexes() {
  std::vector<std::string> shadowed;
  keys_ = KeyIndex();
  names_ = NameIndex();
  keys_.Add(KernelManifest(), "");
  for (const CataloguePtr& entry : entries_) {
    if (!entry->refused.empty()) continue;
    keys_.Add(entry->manifest, "");
    keys_.AddModule(entry->manifest);
  }
  for (const ConfiguredModule& instance : instances_) {
    const CataloguePtr entry = FindHere(instance.module);
    if (!entry || !entry->refused.empty()) continue;
    if (!instance.alias.empty()) keys_.Add(entry->manifest, instance.alias);
    if (instance.enabled) names_.Add(entry->manifest, instance, &shadowed);
  }
  return shadowed;
}

std::vector<std::string> DiskCatalogue::Configure(
    std::vector<ConfiguredModule> instances) {
  const std::lock_guard<std::mutex> lock(mutex_);
  instances_ = std::move(instances);
  return BuildIndexes();
}

std::vector<CataloguePtr> DiskCatalogue::List() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return entries_;
}

std::vector<std::string> DiskCatalogue::Notes() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return notes_;
}

CataloguePtr DiskCatalogue::FindHere(std::string_view name) const {
  name = WithoutDll(name);
  CataloguePtr close;
  for (const CataloguePtr& entry : entries_) {
    if (entry->name() == name) return entry;
    if (!close && EqualsIgnoreCase(entry->name(), name)) close = entry;
  }
  return close;
}

CataloguePtr DiskCatalogue::Find(std::string_view name) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return FindHere(name);
}

uint64_t DiskCatalogue::IdOf(std::string_view name) {
  return ids_.emplace(ToLowerAscii(name), ids_.size() + 1).first->second;
}

uint64_t DiskCatalogue::PluginId(std::string_view name) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return IdOf(name);
}

std::vector<NameClaim> DiskCatalogue::Names() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return names_.All();
}

std::optional<NameClaim> DiskCatalogue::FindName(std::string_view name) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const NameClaim* claim = names_.Find(name);
  return claim ? std::optional(*claim) : std::nullopt;
}

CataloguePtr DiskCatalogue::FindCommandLineAlias(std::string_view word) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const CataloguePtr& entry : entries_) {
    const auto& words = entry->manifest.command_line_aliases();
    if (std::find(words.begin(), words.end(), word) != words.end()) return entry;
  }
  return nullptr;
}

std::optional<v1::SettingsKey> DiskCatalogue::FindKey(std::string_view path,
                                                      std::string_view key) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return keys_.FindKey(path, key);
}

bool DiskCatalogue::KnowsPath(std::string_view path) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return keys_.KnowsPath(path);
}

std::vector<v1::SettingDescription> DiskCatalogue::All() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return keys_.All();
}

std::vector<v1::SettingsKey> DiskCatalogue::ObjectKeys(std::string_view path) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return keys_.ObjectKeys(path);
}

}  // namespace

Result<std::unique_ptr<Catalogue>> Catalogue::Open(std::vector<std::string> folders) {
  auto catalogue = std::make_unique<DiskCatalogue>(std::move(folders));
  RETURN_IF_ERROR(catalogue->Scan());
  return std::unique_ptr<Catalogue>(std::move(catalogue));
}

}  // namespace nscp::kernel
