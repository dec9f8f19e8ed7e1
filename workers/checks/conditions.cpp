// Terms that are true or false: comparisons and what joins them.
#include "workers/checks/terms.h"

namespace nscp::checks {
namespace {

Value Truth(bool truth, bool sure) { return Value::Integer(truth ? 1 : 0, sure); }

template <class T>
bool Compare(Operator op, const T& left, const T& right) {
  switch (op) {
    case Operator::kEqual:
      return left == right;
    case Operator::kNotEqual:
      return left != right;
    case Operator::kLess:
      return left < right;
    case Operator::kLessOrEqual:
      return left <= right;
    case Operator::kGreater:
      return left > right;
    case Operator::kGreaterOrEqual:
      return left >= right;
    default:
      return false;  // like and regexp have terms of their own
  }
}

class NumberComparison final : public Term {
 public:
  NumberComparison(Operator op, TermPtr left, TermPtr right)
      : op_(op), left_(std::move(left)), right_(std::move(right)) {}
  Value Evaluate(const Context& context) const override {
    const Value left = left_->Evaluate(context);
    const Value right = right_->Evaluate(context);
    if (!left.IsNumber() || !right.IsNumber()) return Truth(false, true);
    const bool integers =
        left.kind == Value::Kind::kInteger && right.kind == Value::Kind::kInteger;
    const bool truth = integers ? Compare(op_, left.integer, right.integer)
                                : Compare(op_, left.AsReal(), right.AsReal());
    return Truth(truth, left.sure && right.sure);
  }

 private:
  const Operator op_;
  const TermPtr left_;
  const TermPtr right_;
};

class TextComparison final : public Term {
 public:
  TextComparison(Operator op, TermPtr left, TermPtr right)
      : op_(op), left_(std::move(left)), right_(std::move(right)) {}
  Value Evaluate(const Context& context) const override {
    const Value left = left_->Evaluate(context);
    const Value right = right_->Evaluate(context);
    return Truth(Compare(op_, left.text, right.text), left.sure && right.sure);
  }

 private:
  const Operator op_;
  const TermPtr left_;
  const TermPtr right_;
};

char LowerAscii(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool ContainsIgnoreCase(std::string_view text, std::string_view part) {
  if (part.empty()) return text.empty();
  for (size_t at = 0; at + part.size() <= text.size(); ++at) {
    size_t same = 0;
    while (same < part.size() && LowerAscii(text[at + same]) == LowerAscii(part[same])) {
      ++same;
    }
    if (same == part.size()) return true;
  }
  return false;
}

class Like final : public Term {
 public:
  Like(bool negated, TermPtr left, TermPtr right)
      : negated_(negated), left_(std::move(left)), right_(std::move(right)) {}
  Value Evaluate(const Context& context) const override {
    const Value left = left_->Evaluate(context);
    const Value right = right_->Evaluate(context);
    const bool left_is_longer = left.text.size() >= right.text.size();
    const bool like = left_is_longer ? ContainsIgnoreCase(left.text, right.text)
                                     : ContainsIgnoreCase(right.text, left.text);
    return Truth(like != negated_, left.sure && right.sure);
  }

 private:
  const bool negated_;
  const TermPtr left_;
  const TermPtr right_;
};

class RegexpMatch final : public Term {
 public:
  RegexpMatch(bool negated, TermPtr left, Regexp regexp)
      : negated_(negated), left_(std::move(left)), regexp_(std::move(regexp)) {}
  Value Evaluate(const Context& context) const override {
    const Value left = left_->Evaluate(context);
    return Truth(regexp_.MatchesWhole(left.text) != negated_, left.sure);
  }

 private:
  const bool negated_;
  const TermPtr left_;
  const Regexp regexp_;
};

// And: `decisive` false; or: `decisive` true. One child that surely has the decisive
// truth decides alone. What a child kept in the scratch is given back, so that the length
// of a chain costs no memory.
class Junction final : public Term {
 public:
  Junction(bool decisive, std::vector<TermPtr> terms)
      : decisive_(decisive), terms_(std::move(terms)) {}
  Value Evaluate(const Context& context) const override {
    bool truth = !decisive_;
    bool sure = true;
    const Scratch::Mark mark = context.scratch->Here();
    for (const TermPtr& term : terms_) {
      const Value value = term->Evaluate(context);
      context.scratch->Rewind(mark);
      const bool decides = IsTrue(value) == decisive_;
      if (decides && value.sure) return Truth(decisive_, true);
      if (decides) truth = decisive_;
      sure = sure && value.sure;
    }
    return Truth(truth, sure);
  }

 private:
  const bool decisive_;
  const std::vector<TermPtr> terms_;
};

class Not final : public Term {
 public:
  explicit Not(TermPtr term) : term_(std::move(term)) {}
  Value Evaluate(const Context& context) const override {
    const Value value = term_->Evaluate(context);
    return Truth(!IsTrue(value), value.sure);
  }

 private:
  const TermPtr term_;
};

class NotIn final : public Term {
 public:
  NotIn(TermPtr value, TermPtr found)
      : value_(std::move(value)), found_(std::move(found)) {}
  Value Evaluate(const Context& context) const override {
    const Value value = value_->Evaluate(context);
    if (value.kind == Value::Kind::kNone) return Truth(false, true);
    const Value found = found_->Evaluate(context);
    return Truth(!IsTrue(found), found.sure);
  }

 private:
  const TermPtr value_;
  const TermPtr found_;
};

class ExactlyOne final : public Term {
 public:
  explicit ExactlyOne(TermPtr term) : term_(std::move(term)) {}
  Value Evaluate(const Context& context) const override {
    const Value value = ToNumber(term_->Evaluate(context));
    return Truth(value.IsNumber() && value.AsReal() == 1, value.sure);
  }

 private:
  const TermPtr term_;
};

}  // namespace

TermPtr MakeNumberComparison(Operator op, TermPtr left, TermPtr right) {
  return std::make_unique<NumberComparison>(op, std::move(left), std::move(right));
}
TermPtr MakeTextComparison(Operator op, TermPtr left, TermPtr right) {
  return std::make_unique<TextComparison>(op, std::move(left), std::move(right));
}
TermPtr MakeLike(bool negated, TermPtr left, TermPtr right) {
  return std::make_unique<Like>(negated, std::move(left), std::move(right));
}
TermPtr MakeRegexp(bool negated, TermPtr left, Regexp regexp) {
  return std::make_unique<RegexpMatch>(negated, std::move(left), std::move(regexp));
}
TermPtr MakeAnd(std::vector<TermPtr> terms) {
  return std::make_unique<Junction>(false, std::move(terms));
}
TermPtr MakeOr(std::vector<TermPtr> terms) {
  return std::make_unique<Junction>(true, std::move(terms));
}
TermPtr MakeNot(TermPtr term) { return std::make_unique<Not>(std::move(term)); }
TermPtr MakeNotIn(TermPtr value, TermPtr found) {
  return std::make_unique<NotIn>(std::move(value), std::move(found));
}
TermPtr MakeTruth(TermPtr term) { return std::make_unique<ExactlyOne>(std::move(term)); }

}  // namespace nscp::checks
