// Values: constants, keywords, conversions, calls. Conditions are in conditions.cpp.
#include "workers/checks/terms.h"

namespace nscp::checks {
namespace {

class Constant final : public Term {
 public:
  explicit Constant(Value value) : value_(value) {}
  explicit Constant(std::string text)
      : text_(std::move(text)), value_(Value::Text(text_)) {}
  Value Evaluate(const Context&) const override { return value_; }

 private:
  const std::string text_;
  const Value value_;
};

// 0 or "" in place of a value of `type`.
Value Missing(Type type) {
  if (type == Type::kText) return Value::Text("", false);
  return type == Type::kReal ? Value::Real(0, false) : Value::Integer(0, false);
}

class Variable final : public Term {
 public:
  Variable(const Keyword& keyword, bool of_summary)
      : keyword_(keyword), of_summary_(of_summary) {}
  Value Evaluate(const Context& context) const override {
    const void* from = of_summary_ ? context.summary : context.object;
    if (from == nullptr) return Missing(keyword_.type);
    Value value = keyword_.get(from, *context.scratch);
    if (value.kind == Value::Kind::kNone) value.text = keyword_.no_value;
    return value;
  }

 private:
  const Keyword& keyword_;
  const bool of_summary_;
};

class TextFace final : public Term {
 public:
  TextFace(const Keyword& keyword, bool of_summary)
      : keyword_(keyword), of_summary_(of_summary) {}
  Value Evaluate(const Context& context) const override {
    const void* from = of_summary_ ? context.summary : context.object;
    if (from == nullptr) return Missing(Type::kText);
    const auto& get = keyword_.get_text ? keyword_.get_text : keyword_.get;
    const Value value = get(from, *context.scratch);
    if (value.kind == Value::Kind::kText) return value;
    if (value.kind == Value::Kind::kNone) return Value::Text(keyword_.no_value);
    std::string& kept = context.scratch->Next();
    AppendText(value, kept);
    return Value::Text(kept, value.sure);
  }

 private:
  const Keyword& keyword_;
  const bool of_summary_;
};

class Converted final : public Term {
 public:
  Converted(const Keyword& keyword, Literal literal)
      : keyword_(keyword), literal_(std::move(literal)) {}
  Value Evaluate(const Context& context) const override {
    const auto value = keyword_.convert(literal_, context.object);
    if (!value.ok()) return Value::Integer(0, false);
    Value known = *value;
    known.sure = context.object != nullptr;
    return known;
  }

 private:
  const Keyword& keyword_;
  const Literal literal_;
};

class NumberOf final : public Term {
 public:
  explicit NumberOf(TermPtr term) : term_(std::move(term)) {}
  Value Evaluate(const Context& context) const override {
    return ToNumber(term_->Evaluate(context));
  }

 private:
  const TermPtr term_;
};

class TextOf final : public Term {
 public:
  explicit TextOf(TermPtr term) : term_(std::move(term)) {}
  Value Evaluate(const Context& context) const override {
    const Value value = term_->Evaluate(context);
    if (!value.IsNumber()) return value;
    std::string& kept = context.scratch->Next();
    AppendText(value, kept);
    return Value::Text(kept, value.sure);
  }

 private:
  const TermPtr term_;
};

class Negated final : public Term {
 public:
  Negated(TermPtr term, std::optional<int64_t> around)
      : term_(std::move(term)), around_(around) {}
  Value Evaluate(const Context& context) const override {
    const Value value = ToNumber(term_->Evaluate(context));
    if (value.kind == Value::Kind::kReal) {
      const double twice = 2 * static_cast<double>(around_.value_or(0));
      return Value::Real(twice - value.real, value.sure);
    }
    if (value.kind != Value::Kind::kInteger) return value;
    // Unsigned, since the smallest integer has no counterpart.
    const uint64_t twice = 2 * static_cast<uint64_t>(around_.value_or(0));
    const uint64_t mirrored = twice - static_cast<uint64_t>(value.integer);
    return Value::Integer(static_cast<int64_t>(mirrored), value.sure);
  }

 private:
  const TermPtr term_;
  const std::optional<int64_t> around_;
};

// The list belongs to the scratch of the evaluation.
const std::vector<Value>& EvaluateAll(const std::vector<TermPtr>& terms,
                                      const Context& context) {
  std::vector<Value>& values = context.scratch->NextList();
  for (const TermPtr& term : terms) values.push_back(term->Evaluate(context));
  return values;
}

class ObjectCall final : public Term {
 public:
  ObjectCall(const Function& function, std::vector<TermPtr> arguments)
      : function_(function), arguments_(std::move(arguments)) {}
  Value Evaluate(const Context& context) const override {
    if (context.object == nullptr) return Missing(function_.type);
    return function_.call(context.object, EvaluateAll(arguments_, context),
                          *context.scratch);
  }

 private:
  const Function& function_;
  const std::vector<TermPtr> arguments_;
};

class ValueCall final : public Term {
 public:
  ValueCall(ValueFunction function, std::vector<TermPtr> arguments)
      : function_(std::move(function)), arguments_(std::move(arguments)) {}
  Value Evaluate(const Context& context) const override {
    const std::vector<Value>& values = EvaluateAll(arguments_, context);
    Value result = function_(values, *context.scratch);
    for (const Value& value : values) result.sure = result.sure && value.sure;
    return result;
  }

 private:
  const ValueFunction function_;
  const std::vector<TermPtr> arguments_;
};

}  // namespace

TermPtr MakeConstant(int64_t number) {
  return std::make_unique<Constant>(Value::Integer(number));
}
TermPtr MakeConstant(double number) {
  return std::make_unique<Constant>(Value::Real(number));
}
TermPtr MakeConstant(std::string text) {
  return std::make_unique<Constant>(std::move(text));
}
TermPtr MakeUnsure() { return std::make_unique<Constant>(Value::Integer(0, false)); }
TermPtr MakeVariable(const Keyword& keyword, bool of_summary) {
  return std::make_unique<Variable>(keyword, of_summary);
}
TermPtr MakeTextFace(const Keyword& keyword, bool of_summary) {
  return std::make_unique<TextFace>(keyword, of_summary);
}
TermPtr MakeConverted(const Keyword& keyword, Literal literal) {
  return std::make_unique<Converted>(keyword, std::move(literal));
}
TermPtr MakeToNumber(TermPtr term) { return std::make_unique<NumberOf>(std::move(term)); }
TermPtr MakeToText(TermPtr term) { return std::make_unique<TextOf>(std::move(term)); }
TermPtr MakeNegated(TermPtr term, std::optional<int64_t> around) {
  return std::make_unique<Negated>(std::move(term), around);
}
TermPtr MakeObjectCall(const Function& function, std::vector<TermPtr> arguments) {
  return std::make_unique<ObjectCall>(function, std::move(arguments));
}
TermPtr MakeValueCall(ValueFunction function, std::vector<TermPtr> arguments) {
  return std::make_unique<ValueCall>(std::move(function), std::move(arguments));
}

}  // namespace nscp::checks
