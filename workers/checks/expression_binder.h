// The recursive half of CompileCondition and CompileValue. Made for one expression.
#pragma once

#include <optional>

#include "workers/checks/binder.h"

namespace nscp::checks {

class ExpressionBinder {
 public:
  explicit ExpressionBinder(const Scope& scope) : scope_(scope) {}

  Result<TermPtr> Condition(const Node& node);
  // The value of an operand, literals as constants.
  Result<TermPtr> OperandValue(const Node& node);
  CompiledExpression Finish(TermPtr term);

 private:
  struct Operand {
    TermPtr term;  // null for a literal
    Type type = Type::kInteger;
    std::optional<Literal> literal;
    const Keyword* keyword = nullptr;    // the operand is just this
    const Keyword* converter = nullptr;  // reads literals of type kCustom
    bool of_summary = false;
  };

  Result<std::vector<TermPtr>> Conditions(const Node& node);
  Result<TermPtr> Comparison(Operator op, const Node& left, const Node& right,
                             bool collect);
  Result<TermPtr> AgainstLiteral(Operator op, Operand operand, const Literal& literal);
  Result<TermPtr> Like(bool negated, Operand left, Operand right);
  Result<TermPtr> Matches(bool negated, Operand left, Operand right);
  Result<TermPtr> In(const Node& node);
  Result<Operand> Bind(const Node& node);
  Result<Operand> BindName(const std::string& name);
  Result<Operand> BindCall(const Node& node);
  Result<Operand> BindNegation(const Node& node);
  Result<Operand> BindConversion(const Node& node);
  Result<Operand> BindObjectCall(const Node& node, const Function& function);
  Result<std::vector<TermPtr>> Arguments(const Node& node, size_t least, size_t most,
                                         const std::string& expectation);
  Result<TermPtr> Materialize(Operand operand);
  TermPtr AsText(Operand operand);

  const Scope& scope_;
  bool needs_object_ = false;
  std::vector<Compared> compared_;
};

}  // namespace nscp::checks
