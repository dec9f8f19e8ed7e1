#include "json/value.h"

#include <rapidjson/document.h>
#include <rapidjson/encodedstream.h>
#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <charconv>

#include "json/writer.h"

namespace nscp::json {

struct Value::Document {
  rapidjson::Document tree;
};

namespace {

// Recursion is the library's trap: its plain parser ends the process at some ten thousand
// levels. The iterative flag cures the parser, Limits::depth everything that walks the
// tree. Numbers come as text, because its own conversion is inexact by default and
// undefined for 0e99 when it is not.
constexpr unsigned kParseFlags = rapidjson::kParseIterativeFlag |
                                 rapidjson::kParseValidateEncodingFlag |
                                 rapidjson::kParseNumbersAsStringsFlag;

// Hands everything on to the document, numbers as the values they are.
class NumberReader {
 public:
  explicit NumberReader(rapidjson::Document& document) : document_(document) {}

  using Size = rapidjson::SizeType;
  bool Null() { return document_.Null(); }
  bool Bool(bool value) { return document_.Bool(value); }
  bool Int(int) { return false; }  // never called: numbers come as text
  bool Uint(unsigned) { return false; }
  bool Int64(int64_t) { return false; }
  bool Uint64(uint64_t) { return false; }
  bool Double(double) { return false; }
  bool String(const char* text, Size size, bool copy) {
    return document_.String(text, size, copy);
  }
  bool StartObject() { return document_.StartObject(); }
  bool Key(const char* text, Size size, bool copy) {
    return document_.Key(text, size, copy);
  }
  bool EndObject(Size count) { return document_.EndObject(count); }
  bool StartArray() { return document_.StartArray(); }
  bool EndArray(Size count) { return document_.EndArray(count); }
  bool RawNumber(const char* text, Size size, bool) {
    const char* end = text + size;
    int64_t whole = 0;
    if (Reads(text, end, &whole)) return document_.Int64(whole);
    uint64_t large = 0;
    if (Reads(text, end, &large)) return document_.Uint64(large);
    double number = 0;
    if (Reads(text, end, &number)) return document_.Double(number);
    // Beyond a double's range: too small is zero, too large is refused.
    const std::string_view digits(text, size);
    const bool small = digits.find("e-") != std::string_view::npos ||
                       digits.find("E-") != std::string_view::npos ||
                       digits.substr(digits[0] == '-' ? 1 : 0, 2) == "0.";
    return small && document_.Double(0);
  }

 private:
  template <typename Number>
  static bool Reads(const char* begin, const char* end, Number* number) {
    const auto result = std::from_chars(begin, end, *number);
    return result.ec == std::errc() && result.ptr == end;
  }

  rapidjson::Document& document_;
};

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
Status ScanBounds(std::string_view text, int max_depth) {
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
      if (++depth > max_depth) {
        return ReadingError("more than " + std::to_string(max_depth) + " levels", i);
      }
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return Status::Ok();
}

// Recursion is bounded by Limits::depth.
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

Result<Value> Parse(std::string_view text, const Limits& limits) {
  if (text.size() > limits.bytes) {
    return Status::ResourceExhausted(
        "reading JSON: the text has " + std::to_string(text.size()) +
        " bytes, the limit is " + std::to_string(limits.bytes));
  }
  RETURN_IF_ERROR(ScanBounds(text, limits.depth));
  auto document = std::make_shared<Value::Document>();
  auto& tree = document->tree;
  rapidjson::MemoryStream memory(text.data(), text.size());
  rapidjson::EncodedInputStream<rapidjson::UTF8<>, rapidjson::MemoryStream> stream(
      memory);
  rapidjson::Reader reader;
  rapidjson::ParseResult result;
  auto parse = [&](rapidjson::Document& to) {
    NumberReader numbers(to);
    result = reader.Parse<kParseFlags>(stream, numbers);
    return !result.IsError();
  };
  tree.Populate(parse);
  if (result.IsError()) {
    return ReadingError(rapidjson::GetParseError_En(result.Code()), result.Offset());
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

}  // namespace nscp::json
