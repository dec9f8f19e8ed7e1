// A JSON document from outside, read with bounds: size, depth, encoding and unique keys
// are all checked before anybody sees a value. The accessors never fail: a wrong kind or
// a missing key gives nothing, so a caller asks first and answers 422 itself.
//
// A Value is a cheap handle on a part of its document and keeps the whole document alive.
// Values never change; any thread may read them. Sources: RFC 8259; for the gateway's
// bodies rest-api.md 1 (1 MiB) and 11 (400 and 422).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "proto/cpp/status.h"

namespace nscp::json {

constexpr size_t kMaxBytes = 1024 * 1024;
constexpr int kMaxDepth = 32;  // arrays and objects within one another

// How much of it is read. The defaults are those of a request's body; who asks a service
// whose lists are longer says how long they may be. A tree takes about ten times the
// text.
struct Limits {
  size_t bytes = kMaxBytes;
  int depth = kMaxDepth;  // at most 200: walking a tree recurses
};

class Value {
 public:
  enum class Kind { kNull, kBool, kNumber, kString, kArray, kObject };

  Value() = default;  // null

  Kind kind() const;
  bool IsNull() const { return kind() == Kind::kNull; }
  bool IsBool() const { return kind() == Kind::kBool; }
  bool IsNumber() const { return kind() == Kind::kNumber; }
  bool IsString() const { return kind() == Kind::kString; }
  bool IsArray() const { return kind() == Kind::kArray; }
  bool IsObject() const { return kind() == Kind::kObject; }

  // Of an object: the member's value, nothing when there is none or this is no object.
  std::optional<Value> Find(std::string_view key) const;
  // Of an array, empty otherwise.
  std::vector<Value> Items() const;
  // Of an object, in order, empty otherwise.
  std::vector<std::pair<std::string, Value>> Members() const;
  // Number of items or members; 0 for every other kind.
  size_t size() const;

  // UTF-8, may hold NUL characters; empty when this is no string.
  std::string AsString() const;
  bool AsBool(bool other = false) const;
  double AsDouble(double other = 0) const;
  // Whole numbers within the type's range only.
  std::optional<int64_t> AsInt() const;
  // A number as text: whole numbers digit for digit, others in their shortest exact form;
  // empty when this is no number.
  std::string NumberText() const;

 private:
  struct Document;
  friend Result<Value> Parse(std::string_view text, const Limits& limits);
  Value(std::shared_ptr<const Document> document, const void* node)
      : document_(std::move(document)), node_(node) {}

  std::shared_ptr<const Document> document_;
  const void* node_ = nullptr;  // a node of the library's tree, owned by document_
};

// Reads one document. Refused as InvalidArgument, with the place where reading stopped:
// bytes that are not UTF-8, trailing text, two members of one name in one object, more
// than `limits.depth` levels; as ResourceExhausted: more than `limits.bytes`.
Result<Value> Parse(std::string_view text, const Limits& limits);
inline Result<Value> Parse(std::string_view text) { return Parse(text, Limits{}); }

}  // namespace nscp::json
