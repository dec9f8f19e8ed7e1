#include <doctest/doctest.h>

#include <algorithm>

#include "kernel/cli/completion_model.h"

namespace nscp::kernel {
namespace {

bool HasText(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("every context, alias and option is completed in every shell") {
  for (const std::string& script :
       {BashCompletion(), ZshCompletion(), FishCompletion()}) {
    for (const ContextWord& context : Contexts()) {
      CAPTURE(context.name);
      CHECK(HasText(script, std::string(context.name)));
      if (context.options == nullptr) continue;
      for (const Option& option : context.options().options) {
        CAPTURE(option.name);
        CHECK((HasText(script, "--" + std::string(option.name)) ||
               HasText(script, " -l " + std::string(option.name))));
      }
    }
    for (const AliasWord& alias : Aliases()) {
      CHECK(HasText(script, std::string(alias.name)));
    }
  }
}

TEST_CASE("each context has its own and the common options once") {
  for (const CompletedContext& context : CompletedContexts()) {
    CAPTURE(context.words.front());
    std::vector<std::string_view> names;
    for (const CompletedOption& option : context.options) {
      names.push_back(option.option->name);
    }
    CHECK(std::count(names.begin(), names.end(), "settings") == 1);
    std::sort(names.begin(), names.end());
    CHECK(std::adjacent_find(names.begin(), names.end()) == names.end());
  }
}

TEST_CASE("the kind of a value comes from what the table calls it") {
  const auto kind_of = [](std::string_view context, std::string_view name) {
    for (const CompletedContext& each : CompletedContexts()) {
      if (each.words.front() != context) continue;
      for (const CompletedOption& option : each.options) {
        if (option.option->name == name) return option;
      }
    }
    FAIL("no such option");
    return CompletedOption{};
  };
  CHECK(kind_of("status", "settings").kind == ValueKind::kFile);
  CHECK(kind_of("status", "debug").kind == ValueKind::kNone);
  CHECK(kind_of("status", "output").choices == std::vector<std::string>{"table", "json"});
  CHECK(kind_of("logs", "level").kind == ValueKind::kChoice);
  CHECK(kind_of("logs", "lines").kind == ValueKind::kAny);
  CHECK(kind_of("client", "module").kind == ValueKind::kModule);
  CHECK(kind_of("client", "query").kind == ValueKind::kQuery);
}

TEST_CASE("quotes in a help text do not end the shell's text") {
  CHECK(ShellQuoted("agent's") == "'agent'\\''s'");
}

}  // namespace
}  // namespace nscp::kernel
