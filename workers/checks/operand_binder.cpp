// Operands: names, literals, functions.
#include <cmath>

#include "workers/checks/expression_binder.h"
#include "workers/checks/formats.h"

namespace nscp::checks {
namespace {

Literal Negative(Literal literal) {
  // Unsigned, since the smallest integer has no counterpart.
  literal.integer = static_cast<int64_t>(-static_cast<uint64_t>(literal.integer));
  literal.real = -literal.real;
  literal.text = literal.text[0] == '-' ? literal.text.substr(1) : "-" + literal.text;
  return literal;
}

Value KeepText(std::string text, Scratch& scratch) {
  std::string& kept = scratch.Next();
  kept = std::move(text);
  return Value::Text(kept);
}

char UnitOf(const Value& unit) { return unit.text.empty() ? 'b' : unit.text[0]; }

Value FormatBytesOf(const std::vector<Value>& arguments, Scratch& scratch) {
  const Value bytes = ToNumber(arguments[0]);
  if (!bytes.IsNumber()) return bytes;
  if (arguments.size() == 1) return KeepText(FormatBytes(bytes.AsReal()), scratch);
  return KeepText(FormatBytesIn(bytes.AsReal(), UnitOf(arguments[1])), scratch);
}

Value ConvertBytes(const std::vector<Value>& arguments, Scratch&) {
  const Value bytes = ToNumber(arguments[0]);
  if (!bytes.IsNumber()) return bytes;
  return Value::Real(bytes.AsReal() / BytesOf(UnitOf(arguments[1])).value_or(1));
}

Value Scale(const std::vector<Value>& arguments, Scratch&) {
  const Value number = ToNumber(arguments[0]);
  const double divisor = ToNumber(arguments[1]).AsReal();
  if (!number.IsNumber()) return number;
  return divisor == 0 ? Value::Real(0, false) : Value::Real(number.AsReal() / divisor);
}

// The functions of values that every check has.
struct ValueFunctionRow {
  const char* name;
  size_t least;
  size_t most;
  Type type;
  const char* expectation;
  Value (*function)(const std::vector<Value>&, Scratch&);
};
constexpr ValueFunctionRow kValueFunctions[] = {
    {"format_bytes", 1, 2, Type::kText, "1 or 2 arguments: value and unit",
     FormatBytesOf},
    {"convert_bytes", 2, 2, Type::kReal, "2 arguments: value and unit", ConvertBytes},
    {"scale", 2, 2, Type::kReal, "2 arguments: value and divisor", Scale},
};

}  // namespace

Result<TermPtr> ExpressionBinder::OperandValue(const Node& node) {
  ASSIGN_OR_RETURN(Operand operand, Bind(node));
  return Materialize(std::move(operand));
}

Result<TermPtr> ExpressionBinder::Materialize(Operand operand) {
  if (!operand.literal) return std::move(operand.term);
  const Literal& literal = *operand.literal;
  if (literal.unit != 0) {
    return Status::InvalidArgument("The unit of " + Describe(literal) +
                                   " needs a keyword to be compared with");
  }
  switch (literal.kind) {
    case Literal::Kind::kInteger:
      return MakeConstant(literal.integer);
    case Literal::Kind::kReal:
      return MakeConstant(literal.real);
    case Literal::Kind::kText:
      break;
  }
  return MakeConstant(literal.text);
}

TermPtr ExpressionBinder::AsText(Operand operand) {
  if (operand.literal) {
    const Literal& literal = *operand.literal;
    return MakeConstant(literal.kind == Literal::Kind::kText ? literal.text
                                                             : Describe(literal));
  }
  if (operand.type == Type::kText) return std::move(operand.term);
  if (operand.keyword != nullptr) {
    return MakeTextFace(*operand.keyword, operand.of_summary);
  }
  return MakeToText(std::move(operand.term));
}

Result<ExpressionBinder::Operand> ExpressionBinder::Bind(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kLiteral: {
      if (node.literal.unit != 0) needs_object_ = true;
      Operand operand;
      operand.literal = node.literal;
      operand.type = TypeOf(node.literal);
      return operand;
    }
    case Node::Kind::kName:
      return BindName(node.name);
    case Node::Kind::kCall:
      return BindCall(node);
    case Node::Kind::kBits: {
      std::vector<TermPtr> sides;
      for (const NodePtr& child : node.children) {
        ASSIGN_OR_RETURN(TermPtr side, OperandValue(*child));
        sides.push_back(MakeToNumber(std::move(side)));
      }
      Operand operand;
      operand.term = node.is_or ? MakeOr(std::move(sides)) : MakeAnd(std::move(sides));
      return operand;
    }
    default:
      return Status::Internal("a condition stands where an operand should");
  }
}

Result<ExpressionBinder::Operand> ExpressionBinder::BindName(const std::string& name) {
  const Keyword* of_object = scope_.objects.Find(name);
  const Keyword* of_summary = scope_.summary.Find(name);
  if (of_object == nullptr && of_summary == nullptr) {
    const Function* function = scope_.objects.FindFunction(name);
    if (function != nullptr && function->min_arguments == 0) {
      Node call;
      call.name = name;
      return BindObjectCall(call, *function);
    }
    return Status::NotFound("Variable not found: " + name);
  }
  Operand operand;
  operand.of_summary =
      of_object == nullptr || (scope_.summary_first && of_summary != nullptr);
  operand.keyword = operand.of_summary ? of_summary : of_object;
  operand.converter = operand.keyword;
  operand.type = operand.keyword->type;
  operand.term = MakeVariable(*operand.keyword, operand.of_summary);
  if (!operand.of_summary) {
    needs_object_ = true;
    if (scope_.used != nullptr) scope_.used->insert(of_object->name);
  }
  return operand;
}

Result<ExpressionBinder::Operand> ExpressionBinder::BindCall(const Node& node) {
  if (const Function* function = scope_.objects.FindFunction(node.name)) {
    return BindObjectCall(node, *function);
  }
  if (node.name == "neg") return BindNegation(node);
  if (node.name == "convert" || node.name == "auto_convert") return BindConversion(node);
  for (const ValueFunctionRow& row : kValueFunctions) {
    if (node.name != row.name) continue;
    ASSIGN_OR_RETURN(auto arguments,
                     Arguments(node, row.least, row.most, row.expectation));
    Operand operand;
    operand.type = row.type;
    operand.term = MakeValueCall(row.function, std::move(arguments));
    return operand;
  }
  return Status::NotFound("Function not found: " + node.name);
}

Result<ExpressionBinder::Operand> ExpressionBinder::BindObjectCall(
    const Node& node, const Function& function) {
  const std::string least = std::to_string(function.min_arguments);
  const std::string expectation =
      function.min_arguments == function.max_arguments
          ? least + " arguments"
          : least + " to " + std::to_string(function.max_arguments) + " arguments";
  ASSIGN_OR_RETURN(auto arguments, Arguments(node, function.min_arguments,
                                             function.max_arguments, expectation));
  needs_object_ = true;
  if (scope_.used != nullptr) scope_.used->insert(function.name);
  Operand operand;
  operand.type = function.type;
  operand.term = MakeObjectCall(function, std::move(arguments));
  return operand;
}

Result<ExpressionBinder::Operand> ExpressionBinder::BindNegation(const Node& node) {
  if (node.children.size() != 1) {
    return Status::InvalidArgument("neg expects 1 argument: value");
  }
  ASSIGN_OR_RETURN(Operand operand, Bind(*node.children[0]));
  if (operand.literal && operand.literal->kind != Literal::Kind::kText) {
    operand.literal = Negative(*operand.literal);
    return operand;
  }
  const auto around = operand.type == Type::kDate
                          ? std::optional<int64_t>(scope_.environment.now)
                          : std::nullopt;
  Operand negated;
  negated.type = operand.type == Type::kText ? Type::kReal : operand.type;
  negated.converter = operand.converter;
  ASSIGN_OR_RETURN(TermPtr term, Materialize(std::move(operand)));
  negated.term = MakeNegated(std::move(term), around);
  return negated;
}

// What "5k" is short for: a number and its unit.
Result<ExpressionBinder::Operand> ExpressionBinder::BindConversion(const Node& node) {
  const auto& parts = node.children;
  const bool complete = parts.size() == 2 && parts[0]->kind == Node::Kind::kLiteral &&
                        parts[1]->kind == Node::Kind::kLiteral &&
                        parts[0]->literal.kind != Literal::Kind::kText &&
                        parts[1]->literal.text.size() == 1;
  if (!complete) {
    return Status::InvalidArgument(node.name + " expects 2 arguments: number and unit");
  }
  needs_object_ = true;
  Operand operand;
  operand.literal = parts[0]->literal;
  operand.literal->unit = parts[1]->literal.text[0];
  operand.type = TypeOf(*operand.literal);
  return operand;
}

Result<std::vector<TermPtr>> ExpressionBinder::Arguments(const Node& node, size_t least,
                                                         size_t most,
                                                         const std::string& expectation) {
  if (node.children.size() < least || node.children.size() > most) {
    return Status::InvalidArgument(node.name + " expects " + expectation);
  }
  std::vector<TermPtr> arguments;
  for (const NodePtr& child : node.children) {
    ASSIGN_OR_RETURN(TermPtr argument, OperandValue(*child));
    arguments.push_back(std::move(argument));
  }
  return arguments;
}

}  // namespace nscp::checks
