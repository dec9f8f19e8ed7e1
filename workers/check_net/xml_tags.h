// The tags of an XML text, one after the other, for documents whose figures stand in
// attributes. No tree is built and nothing is expanded but the five entities of XML
// itself. Pure; any thread. Source: XML 1.0, 3.1 and 4.6.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nscp::check_net {

// Of one tag that are kept.
constexpr size_t kMaxAttributes = 64;

struct XmlTag {
  std::string_view name;  // "/name" for an end
  std::vector<std::pair<std::string_view, std::string>> attributes;

  // Empty where there is none.
  std::string Attribute(std::string_view wanted) const;
};

class XmlTags {
 public:
  // `text` outlives this and its tags.
  explicit XmlTags(std::string_view text) : rest_(text) {}
  // Nothing at the end, and where the text is no XML any more.
  std::optional<XmlTag> Next();

 private:
  bool SkipTo(std::string_view end);

  std::string_view rest_;
};

}  // namespace nscp::check_net
