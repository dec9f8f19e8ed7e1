// Wrapped scripts: a file's type decides which program runs it. A template such as
// `powershell.exe -File "scripts\%SCRIPT%" $ARGS"$` gets the script's name and the rest
// of its line. Pure. Source: modules.md C4.
#pragma once

#include <map>
#include <string>

#include "proto/cpp/status.h"
#include "workers/check_external_scripts/windows_line.h"

namespace nscp::check_external_scripts {

// Lower-case file extension without its dot -> template.
using Wrappings = std::map<std::string, std::string>;

// The command line that runs `line` ("script.ps1 args"). NotFound without a template for
// its type.
Result<std::string> Wrap(const Wrappings& wrappings, const std::string& line);

// `word`, a file's name, as one word of a command line.
std::string QuoteWord(const std::string& word, LineStyle style = SystemLineStyle());

}  // namespace nscp::check_external_scripts
