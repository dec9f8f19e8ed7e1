// The recursive half of ParseExpression: one method for each rule of the grammar in
// filter-engine.md 4.1. Made for one text.
#pragma once

#include <optional>
#include <string_view>

#include "workers/checks/expression.h"

namespace nscp::checks {

inline NodePtr MakeNode(Node::Kind kind) {
  auto node = std::make_unique<Node>();
  node->kind = kind;
  return node;
}

class ExpressionParser {
 public:
  explicit ExpressionParser(std::string_view text) : text_(text) {}
  Result<NodePtr> Parse();

 private:
  // Each returns null where the rule does not match; the reading place is then undefined,
  // save for the Try functions, which put it back.
  NodePtr Expression(int depth);
  NodePtr AndExpression(int depth);
  NodePtr NotExpression(int depth);
  NodePtr Condition(int depth);
  NodePtr ConditionOf(NodePtr operand, int depth);
  NodePtr Operand(int depth);
  NodePtr TryParenthesisedBits(int depth);
  NodePtr Atom(int depth);
  NodePtr NameOrCall(int depth);
  NodePtr RawText();
  NodePtr QuotedText();
  NodePtr Number();
  // "(" list ")" into `node`; the list may be empty if `may_be_empty`.
  bool List(Node& node, int depth, bool may_be_empty);

  std::optional<Operator> TryOperator();
  bool TryWord(std::string_view word);
  // "not <word>".
  bool TryNotWord(std::string_view word);
  bool TryChar(char c);
  void SkipBlanks();
  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool TooDeep(int depth);

  std::string_view text_;
  size_t at_ = 0;
  size_t furthest_ = 0;  // where the longest understood part ended
  bool too_deep_ = false;
};

}  // namespace nscp::checks
