#include "json/writer.h"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <charconv>
#include <cmath>

#include "proto/cpp/utf8.h"

namespace nscp::json {
namespace {

rapidjson::SizeType SizeOf(const std::string& text) {
  return static_cast<rapidjson::SizeType>(text.size());
}

}  // namespace

std::string NumberText(double number) {
  if (!std::isfinite(number)) return "null";
  if (number == 0) return "0";  // a minus before zero says nothing to a reader
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, number).ptr;
  return {text, end};
}

struct Writer::Impl {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer{buffer};
};

Writer::Writer() : impl_(std::make_unique<Impl>()) {}
Writer::~Writer() = default;
Writer::Writer(Writer&&) noexcept = default;
Writer& Writer::operator=(Writer&&) noexcept = default;

Writer& Writer::BeginObject() {
  impl_->writer.StartObject();
  return *this;
}

Writer& Writer::EndObject() {
  impl_->writer.EndObject();
  return *this;
}

Writer& Writer::BeginArray() {
  impl_->writer.StartArray();
  return *this;
}

Writer& Writer::EndArray() {
  impl_->writer.EndArray();
  return *this;
}

Writer& Writer::Key(std::string_view name) {
  const std::string text = RepairUtf8(name);
  impl_->writer.Key(text.data(), SizeOf(text));
  return *this;
}

Writer& Writer::String(std::string_view bytes) {
  const std::string text = RepairUtf8(bytes);
  impl_->writer.String(text.data(), SizeOf(text));
  return *this;
}

Writer& Writer::Int(int64_t number) {
  impl_->writer.Int64(number);
  return *this;
}

Writer& Writer::UInt(uint64_t number) {
  impl_->writer.Uint64(number);
  return *this;
}

Writer& Writer::Double(double number) {
  // The library's own Double() writes nothing at all for a NaN, which breaks the
  // document.
  const std::string text = NumberText(number);
  impl_->writer.RawValue(
      text.data(), text.size(),
      std::isfinite(number) ? rapidjson::kNumberType : rapidjson::kNullType);
  return *this;
}

Writer& Writer::Bool(bool value) {
  impl_->writer.Bool(value);
  return *this;
}

Writer& Writer::Null() {
  impl_->writer.Null();
  return *this;
}

Writer& Writer::Field(std::string_view name, std::string_view text) {
  return Key(name).String(text);
}

Writer& Writer::Field(std::string_view name, const char* text) {
  return Key(name).String(text);
}

Writer& Writer::Field(std::string_view name, const std::string& text) {
  return Key(name).String(text);
}

Writer& Writer::Field(std::string_view name, bool value) { return Key(name).Bool(value); }

Writer& Writer::Field(std::string_view name, int number) { return Key(name).Int(number); }

Writer& Writer::Field(std::string_view name, int64_t number) {
  return Key(name).Int(number);
}

Writer& Writer::Field(std::string_view name, uint64_t number) {
  return Key(name).UInt(number);
}

Writer& Writer::Field(std::string_view name, double number) {
  return Key(name).Double(number);
}

std::string Writer::Text() const {
  return {impl_->buffer.GetString(), impl_->buffer.GetSize()};
}

}  // namespace nscp::json
