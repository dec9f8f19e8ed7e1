// JSON (RFC 8259) for scripts, members in the order in which they are given. A value; one
// thread. The caller pairs Begin and End, and gives each value of an object a Key.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace nscp::kernel {

class JsonWriter {
 public:
  using TextFilter = std::function<std::string(std::string)>;

  JsonWriter() = default;
  // Every text that is a value goes through `filter`.
  explicit JsonWriter(TextFilter filter) : filter_(std::move(filter)) {}

  JsonWriter& BeginObject() { return Begin('{'); }
  JsonWriter& EndObject() { return End('}'); }
  JsonWriter& BeginArray() { return Begin('['); }
  JsonWriter& EndArray() { return End(']'); }
  JsonWriter& Key(std::string_view name);

  // What is no UTF-8 becomes the replacement character. Control characters, also those
  // beyond ASCII, are escaped: the text is one line and harmless on a terminal.
  JsonWriter& Text(std::string_view bytes);
  // Infinite or not a number: null.
  JsonWriter& Real(double number);
  JsonWriter& Integer(int64_t number);
  JsonWriter& Count(uint64_t number);
  JsonWriter& Bool(bool value);
  JsonWriter& Null();

  // The document so far.
  const std::string& text() const { return text_; }

 private:
  JsonWriter& Begin(char mark);
  JsonWriter& End(char mark);
  void Separate();
  void Quote(std::string_view text);

  TextFilter filter_;
  std::string text_;
  bool needs_comma_ = false;
};

}  // namespace nscp::kernel
