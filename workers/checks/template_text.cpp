#include "workers/checks/template_text.h"

#include "workers/checks/time_zone.h"

namespace nscp::checks {
namespace {

constexpr size_t kNone = std::string_view::npos;

// Where the ')' stands that closes the '(' at `open`; quoted runs are passed over.
// Without a balanced one, the first.
size_t FindClosing(std::string_view text, size_t open) {
  const size_t first = text.find(')', open);
  if (first == kNone) return kNone;
  int depth = 0;
  bool quoted = false;
  for (size_t at = open; at < text.size(); ++at) {
    if (text[at] == '\'') {
      quoted = !quoted;
    } else if (!quoted && text[at] == '(') {
      ++depth;
    } else if (!quoted && text[at] == ')' && --depth == 0) {
      return at;
    }
  }
  return first;
}

// The end of the placeholder that begins at `at`, or npos where the text is just text.
size_t FindEnd(std::string_view text, size_t at) {
  const std::string_view start = text.substr(at, 2);
  size_t end = kNone;
  if (start == "${") end = text.find('}', at);
  if (start == "%(") end = FindClosing(text, at + 1);
  return end == kNone || end == at + 2 ? kNone : end;
}

void AppendKeyword(const Keyword& keyword, const void* from, Scratch& scratch,
                   std::string& out) {
  const bool is_text = keyword.type == Type::kText || keyword.human || keyword.get_text;
  if (from == nullptr) {
    if (!is_text) out += '0';
    return;
  }
  if (keyword.human) {
    out += keyword.human(from);
    return;
  }
  const Value value =
      keyword.get_text ? keyword.get_text(from, scratch) : keyword.get(from, scratch);
  if (value.kind == Value::Kind::kNone) {
    out += keyword.no_value;
  } else if (keyword.type == Type::kDate && value.IsNumber()) {
    out += TimeZone().Format(value.integer);
  } else {
    AppendText(value, out);
  }
}

}  // namespace

Result<Template> Template::Compile(std::string_view text, const Scope& scope) {
  if (text.size() > kMaxTemplateLength) {
    return Status::InvalidArgument("a template is longer than " +
                                   std::to_string(kMaxTemplateLength) + " bytes");
  }
  Template compiled;
  std::string literal;
  auto flush = [&] {
    if (literal.empty()) return;
    compiled.pieces_.emplace_back();
    compiled.pieces_.back().text = std::move(literal);
    literal.clear();
  };
  for (size_t at = 0; at < text.size();) {
    const size_t end = FindEnd(text, at);
    if (end == kNone) {
      literal += text[at++];
      continue;
    }
    flush();
    if (compiled.pieces_.size() >= 2 * kMaxPlaceholders) {
      return Status::InvalidArgument("a template has more than " +
                                     std::to_string(kMaxPlaceholders) + " placeholders");
    }
    ASSIGN_OR_RETURN(
        Piece piece,
        CompilePlaceholder(std::string(text.substr(at + 2, end - at - 2)), scope));
    compiled.pieces_.push_back(std::move(piece));
    at = end + 1;
  }
  flush();
  return compiled;
}

Result<Template::Piece> Template::CompilePlaceholder(const std::string& body,
                                                     const Scope& scope) {
  Piece piece;
  const Keyword* of_object = scope.objects.Find(body);
  const Keyword* of_summary = scope.summary.Find(body);
  if (of_object != nullptr || of_summary != nullptr) {
    piece.of_summary =
        of_object == nullptr || (scope.summary_first && of_summary != nullptr);
    piece.keyword = piece.of_summary ? of_summary : of_object;
    if (!piece.of_summary && scope.used != nullptr) scope.used->insert(of_object->name);
    return piece;
  }
  const bool is_expression = body.find('(') != std::string::npos;
  const Function* function = scope.objects.FindFunction(body);
  if (!is_expression && (function == nullptr || function->min_arguments > 0)) {
    return Status::NotFound("Invalid variable: " + body);
  }
  auto compiled = CompileValue(body, scope);
  if (!compiled.ok()) {
    return Status::InvalidArgument("Invalid expression in placeholder: " + body + " (" +
                                   compiled.status().message() + ")");
  }
  piece.term = std::move(compiled->term);
  return piece;
}

void Template::Render(const Context& context, std::string& out) const {
  const Scratch::Mark mark = context.scratch->Here();
  for (const Piece& piece : pieces_) {
    if (out.size() > kMaxRenderedText) return;
    if (piece.keyword != nullptr) {
      AppendKeyword(*piece.keyword, piece.of_summary ? context.summary : context.object,
                    *context.scratch, out);
    } else if (piece.term != nullptr) {
      AppendText(piece.term->Evaluate(context), out);
    } else {
      out += piece.text;
    }
    context.scratch->Rewind(mark);
  }
}

std::string Template::Render(const Context& context) const {
  std::string out;
  Render(context, out);
  return out;
}

}  // namespace nscp::checks
