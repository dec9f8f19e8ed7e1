// `nscp settings --remove-made`: what an uninstall takes away besides the installed
// files. The agent's log, caches, state and the certificates that it made, and boot.ini;
// in both layouts. nsclient.ini is the user's and stays, and so does every file that this
// list does not know; a folder of data that others may write to is left alone. Main's
// thread. Source: the command line's specification C.1.
#pragma once

#include "kernel/cli/common_options.h"

namespace nscp::kernel {

// 0, or 1 where something could not be removed, which standard error names.
int RemoveMade(const CommonOptions& common, Terminal& terminal);

}  // namespace nscp::kernel
