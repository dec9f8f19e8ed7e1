// The expression language of filters and thresholds (filter-engine.md 4.1): text to tree.
// The tree knows no keywords; binder.h gives it a meaning. Values; any thread.
//
// Bounded against hostile text: length, and nesting, since parsing, binding and freeing
// recurse.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "proto/cpp/status.h"

namespace nscp::checks {

constexpr size_t kMaxExpressionLength = 32 * 1024;
constexpr int kMaxExpressionDepth = 64;

enum class Operator {
  kEqual,
  kNotEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kLike,
  kNotLike,
  kRegexp,
  kNotRegexp,
};

struct Literal {
  enum class Kind { kInteger, kReal, kText };
  Kind kind = Kind::kInteger;
  int64_t integer = 0;
  double real = 0;   // of both kinds of numbers
  std::string text;  // as written, without quotes and unit
  char unit = 0;     // one letter or '%'
};

struct Node {
  enum class Kind {
    kOr,       // two or more children
    kAnd,      // two or more children
    kNot,      // one child
    kCompare,  // two operands
    kIn,       // an operand, then the list
    kTruth,    // an operand as a condition
    kBits,     // two operands joined by '&' (is_or: by '|')
    kName,
    kCall,  // children are the arguments
    kLiteral,
  };
  Kind kind = Kind::kLiteral;
  Operator op = Operator::kEqual;
  bool negated = false;  // kIn: "not in"
  bool is_or = false;
  std::string name;
  Literal literal;
  std::vector<std::unique_ptr<Node>> children;
};
using NodePtr = std::unique_ptr<Node>;

// The whole text as one expression. The error is "Parsing failed of '<text>' at: <rest>",
// or says which bound was met.
Result<NodePtr> ParseExpression(std::string_view text);

// A literal as it was written, for messages and text comparisons.
std::string Describe(const Literal& literal);

}  // namespace nscp::checks
