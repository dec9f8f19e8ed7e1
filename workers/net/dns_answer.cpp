#include "workers/net/dns_answer.h"

#include <ares.h>

#include <memory>
#include <optional>

#include "proto/cpp/text.h"

namespace nscp::net {
namespace {

constexpr size_t kHeader = 12;

struct TypeName {
  std::string_view name;
  DnsType type;
};
constexpr TypeName kTypes[] = {
    {"A", DnsType::kA},     {"AAAA", DnsType::kAaaa},   {"MX", DnsType::kMx},
    {"TXT", DnsType::kTxt}, {"CNAME", DnsType::kCname}, {"NS", DnsType::kNs},
    {"SOA", DnsType::kSoa}, {"PTR", DnsType::kPtr},
};

Status Damaged() {
  return Status::Unavailable("the answer of the name server is damaged");
}

// Reads forward; every read that would leave the answer gives nothing.
class Reader {
 public:
  explicit Reader(std::string_view bytes, size_t at = 0) : bytes_(bytes), at_(at) {}

  std::optional<uint32_t> Number(size_t size) {
    if (size > bytes_.size() - at_) return std::nullopt;
    uint32_t number = 0;
    for (size_t i = 0; i < size; ++i) {
      number = number << 8 | static_cast<unsigned char>(bytes_[at_ + i]);
    }
    at_ += size;
    return number;
  }
  bool Skip(size_t size) {
    if (size > bytes_.size() - at_) return false;
    at_ += size;
    return true;
  }
  std::optional<std::string> Name() {
    if (at_ >= bytes_.size()) return std::nullopt;
    const auto* start = reinterpret_cast<const unsigned char*>(bytes_.data());
    char* name = nullptr;
    long size = 0;
    if (ares_expand_name(start + at_, start, static_cast<int>(bytes_.size()), &name,
                         &size) != ARES_SUCCESS) {
      return std::nullopt;
    }
    const std::unique_ptr<char, decltype(&ares_free_string)> owner(
        name, [](void* text) { ares_free_string(text); });
    at_ += static_cast<size_t>(size);
    return std::string(name);
  }
  size_t at() const { return at_; }

 private:
  std::string_view bytes_;
  size_t at_;
};

std::optional<std::string> Address(int family, std::string_view data, size_t size) {
  char text[64] = "";
  if (data.size() != size ||
      ares_inet_ntop(family, data.data(), text, sizeof text) == nullptr) {
    return std::nullopt;
  }
  return std::string(text);
}

std::optional<std::string> TextParts(std::string_view data) {
  std::string text;
  while (!data.empty()) {
    const size_t size = static_cast<unsigned char>(data[0]);
    if (size >= data.size()) return std::nullopt;
    text += data.substr(1, size);
    data.remove_prefix(size + 1);
  }
  return text;
}

std::optional<std::string> MailExchange(Reader reader) {
  const auto preference = reader.Number(2);
  const auto name = preference ? reader.Name() : std::nullopt;
  if (!name) return std::nullopt;
  return std::to_string(*preference) + " " + *name;
}

std::optional<std::string> Authority(Reader reader) {
  const auto server = reader.Name();
  const auto mailbox = server ? reader.Name() : std::nullopt;
  if (!mailbox) return std::nullopt;
  std::string text = *server + " " + *mailbox;
  for (int i = 0; i < 5; ++i) {
    const auto number = reader.Number(4);
    if (!number) return std::nullopt;
    text += " " + std::to_string(*number);
  }
  return text;
}

// Of the record whose data is at `at`: names in it may point anywhere before it.
std::optional<std::string> Text(std::string_view answer, size_t at, size_t size,
                                DnsType type) {
  constexpr size_t kV4 = 4;
  constexpr size_t kV6 = 16;
  const std::string_view data = answer.substr(at, size);
  switch (type) {
    case DnsType::kA:
      return Address(AF_INET, data, kV4);
    case DnsType::kAaaa:
      return Address(AF_INET6, data, kV6);
    case DnsType::kTxt:
      return TextParts(data);
    case DnsType::kMx:
      return MailExchange(Reader(answer, at));
    case DnsType::kSoa:
      return Authority(Reader(answer, at));
    case DnsType::kCname:
    case DnsType::kNs:
    case DnsType::kPtr:
      return Reader(answer, at).Name();
  }
  return std::nullopt;
}

}  // namespace

Result<DnsType> ParseDnsType(std::string_view text) {
  for (const TypeName& known : kTypes) {
    if (EqualsIgnoreCase(known.name, Trim(text))) return known.type;
  }
  return Status::InvalidArgument("Invalid record type: '" + std::string(text) +
                                 "' (expected A, AAAA, MX, TXT, CNAME, NS, SOA or PTR)");
}

std::string_view DnsTypeName(DnsType type) {
  for (const TypeName& known : kTypes) {
    if (known.type == type) return known.name;
  }
  return "";
}

Result<std::vector<std::string>> ParseDnsAnswer(std::string_view answer, DnsType type) {
  constexpr size_t kCounts = 4;
  constexpr size_t kMost = 65535;
  if (answer.size() < kHeader || answer.size() > kMost) return Damaged();
  Reader reader(answer, kCounts);
  const uint32_t questions = *reader.Number(2);
  const uint32_t records = *reader.Number(2);
  reader.Skip(4);
  for (uint32_t i = 0; i < questions; ++i) {
    if (!reader.Name() || !reader.Skip(4)) return Damaged();
  }
  std::vector<std::string> texts;
  for (uint32_t i = 0; i < records; ++i) {
    if (!reader.Name()) return Damaged();
    const auto found = reader.Number(2);
    if (!found || !reader.Skip(6)) return Damaged();
    const auto size = reader.Number(2);
    if (!size) return Damaged();
    const size_t at = reader.at();
    if (!reader.Skip(*size)) return Damaged();
    if (*found != static_cast<uint32_t>(type)) continue;
    auto text = Text(answer, at, *size, type);
    if (!text) return Damaged();
    texts.push_back(std::move(*text));
  }
  return texts;
}

}  // namespace nscp::net
