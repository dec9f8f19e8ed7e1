// Conditions. Operands are in operand_binder.cpp.
#include "workers/checks/expression_binder.h"

namespace nscp::checks {
namespace {

Operator Mirror(Operator op) {
  switch (op) {
    case Operator::kLess:
      return Operator::kGreater;
    case Operator::kLessOrEqual:
      return Operator::kGreaterOrEqual;
    case Operator::kGreater:
      return Operator::kLess;
    case Operator::kGreaterOrEqual:
      return Operator::kLessOrEqual;
    default:
      return op;
  }
}

bool IsNumber(const Literal& literal) {
  return literal.kind != Literal::Kind::kText || ToNumber(Value::Text(literal.text)).sure;
}

Status CannotCompare(const std::string& left, Type left_type, const Literal& right,
                     const std::string& hint) {
  return Status::InvalidArgument("Cannot compare " + left + " to " + Describe(right) +
                                 " (" + std::string(TypeName(left_type)) + " to " +
                                 std::string(TypeName(TypeOf(right))) + "): " + hint);
}

Result<CompiledExpression> Compile(std::string_view text, const Scope& scope,
                                   bool keep_value) {
  ASSIGN_OR_RETURN(const NodePtr tree, ParseExpression(text));
  ExpressionBinder binder(scope);
  const bool is_operand = keep_value && tree->kind == Node::Kind::kTruth;
  auto term =
      is_operand ? binder.OperandValue(*tree->children[0]) : binder.Condition(*tree);
  if (!term.ok()) return term.status();
  CompiledExpression compiled = binder.Finish(std::move(term).value());
  compiled.text = std::string(text);
  return compiled;
}

}  // namespace

Result<CompiledExpression> CompileCondition(std::string_view text, const Scope& scope) {
  return Compile(text, scope, false);
}

Result<CompiledExpression> CompileValue(std::string_view text, const Scope& scope) {
  return Compile(text, scope, true);
}

CompiledExpression ExpressionBinder::Finish(TermPtr term) {
  return {"", std::move(term), needs_object_, std::move(compared_)};
}

Result<std::vector<TermPtr>> ExpressionBinder::Conditions(const Node& node) {
  std::vector<TermPtr> terms;
  for (const NodePtr& child : node.children) {
    ASSIGN_OR_RETURN(TermPtr term, Condition(*child));
    terms.push_back(std::move(term));
  }
  return terms;
}

Result<TermPtr> ExpressionBinder::Condition(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kAnd: {
      ASSIGN_OR_RETURN(auto terms, Conditions(node));
      return MakeAnd(std::move(terms));
    }
    case Node::Kind::kOr: {
      ASSIGN_OR_RETURN(auto terms, Conditions(node));
      return MakeOr(std::move(terms));
    }
    case Node::Kind::kNot: {
      ASSIGN_OR_RETURN(TermPtr term, Condition(*node.children[0]));
      return MakeNot(std::move(term));
    }
    case Node::Kind::kCompare:
      return Comparison(node.op, *node.children[0], *node.children[1], true);
    case Node::Kind::kIn:
      return In(node);
    case Node::Kind::kTruth: {
      ASSIGN_OR_RETURN(TermPtr term, OperandValue(*node.children[0]));
      return MakeTruth(std::move(term));
    }
    default:
      return Status::Internal("an operand stands where a condition should");
  }
}

Result<TermPtr> ExpressionBinder::In(const Node& node) {
  needs_object_ = true;
  std::vector<TermPtr> equal;
  for (size_t i = 1; i < node.children.size(); ++i) {
    ASSIGN_OR_RETURN(TermPtr term, Comparison(Operator::kEqual, *node.children[0],
                                              *node.children[i], false));
    equal.push_back(std::move(term));
  }
  TermPtr found = MakeOr(std::move(equal));
  if (!node.negated) return found;
  ASSIGN_OR_RETURN(TermPtr value, OperandValue(*node.children[0]));
  return MakeNotIn(std::move(value), std::move(found));
}

Result<TermPtr> ExpressionBinder::Comparison(Operator op, const Node& left_node,
                                             const Node& right_node, bool collect) {
  ASSIGN_OR_RETURN(Operand left, Bind(left_node));
  ASSIGN_OR_RETURN(Operand right, Bind(right_node));
  const bool is_pattern = op == Operator::kRegexp || op == Operator::kNotRegexp;
  const bool mirrored = left.literal && !right.literal && !is_pattern;
  if (mirrored) {
    std::swap(left, right);
    op = Mirror(op);
  }
  if (collect && left.keyword != nullptr && right.literal) {
    compared_.push_back({left.keyword, left.of_summary, *right.literal});
  }
  switch (op) {
    case Operator::kLike:
    case Operator::kNotLike:
      return Like(op == Operator::kNotLike, std::move(left), std::move(right));
    case Operator::kRegexp:
    case Operator::kNotRegexp:
      return Matches(op == Operator::kNotRegexp, std::move(left), std::move(right));
    default:
      break;
  }
  if (right.literal) return AgainstLiteral(op, std::move(left), *right.literal);
  auto has_text = [](const Operand& operand) {
    return operand.type == Type::kText ||
           (operand.keyword != nullptr && operand.keyword->get_text != nullptr);
  };
  if (left.type == Type::kText || (right.type == Type::kText && has_text(left))) {
    return MakeTextComparison(op, AsText(std::move(left)), AsText(std::move(right)));
  }
  return MakeNumberComparison(op, std::move(left.term),
                              MakeToNumber(std::move(right.term)));
}

Result<TermPtr> ExpressionBinder::AgainstLiteral(Operator op, Operand operand,
                                                 const Literal& literal) {
  const Keyword* keyword = operand.keyword;
  const bool text_literal = literal.kind == Literal::Kind::kText;
  const bool has_face =
      keyword != nullptr && (keyword->get_text != nullptr ||
                             (!keyword->no_value.empty() && !IsNumber(literal)));
  if (operand.type == Type::kText || (text_literal && has_face)) {
    Operand right;
    right.literal = literal;
    return MakeTextComparison(op, AsText(std::move(operand)), AsText(std::move(right)));
  }
  if (operand.type == Type::kCustom) {
    // Read once without an object, so that what can never be right is found now.
    const auto checked = operand.converter->convert(literal, nullptr);
    if (!checked.ok()) return checked.status();
    return MakeNumberComparison(op, std::move(operand.term),
                                MakeConverted(*operand.converter, literal));
  }
  const auto converted = ConvertLiteral(operand.type, literal, scope_.environment);
  if (!converted.ok()) {
    const std::string left = keyword != nullptr ? keyword->name
                             : operand.literal  ? Describe(*operand.literal)
                                                : "the value";
    return CannotCompare(left, operand.type, literal, converted.status().message());
  }
  const Value value = *converted;
  TermPtr right = !value.sure                           ? MakeUnsure()
                  : value.kind == Value::Kind::kInteger ? MakeConstant(value.integer)
                                                        : MakeConstant(value.real);
  ASSIGN_OR_RETURN(TermPtr left, Materialize(std::move(operand)));
  return MakeNumberComparison(op, std::move(left), std::move(right));
}

Result<TermPtr> ExpressionBinder::Like(bool negated, Operand left, Operand right) {
  for (const Operand* operand : {&left, &right}) {
    if (!operand->literal &&
        (operand->type == Type::kSize || operand->type == Type::kDate)) {
      return Status::InvalidArgument("Cannot use like on a " +
                                     std::string(TypeName(operand->type)));
    }
  }
  return MakeLike(negated, AsText(std::move(left)), AsText(std::move(right)));
}

Result<TermPtr> ExpressionBinder::Matches(bool negated, Operand left, Operand right) {
  if (!right.literal) {
    return Status::InvalidArgument("regexp needs a pattern in quotes on its right");
  }
  auto compiled = Regexp::Compile(right.literal->text);
  if (!compiled.ok()) {
    scope_.environment.Write(
        sdk::LogLevel::kError,
        "Invalid syntax in regular expression:" + right.literal->text +
            " error: " + compiled.status().message());
    return MakeUnsure();
  }
  return MakeRegexp(negated, AsText(std::move(left)), std::move(compiled).value());
}

}  // namespace nscp::checks
