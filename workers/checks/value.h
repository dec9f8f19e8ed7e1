// The value of a keyword or of a part of an expression. Small and copied freely; a text
// is only looked at, its bytes belong to the object, the expression or the Scratch of the
// evaluation.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace nscp::checks {

struct Value {
  enum class Kind : uint8_t {
    kNone,  // an optional number without a value; `text` is the word for that
    kInteger,
    kReal,
    kText,
  };
  Kind kind = Kind::kNone;
  // False for what was made up because there is no object or a conversion failed
  // (filter-engine.md 4.4).
  bool sure = true;
  int64_t integer = 0;
  double real = 0;
  std::string_view text;

  static Value Integer(int64_t number, bool sure = true) {
    return {Kind::kInteger, sure, number, 0, {}};
  }
  static Value Real(double number, bool sure = true) {
    return {Kind::kReal, sure, 0, number, {}};
  }
  static Value Text(std::string_view text, bool sure = true) {
    return {Kind::kText, sure, 0, 0, text};
  }
  bool IsNumber() const { return kind == Kind::kInteger || kind == Kind::kReal; }
  // Of a number; 0 for anything else.
  double AsReal() const {
    return kind == Kind::kInteger ? static_cast<double>(integer) : real;
  }
};

// As templates and text comparisons print it: decimal, six significant digits, the word
// for a missing value.
std::string ToText(const Value& value);
void AppendText(const Value& value, std::string& out);
// A number, also from a text that is one; else an unsure 0. kNone stays.
Value ToNumber(const Value& value);

// Keeps the texts and lists that are made while one object is looked at, so that an
// object that is dropped costs no allocation once the first ones have passed. For one
// thread.
class Scratch {
 public:
  // Both come empty and stay where they are until they are given back.
  std::string& Next() {
    if (texts_used_ == texts_.size()) texts_.emplace_back();
    std::string& text = texts_[texts_used_++];
    text.clear();
    return text;
  }
  std::vector<Value>& NextList() {
    if (lists_used_ == lists_.size()) lists_.emplace_back();
    std::vector<Value>& list = lists_[lists_used_++];
    list.clear();
    return list;
  }

  struct Mark {
    size_t texts = 0;
    size_t lists = 0;
  };
  Mark Here() const { return {texts_used_, lists_used_}; }
  // Gives back what was taken since `mark`; values made of it are void.
  void Rewind(Mark mark) {
    texts_used_ = mark.texts;
    lists_used_ = mark.lists;
  }
  void Reset() { Rewind({}); }

 private:
  std::deque<std::string> texts_;
  std::deque<std::vector<Value>> lists_;
  size_t texts_used_ = 0;
  size_t lists_used_ = 0;
};

}  // namespace nscp::checks
