// Which of a check's two forms is meant: commands have other keywords and options on
// Windows. Handed in, so that both are tested everywhere.
#pragma once

namespace nscp::check_system {

enum class Platform { kUnix, kWindows };

// The one that this program is made for.
Platform ThisPlatform();

}  // namespace nscp::check_system
