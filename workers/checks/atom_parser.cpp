// The smallest parts of an expression: names, calls, texts, numbers, lists.
#include <algorithm>
#include <charconv>

#include "proto/cpp/text.h"
#include "workers/checks/expression_parser.h"
#include "workers/checks/letters.h"

namespace nscp::checks {
namespace {

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
  if (EqualsIgnoreCase(name, "str") && Peek() == '(') return RawText();
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

}  // namespace nscp::checks
