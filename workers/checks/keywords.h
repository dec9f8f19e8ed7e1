// The keywords of a check: what an object of it offers to expressions, templates and
// performance data. A check is little else than such a table; Keywords<T> builds one for
// objects of type T, and the engine sees only KeywordTable, which knows objects as `const
// void*`.
//
// A table is built once, at a module's start, and then only read: any thread. The
// functions in it are called from many threads at a time and must not keep state.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "proto/cpp/status.h"
#include "workers/checks/expression.h"
#include "workers/checks/options.h"
#include "workers/checks/value.h"

namespace nscp::checks {

enum class Type {
  kInteger,   // no unit may follow a literal
  kReal,      // no unit may follow a literal
  kText,      // compared byte by byte
  kDate,      // seconds since 1970; literals need a unit and count from now
  kSize,      // bytes; literals b k m g t, cut to whole numbers
  kDuration,  // seconds; literals s m h d w
  kPercent,   // literals with or without '%'
  kCustom,    // the keyword's own converter
};

std::string_view TypeName(Type type);

// How a keyword that is used in a threshold becomes performance data
// (filter-engine.md 7.3).
struct PerfRule {
  enum class Kind { kPlain, kPercentage, kBytes };
  using Number = std::function<double(const void* object)>;
  Kind kind = Kind::kPlain;
  std::string unit;
  std::string prefix;
  std::string suffix;
  Number minimum;  // kBytes
  Number maximum;  // kBytes; kPercentage: the total
};

struct Keyword {
  using Get = std::function<Value(const void* object, Scratch&)>;
  using Human = std::function<std::string(const void* object)>;
  using Convert = std::function<Result<Value>(const Literal&, const void* object)>;

  std::string name;
  std::string description;
  Type type = Type::kInteger;
  Get get;
  Get get_text;     // the text face of a number; null = none
  Human human;      // what templates show instead; null = the value
  Convert convert;  // kCustom: a literal as this keyword's value. `object` may be null
  std::string no_value;        // the word for a missing value; empty = never missing
  std::vector<PerfRule> perf;  // empty = plain, suffix "_<name>"
  bool no_perf = false;
};

struct Function {
  using Call = std::function<Value(const void* object,
                                   const std::vector<Value>& arguments, Scratch&)>;
  std::string name;
  std::string description;
  Type type = Type::kInteger;
  size_t min_arguments = 0;
  size_t max_arguments = 0;
  Call call;
};

class KeywordTable {
 public:
  const Keyword* Find(std::string_view name) const;
  const Function* FindFunction(std::string_view name) const;
  std::vector<Field> Fields() const;

 protected:
  // Deques: builders hold references to the element added last.
  std::deque<Keyword> keywords_;
  std::deque<Function> functions_;
};

// What a getter returned, as a Value; made-up texts go into `scratch`.
template <class Returned>
Value ToValue(Returned&& returned, Scratch& scratch) {
  using Plain = std::decay_t<Returned>;
  if constexpr (std::is_same_v<Plain, Value>) {
    return returned;
  } else if constexpr (std::is_integral_v<Plain>) {
    return Value::Integer(static_cast<int64_t>(returned));
  } else if constexpr (std::is_floating_point_v<Plain>) {
    return Value::Real(static_cast<double>(returned));
  } else if constexpr (std::is_same_v<Plain, std::string_view> ||
                       std::is_same_v<Plain, const char*>) {
    return Value::Text(returned);
  } else if constexpr (std::is_same_v<Plain, std::string>) {
    std::string& kept = scratch.Next();
    kept = std::forward<Returned>(returned);
    return Value::Text(kept);
  } else {
    return returned ? ToValue(*std::forward<Returned>(returned), scratch) : Value();
  }
}

template <class T>
class Keywords : public KeywordTable {
 public:
  // Describes the keyword added last.
  class Entry {
   public:
    explicit Entry(Keyword& keyword) : keyword_(keyword) {}

    template <class F>
    Entry& Human(F text) {
      keyword_.human = [text](const void* o) { return text(*static_cast<const T*>(o)); };
      return *this;
    }
    // A text for the same thing: comparisons with a text literal use it.
    template <class F>
    Entry& TextFace(F text) {
      keyword_.get_text = Erase(text);
      return *this;
    }
    // `convert(const Literal&, const T* object)`; the object is null while an expression
    // is checked and when there is none.
    template <class F>
    Entry& Convert(F convert) {
      keyword_.type = Type::kCustom;
      keyword_.convert = [convert](const Literal& literal, const void* o) {
        return convert(literal, static_cast<const T*>(o));
      };
      return *this;
    }
    // The getter returns an optional; this is the word for nothing.
    Entry& NoValue(std::string word) {
      keyword_.no_value = std::move(word);
      return *this;
    }
    Entry& NoPerf() {
      keyword_.no_perf = true;
      return *this;
    }
    Entry& Perf(std::string unit, std::string suffix) {
      keyword_.perf.push_back(
          {PerfRule::Kind::kPlain, std::move(unit), "", std::move(suffix), {}, {}});
      return *this;
    }
    template <class F>
    Entry& PerfPercentage(std::string suffix, F total) {
      keyword_.perf.push_back({PerfRule::Kind::kPercentage,
                               "%",
                               "",
                               std::move(suffix),
                               {},
                               EraseNumber(total)});
      return *this;
    }
    Entry& PerfBytes(std::string suffix) {
      keyword_.perf.push_back(
          {PerfRule::Kind::kBytes, "", "", std::move(suffix), {}, {}});
      return *this;
    }
    // Bounded: 0 to `maximum(const T&)`.
    template <class F>
    Entry& PerfBytes(std::string suffix, F maximum) {
      keyword_.perf.push_back({PerfRule::Kind::kBytes, "", "", std::move(suffix),
                               [](const void*) { return 0.0; }, EraseNumber(maximum)});
      return *this;
    }

   private:
    Keyword& keyword_;
  };

  // Each getter takes `const T&`. Texts best come as std::string_view into the object;
  // one that must be put together is written into the std::string& that a getter may take
  // as its second argument, which costs no allocation. A std::string may be returned as
  // well.
  template <class F>
  Entry Text(std::string name, std::string description, F get) {
    return Add(Type::kText, std::move(name), std::move(description), get);
  }
  template <class F>
  Entry Integer(std::string name, std::string description, F get) {
    return Add(Type::kInteger, std::move(name), std::move(description), get);
  }
  template <class F>
  Entry Real(std::string name, std::string description, F get) {
    return Add(Type::kReal, std::move(name), std::move(description), get);
  }
  template <class F>
  Entry Date(std::string name, std::string description, F get) {
    return Add(Type::kDate, std::move(name), std::move(description), get);
  }
  template <class F>
  Entry Size(std::string name, std::string description, F get) {
    return Add(Type::kSize, std::move(name), std::move(description), get);
  }
  template <class F>
  Entry Duration(std::string name, std::string description, F get) {
    return Add(Type::kDuration, std::move(name), std::move(description), get);
  }
  template <class F>
  Entry Percent(std::string name, std::string description, F get) {
    return Add(Type::kPercent, std::move(name), std::move(description), get);
  }
  // `call(const T&, const std::vector<Value>&)`.
  template <class F>
  void Call(std::string name, std::string description, Type type, size_t min_arguments,
            size_t max_arguments, F call) {
    functions_.push_back(
        {std::move(name), std::move(description), type, min_arguments, max_arguments,
         [call](const void* o, const std::vector<Value>& arguments, Scratch& scratch) {
           return ToValue(call(*static_cast<const T*>(o), arguments), scratch);
         }});
  }

 private:
  template <class F>
  static Keyword::Get Erase(F get) {
    return [get](const void* o, Scratch& scratch) {
      const T& object = *static_cast<const T*>(o);
      if constexpr (std::is_invocable_v<F, const T&, std::string&>) {
        std::string& text = scratch.Next();
        std::invoke(get, object, text);
        return Value::Text(text);
      } else {
        return ToValue(std::invoke(get, object), scratch);
      }
    };
  }
  template <class F>
  static PerfRule::Number EraseNumber(F get) {
    return [get](const void* o) {
      return static_cast<double>(std::invoke(get, *static_cast<const T*>(o)));
    };
  }
  template <class F>
  Entry Add(Type type, std::string name, std::string description, F get) {
    Keyword keyword;
    keyword.name = std::move(name);
    keyword.description = std::move(description);
    keyword.type = type;
    keyword.get = Erase(get);
    keywords_.push_back(std::move(keyword));
    return Entry(keywords_.back());
  }
};

}  // namespace nscp::checks
