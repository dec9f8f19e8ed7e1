#include "workers/checks/expression_parser.h"

#include <algorithm>

#include "proto/cpp/text.h"
#include "workers/checks/letters.h"

namespace nscp::checks {
namespace {

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

}  // namespace

Result<NodePtr> ParseExpression(std::string_view text) {
  if (text.size() > kMaxExpressionLength) {
    return Status::InvalidArgument("the expression is longer than " +
                                   std::to_string(kMaxExpressionLength) + " bytes");
  }
  return ExpressionParser(text).Parse();
}

std::string Describe(const Literal& literal) {
  if (literal.kind == Literal::Kind::kText) return "'" + literal.text + "'";
  return literal.unit == 0 ? literal.text : literal.text + literal.unit;
}

Result<NodePtr> ExpressionParser::Parse() {
  NodePtr node = Expression(0);
  if (too_deep_) {
    return Status::InvalidArgument("the expression is nested deeper than " +
                                   std::to_string(kMaxExpressionDepth) + " levels");
  }
  SkipBlanks();
  if (node != nullptr && at_ == text_.size()) return node;
  return Status::InvalidArgument("Parsing failed of '" + std::string(text_) +
                                 "' at: " + std::string(text_.substr(furthest_)));
}

bool ExpressionParser::TooDeep(int depth) {
  if (depth > kMaxExpressionDepth) too_deep_ = true;
  return too_deep_;
}

NodePtr ExpressionParser::Expression(int depth) {
  NodePtr first = AndExpression(depth);
  if (first == nullptr || !TryWord("or")) return first;
  NodePtr node = MakeNode(Node::Kind::kOr);
  node->children.push_back(std::move(first));
  do {
    NodePtr next = AndExpression(depth);
    if (next == nullptr) return nullptr;
    node->children.push_back(std::move(next));
  } while (TryWord("or"));
  return node;
}

NodePtr ExpressionParser::AndExpression(int depth) {
  NodePtr first = NotExpression(depth);
  if (first == nullptr || !TryWord("and")) return first;
  NodePtr node = MakeNode(Node::Kind::kAnd);
  node->children.push_back(std::move(first));
  do {
    NodePtr next = NotExpression(depth);
    if (next == nullptr) return nullptr;
    node->children.push_back(std::move(next));
  } while (TryWord("and"));
  return node;
}

NodePtr ExpressionParser::NotExpression(int depth) {
  if (!TryWord("not")) return Condition(depth);
  NodePtr inner = Condition(depth);
  if (inner == nullptr) return nullptr;
  NodePtr node = MakeNode(Node::Kind::kNot);
  node->children.push_back(std::move(inner));
  return node;
}

NodePtr ExpressionParser::Condition(int depth) {
  if (TooDeep(depth)) return nullptr;
  if (NodePtr bits = TryParenthesisedBits(depth)) {
    return ConditionOf(std::move(bits), depth);
  }
  if (too_deep_) return nullptr;
  if (TryChar('(')) {
    NodePtr inner = Expression(depth + 1);
    return inner != nullptr && TryChar(')') ? std::move(inner) : nullptr;
  }
  NodePtr operand = Operand(depth);
  return operand == nullptr ? nullptr : ConditionOf(std::move(operand), depth);
}

NodePtr ExpressionParser::ConditionOf(NodePtr operand, int depth) {
  const bool not_in = TryNotWord("in");
  if (not_in || TryWord("in")) {
    NodePtr node = MakeNode(Node::Kind::kIn);
    node->negated = not_in;
    node->children.push_back(std::move(operand));
    return List(*node, depth, false) ? std::move(node) : nullptr;
  }
  if (const auto op = TryOperator()) {
    NodePtr right = TryParenthesisedBits(depth);
    if (right == nullptr) right = Operand(depth);
    if (right == nullptr) return nullptr;
    NodePtr node = MakeNode(Node::Kind::kCompare);
    node->op = *op;
    node->children.push_back(std::move(operand));
    node->children.push_back(std::move(right));
    return node;
  }
  NodePtr node = MakeNode(Node::Kind::kTruth);
  node->children.push_back(std::move(operand));
  return node;
}

NodePtr ExpressionParser::Operand(int depth) {
  NodePtr left = Atom(depth);
  if (left == nullptr) return nullptr;
  const bool is_or = TryChar('|');
  if (!is_or && !TryChar('&')) return left;
  NodePtr right = Atom(depth);
  if (right == nullptr) return nullptr;
  NodePtr node = MakeNode(Node::Kind::kBits);
  node->is_or = is_or;
  node->children.push_back(std::move(left));
  node->children.push_back(std::move(right));
  return node;
}

NodePtr ExpressionParser::TryParenthesisedBits(int depth) {
  const size_t start = at_;
  if (TryChar('(')) {
    NodePtr bits = Operand(depth + 1);
    if (bits != nullptr && bits->kind == Node::Kind::kBits && TryChar(')')) return bits;
  }
  at_ = start;
  return nullptr;
}

std::optional<Operator> ExpressionParser::TryOperator() {
  static constexpr struct {
    const char* sign;
    Operator op;
  } kSigns[] = {{"<=", Operator::kLessOrEqual}, {">=", Operator::kGreaterOrEqual},
                {"!=", Operator::kNotEqual},    {"<", Operator::kLess},
                {">", Operator::kGreater},      {"=", Operator::kEqual}};
  static constexpr struct {
    const char* word;
    Operator op;
  } kWords[] = {{"le", Operator::kLessOrEqual},    {"lt", Operator::kLess},
                {"eq", Operator::kEqual},          {"ne", Operator::kNotEqual},
                {"ge", Operator::kGreaterOrEqual}, {"gt", Operator::kGreater},
                {"like", Operator::kLike},         {"regexp", Operator::kRegexp}};
  SkipBlanks();
  for (const auto& row : kSigns) {
    if (StartsWith(text_.substr(at_), row.sign)) {
      at_ += std::string_view(row.sign).size();
      return row.op;
    }
  }
  for (const auto& row : kWords) {
    if (TryWord(row.word)) return row.op;
  }
  if (TryNotWord("like")) return Operator::kNotLike;
  if (TryNotWord("regexp")) return Operator::kNotRegexp;
  return std::nullopt;
}

bool ExpressionParser::TryWord(std::string_view word) {
  SkipBlanks();
  if (!EqualsIgnoreCase(text_.substr(at_, word.size()), word)) return false;
  const size_t end = at_ + word.size();
  if (end < text_.size() && IsNameChar(text_[end])) return false;
  at_ = end;
  return true;
}

bool ExpressionParser::TryNotWord(std::string_view word) {
  const size_t start = at_;
  if (TryWord("not") && TryWord(word)) return true;
  at_ = start;
  return false;
}

bool ExpressionParser::TryChar(char c) {
  SkipBlanks();
  if (Peek() != c || at_ >= text_.size()) return false;
  furthest_ = std::max(furthest_, ++at_);
  return true;
}

void ExpressionParser::SkipBlanks() {
  while (at_ < text_.size() && IsBlank(text_[at_])) ++at_;
}

}  // namespace nscp::checks
