#include "gateway/json/value.h"

#include <rapidjson/document.h>
#include <rapidjson/error/en.h>

#include <algorithm>

#include "gateway/json/writer.h"

namespace nscp::gateway::json {

struct Value::Document {
  rapidjson::Document tree;
};

namespace {

// Recursion is the library's trap: its plain parser and its destructor-like walks end the
// process at some ten thousand levels. The iterative flag cures the parser, kMaxDepth
// everything else.
constexpr unsigned kParseFlags = rapidjson::kParseIterativeFlag |
                                 rapidjson::kParseValidateEncodingFlag |
                                 rapidjson::kParseFullPrecisionFlag;

const rapidjson::Value& Node(const void* node) {
  return *static_cast<const rapidjson::Value*>(node);
}

std::string_view TextOf(const rapidjson::Value& node) {
  return {node.GetString(), node.GetStringLength()};
}

Status ReadingError(const std::string& what, size_t place) {
  return Status::InvalidArgument("reading JSON: " + what + " at byte " +
                                 std::to_string(place) +
                                 ". Send one valid JSON document");
}

// Depth, and the NUL byte, which the library takes for the end of the text.
Status ScanBounds(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\0') return ReadingError("a NUL byte", i);
    if (in_string) {
      if (c == '\\') {
        ++i;
        if (i < text.size() && text[i] == '\0') return ReadingError("a NUL byte", i);
      } else if (c == '"') {
        in_string = false;
      }
    } else if (c == '"') {
      in_string = true;
    } else if (c == '[' || c == '{') {
      if (++depth > kMaxDepth) {
        return ReadingError("more than " + std::to_string(kMaxDepth) + " levels", i);
      }
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return Status::Ok();
}

// Recursion is bounded by kMaxDepth.
Status CheckUniqueKeys(const rapidjson::Value& node) {
  if (node.IsArray()) {
    for (const auto& item : node.GetArray()) RETURN_IF_ERROR(CheckUniqueKeys(item));
  }
  if (!node.IsObject()) return Status::Ok();
  std::vector<std::string_view> names;
  names.reserve(node.MemberCount());
  for (const auto& member : node.GetObject()) {
    names.push_back(TextOf(member.name));
    RETURN_IF_ERROR(CheckUniqueKeys(member.value));
  }
  std::sort(names.begin(), names.end());
  const auto twin = std::adjacent_find(names.begin(), names.end());
  if (twin == names.end()) return Status::Ok();
  return Status::InvalidArgument("reading JSON: the member \"" + std::string(*twin) +
                                 "\" stands twice in one object. Send it once");
}

}  // namespace

Result<Value> Parse(std::string_view text) {
  if (text.size() > kMaxBytes) {
    return Status::ResourceExhausted("reading JSON: the text has " +
                                     std::to_string(text.size()) +
                                     " bytes, the limit is " + std::to_string(kMaxBytes));
  }
  RETURN_IF_ERROR(ScanBounds(text));
  auto document = std::make_shared<Value::Document>();
  auto& tree = document->tree;
  tree.Parse<kParseFlags>(text.data(), text.size());
  if (tree.HasParseError()) {
    return ReadingError(rapidjson::GetParseError_En(tree.GetParseError()),
                        tree.GetErrorOffset());
  }
  RETURN_IF_ERROR(CheckUniqueKeys(tree));
  return Value(std::move(document), static_cast<const rapidjson::Value*>(&tree));
}

Value::Kind Value::kind() const {
  if (node_ == nullptr) return Kind::kNull;
  switch (Node(node_).GetType()) {
    case rapidjson::kNullType:
      return Kind::kNull;
    case rapidjson::kFalseType:
    case rapidjson::kTrueType:
      return Kind::kBool;
    case rapidjson::kObjectType:
      return Kind::kObject;
    case rapidjson::kArrayType:
      return Kind::kArray;
    case rapidjson::kStringType:
      return Kind::kString;
    case rapidjson::kNumberType:
      return Kind::kNumber;
  }
  return Kind::kNull;
}

std::optional<Value> Value::Find(std::string_view key) const {
  if (!IsObject()) return std::nullopt;
  const auto& object = Node(node_);
  const rapidjson::Value name(
      rapidjson::StringRef(key.data() == nullptr ? "" : key.data(), key.size()));
  const auto found = object.FindMember(name);  // operator[] asserts on a missing key
  if (found == object.MemberEnd()) return std::nullopt;
  return Value(document_, &found->value);
}

std::vector<Value> Value::Items() const {
  std::vector<Value> items;
  if (!IsArray()) return items;
  for (const auto& item : Node(node_).GetArray())
    items.push_back(Value(document_, &item));
  return items;
}

std::vector<std::pair<std::string, Value>> Value::Members() const {
  std::vector<std::pair<std::string, Value>> members;
  if (!IsObject()) return members;
  for (const auto& member : Node(node_).GetObject()) {
    members.emplace_back(std::string(TextOf(member.name)),
                         Value(document_, &member.value));
  }
  return members;
}

size_t Value::size() const {
  if (IsArray()) return Node(node_).Size();
  if (IsObject()) return Node(node_).MemberCount();
  return 0;
}

std::string Value::AsString() const {
  return IsString() ? std::string(TextOf(Node(node_))) : std::string();
}

bool Value::AsBool(bool other) const { return IsBool() ? Node(node_).GetBool() : other; }

double Value::AsDouble(double other) const {
  return IsNumber() ? Node(node_).GetDouble() : other;
}

std::optional<int64_t> Value::AsInt() const {
  if (!IsNumber()) return std::nullopt;
  if (Node(node_).IsInt64()) return Node(node_).GetInt64();
  const double number = Node(node_).GetDouble();
  constexpr double kLargestExact = 9007199254740992.0;  // 2^53
  if (number < -kLargestExact || number > kLargestExact) return std::nullopt;
  const auto whole = static_cast<int64_t>(number);
  if (static_cast<double>(whole) != number) return std::nullopt;
  return whole;
}

std::string Value::NumberText() const {
  if (!IsNumber()) return {};
  const auto& node = Node(node_);
  if (node.IsInt64()) return std::to_string(node.GetInt64());
  if (node.IsUint64()) return std::to_string(node.GetUint64());
  return json::NumberText(node.GetDouble());
}

}  // namespace nscp::gateway::json
