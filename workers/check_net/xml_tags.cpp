#include "workers/check_net/xml_tags.h"

#include <algorithm>

#include "proto/cpp/text.h"

namespace nscp::check_net {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

void SkipBlanks(std::string_view* text) {
  text->remove_prefix(std::min(text->find_first_not_of(kBlanks), text->size()));
}

// "&amp;" last: what it leaves is text.
std::string Unescaped(std::string_view text) {
  std::string plain = ReplaceAll(text, "&quot;", "\"");
  plain = ReplaceAll(plain, "&apos;", "'");
  plain = ReplaceAll(plain, "&lt;", "<");
  plain = ReplaceAll(plain, "&gt;", ">");
  return ReplaceAll(plain, "&amp;", "&");
}

// `name="value"` at the front; false where none stands.
bool TakeAttribute(std::string_view* text, XmlTag* tag) {
  const size_t equal = text->find_first_of("=<>");
  if (equal == std::string_view::npos || (*text)[equal] != '=') return false;
  const std::string_view name = Trim(text->substr(0, equal));
  text->remove_prefix(equal + 1);
  SkipBlanks(text);
  const char quote = text->empty() ? '\0' : text->front();
  if (name.empty() || (quote != '"' && quote != '\'')) return false;
  const size_t end = text->find(quote, 1);
  if (end == std::string_view::npos) return false;
  if (tag->attributes.size() < kMaxAttributes) {
    tag->attributes.emplace_back(name, Unescaped(text->substr(1, end - 1)));
  }
  text->remove_prefix(end + 1);
  return true;
}

}  // namespace

std::string XmlTag::Attribute(std::string_view wanted) const {
  for (const auto& [known, value] : attributes) {
    if (known == wanted) return value;
  }
  return "";
}

bool XmlTags::SkipTo(std::string_view end) {
  const size_t at = rest_.find(end);
  if (at == std::string_view::npos) return false;
  rest_.remove_prefix(at + end.size());
  return true;
}

std::optional<XmlTag> XmlTags::Next() {
  while (SkipTo("<")) {
    if (StartsWith(rest_, "!--")) {
      if (!SkipTo("-->")) break;
      continue;
    }
    if (StartsWith(rest_, "![CDATA[")) {
      if (!SkipTo("]]>")) break;
      continue;
    }
    XmlTag tag;
    const size_t end = rest_.find_first_of(" \t\r\n/>", 1);
    if (end == std::string_view::npos) break;
    tag.name = rest_.substr(0, end);
    rest_.remove_prefix(end);
    for (;;) {
      SkipBlanks(&rest_);
      if (StartsWith(rest_, "/") || StartsWith(rest_, "?")) {
        rest_.remove_prefix(1);
      } else if (StartsWith(rest_, ">")) {
        rest_.remove_prefix(1);
        return tag;
      } else if (!TakeAttribute(&rest_, &tag)) {
        break;
      }
    }
  }
  rest_ = {};
  return std::nullopt;
}

}  // namespace nscp::check_net
