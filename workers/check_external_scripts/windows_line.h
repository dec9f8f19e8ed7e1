// Command lines of Windows. There a program gets one line and takes it apart itself:
// most as C programs do, cmd.exe by rules of its own, by which an argument can become a
// command (CVE-2024-24576 and its kin). Pure; any thread. Sources: "Parsing C
// command-line arguments" and "cmd" of Windows' documentation.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "proto/cpp/status.h"

namespace nscp::check_external_scripts {

enum class LineStyle { kPosix, kWindows };
LineStyle SystemLineStyle();

// As C programs do: a backslash means something in front of a double quote alone, two
// double quotes in quotes are one. Every text can be taken apart.
std::vector<std::string> SplitWindowsLine(std::string_view line);

// "cmd", "C:\Windows\System32\cmd.exe": what follows is in cmd.exe's own language.
bool IsCommandShell(std::string_view program);
// "scripts\check.bat": cmd.exe runs it.
bool IsBatchFile(std::string_view program);

// A line that runs the batch file words[0] by cmd.exe, with the other words as its
// arguments, whatever characters they have. InvalidArgument for a line end or zero byte,
// which no line can hold.
Result<std::string> BatchLine(const std::vector<std::string>& words);

}  // namespace nscp::check_external_scripts
