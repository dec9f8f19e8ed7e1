#include "workers/checks/expression_parser.h"

#include <algorithm>
#include <charconv>

#include "proto/cpp/text.h"

namespace nscp::checks {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsNameChar(char c) { return IsLetter(c) || IsDigit(c) || c == '_'; }
bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

NodePtr MakeNode(Node::Kind kind) {
  auto node = std::make_unique<Node>();
  node->kind = kind;
  return node;
}

NodePtr MakeText(std::string_view text) {
  NodePtr node = MakeNode(Node::Kind::kLiteral);
  node->literal.kind = Literal::Kind::kText;
  node->literal.text = std::string(text);
  return node;
}

// Words that cannot be names: they join or compare.
bool IsReserved(std::string_view name) {
  for (const char* word : {"and", "or", "not", "in", "like", "regexp"}) {
    if (EqualsIgnoreCase(name, word)) return true;
  }
  return false;
}

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

NodePtr ExpressionParser::Atom(int depth) {
  if (TooDeep(depth)) return nullptr;
  SkipBlanks();
  const char c = Peek();
  NodePtr atom;
  if (c == '\'') {
    atom = QuotedText();
  } else if (IsLetter(c)) {
    atom = NameOrCall(depth);
  } else {
    atom = Number();
  }
  if (atom != nullptr) furthest_ = std::max(furthest_, at_);
  return atom;
}

NodePtr ExpressionParser::NameOrCall(int depth) {
  const size_t start = at_;
  while (at_ < text_.size() && IsNameChar(text_[at_])) ++at_;
  const std::string_view name = text_.substr(start, at_ - start);
  if (name == "str" && Peek() == '(') return RawText();
  if (IsReserved(name)) return nullptr;
  const size_t end = at_;
  SkipBlanks();
  const bool is_call = Peek() == '(';
  if (!is_call) at_ = end;
  NodePtr node = MakeNode(is_call ? Node::Kind::kCall : Node::Kind::kName);
  node->name = std::string(name);
  if (is_call && !List(*node, depth, true)) return nullptr;
  return node;
}

NodePtr ExpressionParser::RawText() {
  const size_t start = at_ + 1;
  const size_t close = text_.find(')', start);
  if (close == std::string_view::npos) return nullptr;
  at_ = close + 1;
  return MakeText(text_.substr(start, close - start));
}

NodePtr ExpressionParser::QuotedText() {
  const size_t close = text_.find('\'', at_ + 1);
  if (close == std::string_view::npos) return nullptr;
  NodePtr node = MakeText(text_.substr(at_ + 1, close - at_ - 1));
  at_ = close + 1;
  return node;
}

NodePtr ExpressionParser::Number() {
  size_t end = at_;
  if (end < text_.size() && text_[end] == '-') ++end;
  const size_t digits = end;
  while (end < text_.size() && IsDigit(text_[end])) ++end;
  if (end == digits) return nullptr;
  NodePtr node = MakeNode(Node::Kind::kLiteral);
  Literal& literal = node->literal;
  if (end + 1 < text_.size() && text_[end] == '.' && IsDigit(text_[end + 1])) {
    literal.kind = Literal::Kind::kReal;
    for (++end; end < text_.size() && IsDigit(text_[end]);) ++end;
  }
  literal.text = std::string(text_.substr(at_, end - at_));
  const char* first = literal.text.data();
  const char* last = first + literal.text.size();
  if (std::from_chars(first, last, literal.real).ec != std::errc()) return nullptr;
  if (literal.kind == Literal::Kind::kInteger &&
      std::from_chars(first, last, literal.integer).ec != std::errc()) {
    return nullptr;
  }
  if (end < text_.size() && (IsLetter(text_[end]) || text_[end] == '%')) {
    literal.unit = text_[end++];
    if (end < text_.size() && IsNameChar(text_[end])) {
      furthest_ = std::max(furthest_, end);
      return nullptr;  // only one letter may be a unit
    }
  }
  at_ = end;
  return node;
}

bool ExpressionParser::List(Node& node, int depth, bool may_be_empty) {
  if (!TryChar('(')) return false;
  if (may_be_empty && TryChar(')')) return true;
  do {
    NodePtr element = Atom(depth + 1);
    if (element == nullptr) return false;
    node.children.push_back(std::move(element));
  } while (TryChar(','));
  return TryChar(')');
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
