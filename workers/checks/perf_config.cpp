#include "workers/checks/perf_config.h"

#include "proto/cpp/text.h"

namespace nscp::checks {
namespace {

bool IsWordChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-_*+%.").find(c) != std::string_view::npos;
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  void SkipBlanks() {
    while (at_ < text_.size() &&
           std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) {
      ++at_;
    }
  }
  bool AtEnd() {
    SkipBlanks();
    return at_ == text_.size();
  }
  bool Take(char c) {
    SkipBlanks();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  // Word characters with single blanks between them; empty when there are none.
  std::string Words() {
    SkipBlanks();
    const size_t start = at_;
    while (at_ < text_.size()) {
      const bool blank_inside = text_[at_] == ' ' && at_ > start &&
                                at_ + 1 < text_.size() && IsWordChar(text_[at_ + 1]);
      if (!IsWordChar(text_[at_]) && !blank_inside) break;
      ++at_;
    }
    return std::string(text_.substr(start, at_ - start));
  }
  std::optional<std::string> Value() {
    if (!Take('\'')) {
      std::string words = Words();
      if (words.empty()) return std::nullopt;
      return words;
    }
    const size_t close = text_.find('\'', at_);
    if (close == std::string_view::npos) return std::nullopt;
    std::string quoted(text_.substr(at_, close - at_));
    at_ = close + 1;
    return quoted;
  }

 private:
  std::string_view text_;
  size_t at_ = 0;
};

}  // namespace

Result<PerfConfig> PerfConfig::Parse(std::string_view text) {
  PerfConfig config;
  if (text.empty() || text == "none") return config;
  const Status invalid =
      Status::InvalidArgument("Failed to parse: " + std::string(text.substr(0, 200)));
  if (text.size() > kMaxPerfConfigLength) return invalid;
  Reader reader(text);
  while (!reader.AtEnd()) {
    const std::string selector = reader.Words();
    if (selector.empty() || !reader.Take('(')) return invalid;
    do {
      const std::string key = reader.Words();
      if (key.empty()) return invalid;
      std::optional<std::string> value = std::string();
      if (reader.Take(':')) value = reader.Value();
      if (!value) return invalid;
      if (selector == "extra") {
        config.extra_.push_back(key);
      } else {
        config.rules_[selector][key] = *std::move(value);
      }
    } while (reader.Take(';'));
    if (!reader.Take(')')) return invalid;
  }
  return config;
}

std::optional<std::string> PerfConfig::Find(std::string_view key, std::string_view prefix,
                                            std::string_view keyword,
                                            std::string_view suffix) const {
  if (rules_.empty()) return std::nullopt;
  const std::string p(Trim(prefix));
  const std::string k(Trim(keyword));
  const std::string s(Trim(suffix));
  std::vector<std::string> selectors;
  if (!p.empty() && !s.empty()) selectors.push_back(p + "." + k + "." + s);
  if (!p.empty()) selectors.push_back(p + "." + k);
  if (!s.empty()) selectors.push_back(k + "." + s);
  if (!p.empty()) selectors.push_back(p);
  if (!s.empty()) selectors.push_back(s);
  selectors.push_back(k);
  selectors.push_back("*");
  for (const std::string& selector : selectors) {
    const auto rule = rules_.find(selector);
    if (rule == rules_.end()) continue;
    const auto value = rule->second.find(key);
    if (value != rule->second.end()) return value->second;
  }
  return std::nullopt;
}

}  // namespace nscp::checks
