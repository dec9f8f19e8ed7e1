#include "gateway/ui/manifest.h"

#include "archive/archive.h"
#include "gateway/web/files.h"
#include "json/value.h"
#include "json/writer.h"
#include "proto/cpp/utf8.h"

namespace nscp::gateway {
namespace {

std::string TextOf(const json::Value& document, const char* name) {
  const auto value = document.Find(name);
  return value ? value->AsString() : "";
}

}  // namespace

std::string WriteUiManifest(const UiManifest& manifest) {
  json::Writer writer;
  writer.BeginObject();
  writer.Field("version", manifest.version);
  writer.Field("source_url", manifest.source_url);
  writer.Field("sha256", manifest.sha256);
  writer.Field("installed_at", manifest.installed_at);
  writer.Key("files").BeginArray();
  for (const std::string& file : manifest.files) writer.String(file);
  writer.EndArray().EndObject();
  return writer.Text();
}

Result<UiManifest> ParseUiManifest(const std::string& text) {
  ASSIGN_OR_RETURN(const json::Value document, json::Parse(text));
  const auto files = document.Find("files");
  if (!files || !files->IsArray()) {
    return Status::InvalidArgument("it has no list of files");
  }
  UiManifest manifest{TextOf(document, "version"),
                      TextOf(document, "source_url"),
                      TextOf(document, "sha256"),
                      TextOf(document, "installed_at"),
                      {}};
  for (const json::Value& file : files->Items()) {
    const std::string name = file.AsString();
    if (!IsEntryName(name)) {
      return Status::InvalidArgument("it lists a file that can't be one of it: " +
                                     CutUtf8(name, kMaxEntryName));
    }
    manifest.files.push_back(name);
  }
  return manifest;
}

Result<UiManifest> ReadUiManifest(const std::string& folder) {
  const auto text = ReadWebFile({folder}, kUiManifestFile);
  const std::string name = folder + "/" + kUiManifestFile;
  if (!text) return Status::NotFound("No manifest found at " + name);
  auto manifest = ParseUiManifest(*text);
  if (!manifest.ok()) return manifest.status().WithContext("reading " + name);
  return manifest;
}

}  // namespace nscp::gateway
