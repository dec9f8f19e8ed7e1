// A settings file of NSClient++ before 0.4 (nsc.ini) as today's paths and keys. Pure; any
// thread.
//
// In [modules] each line names a module that is loaded. A table says where a key went; a
// map file may add to it, whose lines win: "<section>/<key>=/<path>/<key>",
// "<section>/*=/<path>" or "<section>=/<path>" for all keys of a section, "#" for a
// comment. One key may go to several places. Source: the settings specification B.3.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kernel/settings/ini_file.h"

namespace nscp::kernel {

// `name` is the file's in texts. `notes` gets a sentence for each section with keys that
// have no place today, or that an ini file can't hold.
IniFile ConvertOldSettings(std::string_view bytes, std::string_view map,
                           const std::string& name, std::vector<std::string>* notes);

}  // namespace nscp::kernel
