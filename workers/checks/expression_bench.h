// For tests: expressions and templates over one thing, six matches of nine objects.
#pragma once

#include <string>
#include <vector>

#include "workers/checks/binder.h"
#include "workers/checks/summary.h"
#include "workers/checks/template_text.h"
#include "workers/checks/test_objects.h"

namespace nscp::checks {

struct Bench {
  Keywords<Thing> objects = ThingKeywords();
  Keywords<Summary> summaries = SummaryKeywords();
  Environment environment;
  std::vector<std::string> log;
  Thing thing;
  Summary summary;
  Scratch scratch;

  Bench() {
    environment.now = kTestNow;
    environment.log = [this](sdk::LogLevel, std::string_view text) {
      log.emplace_back(text);
    };
    summary.rows.resize(6);
    summary.total = 9;
  }
  Result<CompiledExpression> Compile(const std::string& text) {
    return CompileCondition(text, Scope{objects, summaries, environment});
  }
  // "true", "false", "unsure true", "unsure false" or the error.
  std::string Judge(const std::string& text, bool with_object = true) {
    const auto compiled = Compile(text);
    if (!compiled.ok()) return compiled.status().message();
    const Value value =
        compiled->term->Evaluate({with_object ? &thing : nullptr, &summary, &scratch});
    return (value.sure ? "" : "unsure ") + std::string(IsTrue(value) ? "true" : "false");
  }
  // The text of a template, of one object or of the whole message, or the error.
  std::string Render(const std::string& text, bool whole_message = false) {
    const Scope scope{objects, summaries, environment, whole_message};
    const auto compiled = Template::Compile(text, scope);
    if (!compiled.ok()) return "error: " + compiled.status().message();
    return compiled->Render({whole_message ? nullptr : &thing, &summary, &scratch});
  }
};

}  // namespace nscp::checks
