// `nscp web install-ui`, `uninstall-ui` and `ui-status`.
#include <chrono>
#include <ctime>
#include <filesystem>

#include "gateway/api/dates.h"
#include "gateway/command_parts.h"
#include "gateway/ui/folder.h"
#include "gateway/ui/manifest.h"
#include "gateway/ui/source.h"
#include "nscp/version.h"
#include "proto/cpp/text.h"

namespace nscp::gateway {
namespace {

constexpr char kFolder[] = "${web-path}";
constexpr char kCertificates[] = "${ca-path}";

std::string UtcNow() {
  const std::time_t now =
      std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  const std::tm parts = UtcTime(now);
  char text[sizeof "2026-11-22T10:00:00Z"];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

Status CheckTarget(const std::string& folder) {
  ASSIGN_OR_RETURN(const bool has_files, HasFiles(folder));
  if (!has_files) return Status::Ok();
  if (ReadUiManifest(folder).status().code() != Code::kNotFound) {
    return Status::AlreadyExists(
        "A web bundle is already installed at \"" + folder +
        "\".\nRun `nscp web uninstall-ui` first, or pass --force "
        "to replace it.");
  }
  return Status::AlreadyExists(
      "\"" + folder +
      "\" already contains files (no install manifest).\nNothing "
      "is replaced without --force.");
}

Result<UiSource> SourceOf(const CommandLine& line, const SettingsEditor& settings) {
  UiSource source;
  source.version = line.Find("release-version").value_or(kVersion);
  if (!IsReleaseName(source.version)) {
    return Status::InvalidArgument("\"" + source.version +
                                   "\" can't be a release: use letters, digits and "
                                   ". _ + -");
  }
  if (const auto file = line.Find("from")) {
    std::error_code error;
    source.file =
        std::filesystem::absolute(std::filesystem::u8path(*file), error).u8string();
    if (file->empty() || error) {
      return Status::InvalidArgument("--from needs the name of a file");
    }
  }
  source.base = line.Find("url").value_or(kUiReleases);
  while (EndsWith(source.base, "/")) source.base.pop_back();
  ASSIGN_OR_RETURN(source.ca_file, settings.Expand(kCertificates));
  return source;
}

}  // namespace

Result<std::string> InstallUi(const CommandLine& line, SettingsEditor& settings) {
  ASSIGN_OR_RETURN(const std::string folder, settings.Expand(kFolder));
  ASSIGN_OR_RETURN(const UiSource source, SourceOf(line, settings));
  if (!line.Has("force")) RETURN_IF_ERROR(CheckTarget(folder));
  std::string output = "Web bundle install\n  version: " + source.version +
                       "\n  target : " + folder + "\n  source : " + source.ArchiveUrl() +
                       "\n";
  const bool is_dry = line.Has("dry-run");
  if (is_dry && source.file.empty()) {
    return output + "Dry-run: nothing is downloaded and nothing is written.";
  }
  ASSIGN_OR_RETURN(UiArchive archive, BringUi(source));
  output += archive.verified ? "  sha256 : " + archive.sha256 + " (verified)\n"
                             : "  warn   : there is no .sha256 beside the archive to "
                               "verify it with\n";
  const std::string count = std::to_string(archive.files.size());
  if (is_dry) {
    return output + "Dry-run: " + count +
           " file(s) would be installed; nothing is written.";
  }
  UiManifest manifest{source.version, source.ArchiveUrl(), archive.sha256, UtcNow(), {}};
  for (const ArchiveFile& file : archive.files) manifest.files.push_back(file.name);
  archive.files.push_back({kUiManifestFile, WriteUiManifest(manifest), false});
  RETURN_IF_ERROR(
      ReplaceFiles(folder, archive.files).WithContext("installing the user interface"));
  return output + "Installed " + count + " file(s) to \"" + folder + "\".";
}

Result<std::string> UninstallUi(const CommandLine& line, SettingsEditor& settings) {
  ASSIGN_OR_RETURN(const std::string folder, settings.Expand(kFolder));
  const auto manifest = ReadUiManifest(folder);
  if (!manifest.ok() && !line.Has("force")) return manifest.status();
  std::vector<std::string> files;
  if (manifest.ok()) files = manifest->files;
  ASSIGN_OR_RETURN(const size_t removed, RemoveFiles(folder, files));
  // Last, so that whoever was interrupted can go on.
  RETURN_IF_ERROR(RemoveFiles(folder, {kUiManifestFile}).status());
  return "Removed " + std::to_string(removed) + " file(s) from \"" + folder + "\".";
}

Result<std::string> UiStatus(const CommandLine&, SettingsEditor& settings) {
  ASSIGN_OR_RETURN(const std::string folder, settings.Expand(kFolder));
  const std::string path = "Web path: \"" + folder + "\"\n";
  std::error_code error;
  if (!std::filesystem::exists(std::filesystem::u8path(folder), error)) {
    return Status::NotFound(path + "Status  : not installed (directory does not exist)");
  }
  const auto manifest = ReadUiManifest(folder);
  if (!manifest.ok()) {
    return Status::NotFound(path + "Status  : not installed (" +
                            manifest.status().message() + ")");
  }
  return path + "Status  : installed\nVersion : " + manifest->version +
         "\nSource  : " + manifest->source_url + "\nSHA-256 : " + manifest->sha256 +
         "\nDate    : " + manifest->installed_at +
         "\nFiles   : " + std::to_string(manifest->files.size());
}

}  // namespace nscp::gateway
