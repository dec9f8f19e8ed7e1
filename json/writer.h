// Writes one compact JSON document, piece by piece, into a string. What it gives is
// always valid JSON as long as objects, arrays and keys are opened and closed in a
// sensible order: text that is not UTF-8 is repaired (checks on Windows print CP1252),
// NaN and infinities become null, numbers take their shortest form that reads back as the
// same value (30, not 30.0).
//
// A Writer is used by one thread; it knows nothing of the library underneath.
// Sources: RFC 8259; rest-api.md.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace nscp::json {

class Writer {
 public:
  Writer();
  ~Writer();
  Writer(Writer&&) noexcept;
  Writer& operator=(Writer&&) noexcept;

  Writer& BeginObject();
  Writer& EndObject();
  Writer& BeginArray();
  Writer& EndArray();

  Writer& Key(std::string_view name);
  Writer& String(std::string_view text);
  Writer& Int(int64_t number);
  Writer& UInt(uint64_t number);
  Writer& Double(double number);
  Writer& Bool(bool value);
  Writer& Null();

  // Key and value in one step. The overload for literals keeps them from becoming a bool.
  Writer& Field(std::string_view name, std::string_view text);
  Writer& Field(std::string_view name, const char* text);
  Writer& Field(std::string_view name, const std::string& text);
  Writer& Field(std::string_view name, bool value);
  Writer& Field(std::string_view name, int number);
  Writer& Field(std::string_view name, int64_t number);
  Writer& Field(std::string_view name, uint64_t number);
  Writer& Field(std::string_view name, double number);

  // The document so far. Each object and array that was begun must have been ended.
  std::string Text() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The shortest text that reads back as `number`: "30", "0.1", "1e+22"; "null" when it is
// not finite.
std::string NumberText(double number);

}  // namespace nscp::json
