#include "kernel/modules/manifest.h"

#include <doctest/doctest.h>

#include <filesystem>

#include "nscp/v1/worker.pb.h"

namespace nscp::kernel {
namespace {

v1::Manifest Good() {
  v1::Manifest manifest;
  manifest.set_name("CheckX");
  manifest.set_program("check_x");
  manifest.set_contract_min(v1::CONTRACT_CURRENT);
  manifest.set_contract_max(v1::CONTRACT_CURRENT);
  manifest.add_queries()->set_name("check_x");
  return manifest;
}

TEST_CASE("an error in a manifest names the file, the line and the rule") {
  const std::string text = "{\n  \"name\": \"CheckX\",\n  \"contractMin\" 1\n}\n";
  const Status status = ParseManifest(text, "/m/CheckX.json").status();
  CAPTURE(status.message());
  CHECK(status.message().find("rule json: /m/CheckX.json line 3: ") == 0);
  const Status word =
      ParseManifest("{\n  \"name\": \"CheckX\",\n  \"program\": oops\n}\n", "x.json")
          .status();
  CAPTURE(word.message());
  CHECK(word.message().find("rule json: x.json line 3: ") == 0);
  const Status unknown = ParseManifest("{\"nmae\": \"x\"}", "x.json").status();
  CAPTURE(unknown.message());
  CHECK(unknown.message().find("nmae") != std::string::npos);
  CHECK_FALSE(ParseManifest("", "x.json").ok());
  CHECK_FALSE(ParseManifest("{\"name\": \"\xFF\"}", "x.json").ok());
  CHECK_FALSE(ParseManifest(std::string(100000, '['), "x.json").ok());
}

TEST_CASE("a manifest that breaks a rule is refused by the rule's name") {
  CHECK(CheckManifest(Good(), "/m/CheckX.json").ok());
  struct Case {
    const char* rule;
    const char* file;
    void (*spoil)(v1::Manifest*);
  };
  const Case cases[] = {
      {"name", "/m/CheckY.json", [](v1::Manifest*) {}},
      {"name", "/m/checkx.json", [](v1::Manifest*) {}},
      {"name", "/m/Check X.json", [](v1::Manifest* m) { m->set_name("Check X"); }},
      {"program", "/m/CheckX.json", [](v1::Manifest* m) { m->clear_program(); }},
      {"contract", "/m/CheckX.json",
       [](v1::Manifest* m) {
         m->set_contract_min(v1::CONTRACT_CURRENT + 1);
         m->set_contract_max(v1::CONTRACT_CURRENT + 1);
       }},
      {"contract", "/m/CheckX.json", [](v1::Manifest* m) { m->clear_contract_max(); }},
      {"query-name", "/m/CheckX.json",
       [](v1::Manifest* m) { m->add_queries()->set_name("Check_X"); }},
      {"query-name", "/m/CheckX.json", [](v1::Manifest* m) { m->add_queries(); }},
      {"platform", "/m/CheckX.json", [](v1::Manifest* m) { m->add_platforms("plan9"); }},
  };
  for (const Case& c : cases) {
    CAPTURE(c.rule);
    v1::Manifest manifest = Good();
    c.spoil(&manifest);
    const Status status = CheckManifest(manifest, c.file);
    CHECK(status.message().find("rule " + std::string(c.rule) + ": " + c.file) == 0);
  }
}

// As this system writes the path of a program.
std::string Native(const std::string& program) {
  const auto path = std::filesystem::u8path(program + std::string(ProgramSuffix()));
  return std::filesystem::absolute(path).make_preferred().u8string();
}

TEST_CASE("a program is looked for beside its manifest") {
  v1::Manifest manifest = Good();
  CHECK(ProgramOf(manifest, "/m/x") == Native("/m/x/check_x"));
  manifest.set_program("../bin/check_x");
  CHECK(ProgramOf(manifest, "/m/x") == Native("/m/bin/check_x"));
  manifest.set_program("/usr/lib/y");
  CHECK(ProgramOf(manifest, "/m/x") == Native("/usr/lib/y"));
}

TEST_CASE("module names are one plain segment") {
  for (const char* good : {"CheckX", "a", "x.y-z_1"}) CHECK(IsModuleName(good));
  for (const char* bad : {"", ".", "..", "a/b", "a b", "a\\b", "\xC3\xA4"}) {
    CAPTURE(bad);
    CHECK_FALSE(IsModuleName(bad));
  }
  CHECK_FALSE(IsModuleName(std::string(129, 'x')));
}

}  // namespace
}  // namespace nscp::kernel
