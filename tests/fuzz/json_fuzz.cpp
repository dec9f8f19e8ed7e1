// Parses any bytes; what is accepted is written out, parsed again and must be the same.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "json/value.h"
#include "json/writer.h"
#include "proto/cpp/utf8.h"
#include "tests/fuzz/check.h"

namespace {

using nscp::fuzz::Check;
using nscp::json::Parse;
using nscp::json::Value;
using nscp::json::Writer;

void Write(const Value& value, int depth, Writer* writer) {
  Check(depth <= nscp::json::kMaxDepth);
  switch (value.kind()) {
    case Value::Kind::kNull:
      writer->Null();
      break;
    case Value::Kind::kBool:
      writer->Bool(value.AsBool());
      break;
    case Value::Kind::kNumber:
      writer->Double(value.AsDouble());
      break;
    case Value::Kind::kString:
      Check(nscp::IsUtf8(value.AsString()));
      writer->String(value.AsString());
      break;
    case Value::Kind::kArray:
      writer->BeginArray();
      for (const auto& item : value.Items()) Write(item, depth + 1, writer);
      writer->EndArray();
      break;
    case Value::Kind::kObject:
      writer->BeginObject();
      for (const auto& [name, member] : value.Members()) {
        Check(value.Find(name).has_value());
        writer->Key(name);
        Write(member, depth + 1, writer);
      }
      writer->EndObject();
      break;
  }
}

std::string Written(const Value& value) {
  Writer writer;
  Write(value, 0, &writer);
  return writer.Text();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto first = Parse({reinterpret_cast<const char*>(data), size});
  if (!first.ok()) {
    Check(!first.status().message().empty());
    return 0;
  }
  const std::string text = Written(*first);
  if (text.size() > nscp::json::kMaxBytes) return 0;
  const auto second = Parse(text);
  Check(second.ok());
  Check(Written(*second) == text);
  return 0;
}
