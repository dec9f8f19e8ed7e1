// Any bytes as a settings file: nothing is lost, and an edit can be read back.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "kernel/settings/ini_file.h"

namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using nscp::kernel::IniFile;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  IniFile file = IniFile::Parse(bytes);
  Require(file.Serialize() == bytes);
  for (const auto& section : file.Contents()) {
    for (const auto& entry : section.entries) {
      Require(file.Get(section.name, entry.key) == entry.value);
    }
  }
  Require(file.Set("/fuzz", "key", "value").ok());
  IniFile read = IniFile::Parse(file.Serialize());
  Require(read.Get("/FUZZ", "Key") == "value");
  read.Sort();
  IniFile sorted = IniFile::Parse(read.Serialize());
  for (const auto& section : file.Contents()) {
    for (const auto& entry : section.entries) {
      Require(sorted.Get(section.name, entry.key) == entry.value);
    }
  }
  // What a set with comments adds goes again, however often.
  const nscp::kernel::IniComments comments = {"SECTION - of the fuzzer", "KEY - of it"};
  std::string before;
  for (int turn = 0; turn < 3; ++turn) {
    Require(file.Set("/fuzz/commented", "key", "value", &comments).ok());
    Require(IniFile::Parse(file.Serialize()).Get("/fuzz/commented", "key") == "value");
    Require(file.Delete("/fuzz/commented", "key", &comments));
    Require(turn < 2 || file.Serialize() == before);
    before = file.Serialize();
  }
  Require(read.DeleteSection("/fuzz"));
  Require(!IniFile::Parse(read.Serialize()).Get("/fuzz", "key"));
  return 0;
}
