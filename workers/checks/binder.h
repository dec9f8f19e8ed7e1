// From the tree of an expression to something that can be evaluated: names become
// keywords, literals take the type of what they are compared with, units are converted
// (filter-engine.md 4.2, 4.3). All that can be wrong with an expression is found here,
// before anything is collected. Any thread; a CompiledExpression is immutable.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "workers/checks/environment.h"
#include "workers/checks/expression.h"
#include "workers/checks/keywords.h"
#include "workers/checks/terms.h"

namespace nscp::checks {

// Where names are looked up. The tables and the environment outlive what is compiled with
// them.
struct Scope {
  const KeywordTable& objects;
  const KeywordTable& summary;
  const Environment& environment;
  // Templates for the whole message: there is no object, so the summary's names win.
  bool summary_first = false;
  // Takes the names of the objects' keywords and functions that were bound; may be null.
  std::set<std::string_view>* used = nullptr;
};

// A keyword that is compared with a literal: what becomes performance data in a
// threshold.
struct Compared {
  const Keyword* keyword = nullptr;
  bool of_summary = false;
  Literal literal;
};

struct CompiledExpression {
  std::string text;  // as it was written
  TermPtr term;
  // It can only be judged for an object (filter-engine.md 5.2).
  bool needs_object = false;
  std::vector<Compared> compared;
};

// A condition; the error says why the expression is not valid.
Result<CompiledExpression> CompileCondition(std::string_view text, const Scope& scope);
// The same, but a lone operand keeps its value: for templates.
Result<CompiledExpression> CompileValue(std::string_view text, const Scope& scope);

// What a literal is by itself.
Type TypeOf(const Literal& literal);
// `literal` as a value of `type` (not kText, not kCustom). A text that is no number is an
// unsure 0; a unit that the type does not know is an error that says what to write, for
// kPercent only a line in the log.
Result<Value> ConvertLiteral(Type type, const Literal& literal,
                             const Environment& environment);
// The same for a keyword of any type but kText; `object` is for its own converter.
Result<Value> ConvertLiteral(const Keyword& keyword, const Literal& literal,
                             const Environment& environment, const void* object);

}  // namespace nscp::checks
