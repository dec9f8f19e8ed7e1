#include "kernel/settings/annotate.h"

#include <algorithm>

#include "kernel/settings/settings.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace {

// What NSClient++ calls a section that a plain set made, and one that it only found.
constexpr std::string_view kInFlight = "in flight - TODO";
constexpr std::string_view kUndocumented = "Undocumented section";
constexpr std::string_view kIsTemplate = "is template";

std::string CommentOf(const v1::SettingsKey& known) {
  if (known.title().empty()) return known.description();
  if (known.description().empty()) return known.title();
  return known.title() + " - " + known.description();
}

bool IsWanted(const v1::SettingDescription& item, const AnnotateOptions& options) {
  const auto owns = [&](const std::string& owner) {
    return std::any_of(
        item.modules().begin(), item.modules().end(),
        [&](const std::string& module) { return EqualsIgnoreCase(module, owner); });
  };
  return options.owners.empty() ||
         std::any_of(options.owners.begin(), options.owners.end(), owns);
}

class Annotator {
 public:
  Annotator(const Descriptions& descriptions, const AnnotateOptions& options,
            IniFile* document)
      : descriptions_(descriptions),
        options_(options),
        all_(descriptions.All()),
        comments_(descriptions),
        document_(*document) {}

  void Run() {
    if (options_.remove_defaults) RemoveDefaults();
    for (const v1::SettingDescription& item : all_) {
      if (!IsWanted(item, options_)) continue;
      if (options_.add_defaults) AddDefault(item);
      if (options_.use_samples && item.object()) AddSample(item.path());
    }
    DescribeAll();
  }

 private:
  void Add(const std::string& path, std::string_view key, std::string_view value) {
    const IniComments comments = comments_.For(path, key);
    const Status ignored = document_.Set(path, key, value, &comments);
    (void)ignored;  // a manifest's key that no file can hold is left out
  }

  void AddDefault(const v1::SettingDescription& item) {
    const v1::SettingsKey& known = item.description();
    if (item.key().empty() || known.advanced() || known.sensitive()) return;
    if (known.default_value().empty() || document_.Get(item.path(), item.key())) return;
    // It stands at the parent, whose value this one would hide.
    if (!known.parent().empty()) return;
    Add(item.path(), item.key(), known.default_value());
  }

  void AddSample(const std::string& path) {
    const auto keys = descriptions_.ObjectKeys(path);
    const std::string sample = path + "/" + std::string(kSampleObject);
    if (keys.empty() || document_.HasSection(sample)) return;
    Add(sample, kIsTemplate, "true");
    for (const v1::SettingsKey& key : keys) {
      const bool shown = !key.sensitive() && !key.hashed() && key.type() != v1::PASSWORD;
      Add(sample, key.key(), shown ? key.default_value() : "");
    }
  }

  void RemoveDefaults() {
    for (const IniSection& section : document_.Contents()) {
      size_t left = section.entries.size();
      for (const IniEntry& entry : section.entries) {
        const auto known = descriptions_.FindKey(section.name, entry.key);
        // Without its own value a key with a parent would take the parent's, not the
        // default.
        if (!known || !known->parent().empty() || known->default_value() != entry.value) {
          continue;
        }
        const IniComments comments = comments_.For(section.name, entry.key);
        document_.Delete(section.name, entry.key, &comments);
        --left;
      }
      if (left > 0 || section.entries.empty()) continue;
      const IniComments comments = comments_.For(section.name, "");
      document_.DeleteSection(section.name, &comments);
    }
  }

  void DescribeAll() {
    for (const IniSection& section : document_.Contents()) {
      const bool known = descriptions_.KnowsPath(section.name);
      const std::string comment =
          known ? comments_.For(section.name, "").section : std::string(kUndocumented);
      if (!comment.empty()) document_.Describe(section.name, "", comment);
      for (const IniEntry& entry : section.entries) {
        const std::string text = comments_.For(section.name, entry.key).key;
        if (!text.empty()) document_.Describe(section.name, entry.key, text);
      }
    }
  }

  const Descriptions& descriptions_;
  const AnnotateOptions& options_;
  const std::vector<v1::SettingDescription> all_;
  const CommentSource comments_;
  IniFile& document_;
};

}  // namespace

CommentSource::CommentSource(const Descriptions& descriptions)
    : descriptions_(descriptions) {
  for (const v1::SettingDescription& item : descriptions.All()) {
    if (!item.key().empty()) continue;
    sections_.emplace(FoldPath(item.path()), CommentOf(item.description()));
  }
}

IniComments CommentSource::For(std::string_view path, std::string_view key) const {
  IniComments comments;
  const auto section = sections_.find(FoldPath(path));
  if (section != sections_.end()) {
    comments.section = section->second;
  } else if (!descriptions_.KnowsPath(path)) {
    comments.section = kInFlight;
  }
  const auto known = descriptions_.FindKey(path, key);
  if (known) comments.key = CommentOf(*known);
  return comments;
}

void Annotate(const Descriptions& descriptions, const AnnotateOptions& options,
              IniFile* document) {
  Annotator(descriptions, options, document).Run();
}

IniFile GenerateFile(const std::vector<IniSection>& sections,
                     const Descriptions& descriptions, const AnnotateOptions& options) {
  IniFile document = IniFile::ForNewFile();
  for (const IniSection& section : sections) {
    for (const IniEntry& entry : section.entries) {
      const Status ignored = document.Set(section.name, entry.key, entry.value);
      (void)ignored;  // what no file can hold can't have come from one
    }
  }
  Annotate(descriptions, options, &document);
  for (const IniSection& section : document.Contents()) {
    for (const IniEntry& entry : section.entries) {
      if (entry.value.empty() || !IsSensitive(descriptions, section.name, entry.key)) {
        continue;
      }
      document.CommentOut(section.name, entry.key,
                          entry.key + " = " + std::string(kMask));
    }
  }
  return document;
}

}  // namespace nscp::kernel
