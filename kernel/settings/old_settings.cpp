#include "kernel/settings/old_settings.h"

#include <map>
#include <set>
#include <utility>

#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace {

constexpr std::string_view kModules = "modules";
constexpr std::string_view kLibrary = ".dll";
constexpr std::string_view kAnyKey = "*";

// Where it was, where it is. Modules keep their names, save those that stand here.
constexpr std::pair<std::string_view, std::string_view> kMoved[] = {
    {"modules/*", "/modules"},
    {"modules/NSClientListener", "/modules/NSClientServer"},
    {"modules/NRPEListener", "/modules/NRPEServer"},
    {"modules/NSCAAgent", "/modules/NSCAClient"},
    {"modules/NSCAAgent", "/modules/Scheduler"},
    {"crash/archive", "/settings/crash/archive"},
    {"crash/submit", "/settings/crash/submit"},
    {"crash/restart", "/settings/crash/restart"},
    {"Settings/obfuscated_password", "/settings/default/obfuscated password"},
    {"Settings/password", "/settings/default/password"},
    {"Settings/allowed_hosts", "/settings/default/allowed hosts"},
    {"Settings/shared_session", "/settings/shared session/enabled"},
    {"log/file", "/settings/log/file name"},
    {"log/date_mask", "/settings/log/date format"},
    {"NSClient/allowed_hosts", "/settings/NSClient/server/allowed hosts"},
    {"NSClient/port", "/settings/NSClient/server/port"},
    {"NSClient/bind_to_address", "/settings/NSClient/server/bind to address"},
    {"NSClient/socket_timeout", "/settings/NSClient/server/socket timeout"},
    {"NRPE/allowed_hosts", "/settings/NRPE/server/allowed hosts"},
    {"NRPE/port", "/settings/NRPE/server/port"},
    {"NRPE/bind_to_address", "/settings/NRPE/server/bind to address"},
    {"NRPE/socket_timeout", "/settings/NRPE/server/socket timeout"},
    {"NRPE/command_timeout", "/settings/NRPE/server/command timeout"},
    {"NRPE/allow_arguments", "/settings/NRPE/server/allow arguments"},
    {"NRPE/allow_nasty_meta_chars", "/settings/NRPE/server/allow nasty characters"},
    {"NRPE/use_ssl", "/settings/NRPE/server/use ssl"},
    {"External Script/command_timeout", "/settings/external scripts/command timeout"},
    {"External Script/allow_arguments", "/settings/external scripts/allow arguments"},
    {"External Script/allow_nasty_meta_chars",
     "/settings/external scripts/allow nasty characters"},
    {"External Script/script_dir", "/settings/external scripts/script folder"},
    {"Script Wrappings/*", "/settings/external scripts/wrappings"},
    {"External Scripts/*", "/settings/external scripts/scripts"},
    {"External Alias/*", "/settings/external scripts/alias"},
    {"Wrapped Scripts/*", "/settings/external scripts/wrapped scripts"},
    {"includes/*", "/includes"},
    {"NSCA Agent/interval", "/settings/scheduler/schedules/default/interval"},
    {"NSCA Agent/hostname", "/settings/NSCA/client/hostname"},
    {"NSCA Commands/*", "/settings/scheduler/schedules"},
    {"NSCA Agent/encryption_method",
     "/settings/NSCA/client/targets/default/encryption method"},
    {"NSCA Agent/nsca_host", "/settings/NSCA/client/targets/default/host"},
    {"NSCA Agent/password", "/settings/NSCA/client/targets/default/password"},
    {"NSCA Agent/nsca_port", "/settings/NSCA/client/targets/default/port"},
    {"NSCA Agent/time_delay", "/settings/NSCA/client/targets/default/delay"},
};

class Places {
 public:
  Places() {
    for (const auto& [from, to] : kMoved) Add(from, to);
  }
  // What the file says of a key replaces the table's word on it.
  void AddFile(std::string_view map) {
    std::set<std::string> seen;
    for (const std::string& part : Split(map, '\n')) {
      const std::string_view line = Trim(part);
      const size_t equals = line.find('=');
      if (line.empty() || line[0] == '#' || equals == std::string_view::npos) continue;
      std::string from(Trim(line.substr(0, equals)));
      if (from.find('/') == std::string::npos) from += "/*";
      if (seen.insert(Fold(from)).second) places_.erase(Fold(from));
      Add(from, Trim(line.substr(equals + 1)));
    }
  }
  // Path and key of each place; empty where the key has none.
  std::vector<std::pair<std::string, std::string>> Of(const std::string& section,
                                                      const std::string& key) const {
    std::vector<std::pair<std::string, std::string>> found;
    const auto own = places_.equal_range(Fold(section + "/" + key));
    for (auto it = own.first; it != own.second; ++it) {
      const size_t slash = it->second.rfind('/');
      if (slash == std::string::npos) continue;
      found.emplace_back(it->second.substr(0, slash), it->second.substr(slash + 1));
    }
    if (!found.empty()) return found;
    const auto any = places_.equal_range(Fold(section + "/" + std::string(kAnyKey)));
    for (auto it = any.first; it != any.second; ++it) found.emplace_back(it->second, key);
    return found;
  }

 private:
  // A module's line may end in its library's suffix or not.
  static std::string Fold(std::string_view from) {
    std::string folded = ToLowerAscii(from);
    if (StartsWith(folded, "modules/") && EndsWith(folded, kLibrary)) {
      folded.resize(folded.size() - kLibrary.size());
    }
    return folded;
  }
  void Add(std::string_view from, std::string_view to) {
    places_.emplace(Fold(from), std::string(to));
  }

  std::multimap<std::string, std::string> places_;
};

// In [modules] a name stands alone on its line.
std::string WithModuleValues(std::string_view bytes) {
  std::string text;
  bool in_modules = false;
  for (const std::string& part : Split(bytes, '\n')) {
    const std::string_view line = Trim(part);
    if (!line.empty() && line[0] == '[') {
      const auto name = line.substr(1, line.find(']') - 1);
      in_modules = EqualsIgnoreCase(Trim(name), kModules);
    }
    const bool is_module = in_modules && !line.empty() &&
                           std::string_view("[;#").find(line[0]) == std::string::npos &&
                           line.find('=') == std::string_view::npos;
    text += line;
    text += is_module ? " = enabled\n" : "\n";
  }
  return text;
}

}  // namespace

IniFile ConvertOldSettings(std::string_view bytes, std::string_view map,
                           const std::string& name, std::vector<std::string>* notes) {
  Places places;
  places.AddFile(map);
  IniFile converted;
  for (const IniSection& section : IniFile::Parse(WithModuleValues(bytes)).Contents()) {
    size_t lost = 0;
    for (const IniEntry& entry : section.entries) {
      std::string key = entry.key;
      const bool is_module = EqualsIgnoreCase(section.name, kModules);
      if (is_module && EndsWith(ToLowerAscii(key), kLibrary)) {
        key.resize(key.size() - kLibrary.size());
      }
      const auto found = places.Of(section.name, key);
      if (found.empty()) ++lost;
      for (const auto& [path, today] : found) {
        if (!converted.Set(path, today, entry.value).ok()) ++lost;
      }
    }
    if (lost == 0) continue;
    notes->push_back(std::to_string(lost) + " keys of [" + section.name + "] in " + name +
                     " have no place in today's settings and are left out");
  }
  return converted;
}

}  // namespace nscp::kernel
