// The executable form of an expression: a tree of terms, made once for a check by the
// binder and evaluated for each object without allocating. Immutable once made; a Context
// belongs to one run of a check.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "workers/checks/expression.h"
#include "workers/checks/keywords.h"
#include "workers/checks/regexp.h"
#include "workers/checks/value.h"

namespace nscp::checks {

struct Context {
  const void* object = nullptr;   // null: there is none
  const void* summary = nullptr;  // a Summary
  Scratch* scratch = nullptr;
};

class Term {
 public:
  virtual ~Term() = default;
  virtual Value Evaluate(const Context& context) const = 0;
};
using TermPtr = std::unique_ptr<Term>;

// Truth values are the integers 1 and 0.
inline bool IsTrue(const Value& value) { return value.IsNumber() && value.AsReal() != 0; }

TermPtr MakeConstant(int64_t number);
TermPtr MakeConstant(double number);
TermPtr MakeConstant(std::string text);
// An unsure 0: what stands in for something that can never be worked out.
TermPtr MakeUnsure();
// `get` is called on the object or, for a keyword of the summary, on the summary.
TermPtr MakeVariable(const Keyword& keyword, bool of_summary);
// The text face of the keyword, or what a template would print.
TermPtr MakeTextFace(const Keyword& keyword, bool of_summary);
// A literal that the keyword's own converter reads anew for each object.
TermPtr MakeConverted(const Keyword& keyword, Literal literal);
TermPtr MakeToNumber(TermPtr term);
TermPtr MakeToText(TermPtr term);
TermPtr MakeNegated(TermPtr term, std::optional<int64_t> around);

// `op` is neither like nor regexp. A missing value makes every comparison false.
TermPtr MakeNumberComparison(Operator op, TermPtr left, TermPtr right);
TermPtr MakeTextComparison(Operator op, TermPtr left, TermPtr right);
TermPtr MakeLike(bool negated, TermPtr left, TermPtr right);
TermPtr MakeRegexp(bool negated, TermPtr left, Regexp regexp);

TermPtr MakeAnd(std::vector<TermPtr> terms);
TermPtr MakeOr(std::vector<TermPtr> terms);
TermPtr MakeNot(TermPtr term);
// "not in": false for a missing value, else the inverse of `found`.
TermPtr MakeNotIn(TermPtr value, TermPtr found);
// An operand as a condition: exactly 1.
TermPtr MakeTruth(TermPtr term);

TermPtr MakeObjectCall(const Function& function, std::vector<TermPtr> arguments);
// A function of values alone.
using ValueFunction =
    std::function<Value(const std::vector<Value>& arguments, Scratch& scratch)>;
TermPtr MakeValueCall(ValueFunction function, std::vector<TermPtr> arguments);

}  // namespace nscp::checks
