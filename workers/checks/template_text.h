// Texts with ${keyword} and %(expression) in them, of which messages are made
// (filter-engine.md 3.1, 3.2). Immutable once compiled: any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "workers/checks/binder.h"

namespace nscp::checks {

constexpr size_t kMaxTemplateLength = 32 * 1024;
constexpr size_t kMaxPlaceholders = 1024;
// Rendering ends behind the placeholder that makes the text longer than this: a thousand
// placeholders may each be a list of megabytes.
constexpr size_t kMaxRenderedText = 16 * 1024 * 1024;

class Template {
 public:
  Template() = default;
  // The error says which placeholder cannot be understood.
  static Result<Template> Compile(std::string_view text, const Scope& scope);

  bool empty() const { return pieces_.empty(); }
  // Appended to `out`. Keywords of an object that is not there give nothing, or 0.
  void Render(const Context& context, std::string& out) const;
  std::string Render(const Context& context) const;

 private:
  struct Piece {
    std::string text;                  // literal text, when there is neither of these
    const Keyword* keyword = nullptr;  // ${name}
    bool of_summary = false;
    TermPtr term;  // %(expression)
  };
  static Result<Piece> CompilePlaceholder(const std::string& body, const Scope& scope);

  std::vector<Piece> pieces_;
};

}  // namespace nscp::checks
