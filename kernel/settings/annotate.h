// Comments and defaults for a settings file. Every described section and key has a line
// `; TITLE - description` that stands above it, once; what nobody described has the words
// that NSClient++ gives it. Functions without state. Source: the settings' specification
// B.5, B.9.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/settings/descriptions.h"
#include "kernel/settings/ini_file.h"

namespace nscp::kernel {

// What a write puts above a section or key that it adds. Takes the descriptions as they
// are now; those of keys are asked for later, so `descriptions` must outlive it.
class CommentSource {
 public:
  explicit CommentSource(const Descriptions& descriptions);
  IniComments For(std::string_view path, std::string_view key) const;

 private:
  const Descriptions& descriptions_;
  std::map<std::string, std::string> sections_;  // folded path
};

// For `nscp settings --update` and `--generate`.
struct AnnotateOptions {
  // Write the default of every registered key that is not advanced and not set.
  bool add_defaults = false;
  // Drop keys that equal their default, and sections that are empty then.
  bool remove_defaults = false;
  // Write an object "sample" below each path whose objects have described keys. It is a
  // template, so nobody takes it for a user or a target.
  bool use_samples = false;
  // Whose defaults and samples are meant: as in SettingDescription.modules, any case.
  // Empty = everybody's.
  std::vector<std::string> owners;
};

void Annotate(const Descriptions& descriptions, const AnnotateOptions& options,
              IniFile* document);

// A file of its own with these sections, annotated, to be looked at: sensitive values
// stand in it as comments, masked.
IniFile GenerateFile(const std::vector<IniSection>& sections,
                     const Descriptions& descriptions, const AnnotateOptions& options);

}  // namespace nscp::kernel
