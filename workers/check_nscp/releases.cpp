#include "workers/check_nscp/releases.h"

#include <utility>

#include "json/value.h"
#include "json/writer.h"

namespace nscp::check_nscp {
namespace {

constexpr size_t kMaxField = 512;

std::string TextOf(const json::Value& object, std::string_view name) {
  const auto found = object.Find(name);
  return found ? found->AsString().substr(0, kMaxField) : std::string();
}

bool FlagOf(const json::Value& object, std::string_view name) {
  const auto found = object.Find(name);
  return found && found->AsBool();
}

std::optional<Release> ReadRelease(const json::Value& object) {
  if (FlagOf(object, "draft")) return std::nullopt;
  Release release;
  release.version = ParseVersion(TextOf(object, "tag_name"));
  if (!release.version.valid) return std::nullopt;
  release.experimental = FlagOf(object, "prerelease") || !release.version.suffix.empty();
  release.published = TextOf(object, "published_at");
  release.page = TextOf(object, "html_url");
  return release;
}

void Offer(Release release, std::optional<Release>* best) {
  if (!*best || IsNewer(release.version, (*best)->version)) *best = std::move(release);
}

void Write(std::string_view name, const std::optional<Release>& release,
           json::Writer* writer) {
  if (!release) return;
  writer->Key(name).BeginObject();
  writer->Field("tag_name", release->version.text);
  writer->Field("prerelease", release->experimental);
  writer->Field("published_at", release->published);
  writer->Field("html_url", release->page);
  writer->EndObject();
}

Status NoList(const std::string& why) {
  return Status::InvalidArgument(
      why +
      "; url under /settings/nscp/check/update must be a list of releases as "
      "GitHub's API gives it");
}

}  // namespace

const Release* Releases::Latest(bool with_experimental) const {
  const bool newer =
      experimental && (!stable || IsNewer(experimental->version, stable->version));
  if (with_experimental && newer) return &*experimental;
  return stable ? &*stable : nullptr;
}

Result<Releases> ParseReleases(std::string_view text) {
  const auto document = json::Parse(text, {kMaxReleaseList, json::kMaxDepth});
  if (!document.ok()) return NoList(document.status().message());
  if (!document->IsArray() && !document->Find("tag_name")) {
    return NoList("the answer is no list of releases");
  }
  Releases releases;
  const auto take = [&](const json::Value& object) {
    auto release = ReadRelease(object);
    if (!release) return;
    auto& best = release->experimental ? releases.experimental : releases.stable;
    Offer(std::move(*release), &best);
  };
  if (document->IsObject()) take(*document);
  for (const json::Value& item : document->Items()) take(item);
  return releases;
}

std::string EncodeReleases(const Releases& releases) {
  json::Writer writer;
  writer.BeginObject();
  writer.Field("url", releases.url);
  writer.Field("checked_at", releases.checked_at);
  Write("stable", releases.stable, &writer);
  Write("experimental", releases.experimental, &writer);
  writer.EndObject();
  return writer.Text();
}

Result<Releases> DecodeReleases(std::string_view text) {
  ASSIGN_OR_RETURN(const json::Value kept, json::Parse(text));
  Releases releases;
  releases.url = TextOf(kept, "url");
  const auto at = kept.Find("checked_at");
  releases.checked_at = at ? at->AsInt().value_or(0) : 0;
  if (const auto one = kept.Find("stable")) releases.stable = ReadRelease(*one);
  if (const auto one = kept.Find("experimental")) {
    releases.experimental = ReadRelease(*one);
  }
  return releases;
}

}  // namespace nscp::check_nscp
