// Comments and defaults for a settings file (`nscp settings --update`, `--generate`):
// each described key gets a line `; TITLE - description` above it, once. Functions
// without state.
#pragma once

#include <string>

#include "kernel/settings/descriptions.h"
#include "kernel/settings/ini_file.h"

namespace nscp::kernel {

struct AnnotateOptions {
  // Write the default of every registered key that is not advanced and not set.
  bool add_defaults = false;
  // Drop keys that equal their default, and sections that are empty then.
  bool remove_defaults = false;
};

void Annotate(const Descriptions& descriptions, const AnnotateOptions& options,
              IniFile* document);

// A file of its own with these sections, annotated.
IniFile GenerateFile(const std::vector<IniSection>& sections,
                     const Descriptions& descriptions, const AnnotateOptions& options);

}  // namespace nscp::kernel
