// `nscp settings --migrate-layout`: where the files of an agent stand. Windows has two
// layouts, every other system one. Main's thread. Source: the command line's
// specification C.7.
#pragma once

#include <string>

#include "kernel/cli/layout_files.h"
#include "kernel/settings/boot.h"

namespace nscp::kernel {

// The platform's part: whether this system has two layouts.
bool HasLayouts();
// What was done, in one line; an error where it can't be done. The platform's part.
Result<std::string> MoveToLayout(Layout layout, const PathTokens& tokens, bool dry_run);

// That of a system with two layouts. The agent must not run.
Result<std::string> SwitchLayout(Layout layout, const PathTokens& tokens, bool dry_run);

// For boot.ini: the layout, and the store that comes first; one that names the settings
// file by its old place gets the name that follows the layout.
BootEdit LayoutEdit(Layout layout);
std::string ContextInLayout(const std::string& context, const PathTokens& before);

}  // namespace nscp::kernel
