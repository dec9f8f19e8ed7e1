#include "kernel/settings/old_settings.h"

#include <doctest/doctest.h>

namespace nscp::kernel {
namespace {

std::string Converted(const std::string& bytes, const std::string& map,
                      std::string* all_notes = nullptr) {
  std::vector<std::string> notes;
  const auto document = ConvertOldSettings(bytes, map, "nsc.ini", &notes);
  std::string text;
  for (const IniSection& section : document.Contents()) {
    for (const IniEntry& entry : section.entries) {
      text += section.name + ":" + entry.key + "=" + entry.value + "|";
    }
  }
  for (const std::string& note : notes) {
    if (all_notes != nullptr) *all_notes += note + "|";
  }
  return text;
}

TEST_CASE("modules are lines without a value, and some have new names") {
  CHECK(Converted("[modules]\n;Off.dll\nCheckDisk.dll\r\nNRPEListener.dll\n# no\n", "") ==
        "/modules:CheckDisk=enabled|/modules:NRPEServer=enabled|");
  CHECK(Converted("[Modules]\nNSCAAgent.dll\n", "") ==
        "/modules:NSCAClient=enabled|/modules:Scheduler=enabled|");
}

TEST_CASE("keys move to their places in any spelling, whole sections too") {
  CHECK(Converted("[nrpe]\nPORT=5666\n[External Alias]\nmy = check_ok\n", "") ==
        "/settings/NRPE/server:port=5666|/settings/external scripts/alias:my=check_ok|");
}

TEST_CASE("a map file adds places and replaces the table's") {
  const std::string map =
      "# mine\nNRPE/port=/x/port\nNRPE/port=/y/port\nlua scripts=/lua/scripts\nnoise\n";
  CHECK(Converted("[NRPE]\nport=1\nuse_ssl=0\n[LUA Scripts]\na=b\n", map) ==
        "/x:port=1|/y:port=1|/settings/NRPE/server:use ssl=0|/lua/scripts:a=b|");
}

TEST_CASE("what has no place today is told, without its value") {
  std::string notes;
  CHECK(Converted("[Eventlog]\ndebug=s3cret\nx=1\n", "", &notes).empty());
  CHECK(notes ==
        "2 keys of [Eventlog] in nsc.ini have no place in today's settings and are left "
        "out|");
}

}  // namespace
}  // namespace nscp::kernel
