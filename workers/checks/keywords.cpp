#include "workers/checks/keywords.h"

namespace nscp::checks {

std::string_view TypeName(Type type) {
  switch (type) {
    case Type::kInteger:
      return "int";
    case Type::kReal:
      return "float";
    case Type::kText:
      return "string";
    case Type::kDate:
      return "date";
    case Type::kSize:
      return "size";
    case Type::kDuration:
      return "duration";
    case Type::kPercent:
      return "percent";
    case Type::kCustom:
      break;
  }
  return "custom";
}

const Keyword* KeywordTable::Find(std::string_view name) const {
  for (const Keyword& keyword : keywords_) {
    if (keyword.name == name) return &keyword;
  }
  return nullptr;
}

const Function* KeywordTable::FindFunction(std::string_view name) const {
  for (const Function& function : functions_) {
    if (function.name == name) return &function;
  }
  return nullptr;
}

std::vector<Field> KeywordTable::Fields() const {
  std::vector<Field> fields;
  for (const Keyword& keyword : keywords_) {
    fields.push_back({keyword.name, keyword.description});
  }
  for (const Function& function : functions_) {
    fields.push_back({function.name + "()", function.description});
  }
  return fields;
}

}  // namespace nscp::checks
