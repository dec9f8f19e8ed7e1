#include "kernel/settings/annotate.h"

#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace {

std::string CommentOf(const v1::SettingsKey& known) {
  if (known.title().empty()) return known.description();
  if (known.description().empty()) return known.title();
  return known.title() + " - " + known.description();
}

void AddDefaults(const Descriptions& descriptions, IniFile* document) {
  for (const v1::SettingDescription& item : descriptions.All()) {
    const v1::SettingsKey& known = item.description();
    if (item.key().empty() || known.advanced() || known.sensitive()) continue;
    if (known.default_value().empty() || document->Get(item.path(), item.key())) continue;
    const Status ignored = document->Set(item.path(), item.key(), known.default_value());
    (void)ignored;  // a manifest's key that no file can hold is left out
  }
}

void RemoveDefaults(const Descriptions& descriptions, IniFile* document) {
  for (const IniSection& section : document->Contents()) {
    size_t left = section.entries.size();
    for (const IniEntry& entry : section.entries) {
      const auto known = descriptions.FindKey(section.name, entry.key);
      // Without its own value a key with a parent would take the parent's, not the
      // default.
      if (!known || !known->parent().empty() || known->default_value() != entry.value) {
        continue;
      }
      document->Delete(section.name, entry.key);
      --left;
    }
    if (left == 0 && !section.entries.empty()) document->DeleteSection(section.name);
  }
}

}  // namespace

void Annotate(const Descriptions& descriptions, const AnnotateOptions& options,
              IniFile* document) {
  if (options.remove_defaults) RemoveDefaults(descriptions, document);
  if (options.add_defaults) AddDefaults(descriptions, document);
  for (const v1::SettingDescription& item : descriptions.All()) {
    const std::string comment = CommentOf(item.description());
    if (item.key().empty() && !comment.empty())
      document->Describe(item.path(), "", comment);
  }
  for (const IniSection& section : document->Contents()) {
    for (const IniEntry& entry : section.entries) {
      const auto known = descriptions.FindKey(section.name, entry.key);
      const std::string comment = known ? CommentOf(*known) : "";
      if (!comment.empty()) document->Describe(section.name, entry.key, comment);
    }
  }
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
  return document;
}

}  // namespace nscp::kernel
