#include "kernel/cli/options.h"

#include <algorithm>

#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace {

constexpr size_t kHelpColumn = 34;

class Reader {
 public:
  Reader(const std::vector<OptionGroup>& groups, const std::vector<std::string>& words)
      : groups_(groups), words_(words) {}

  Result<GivenOptions> Read() {
    while (next_ < words_.size()) {
      const std::string& word = words_[next_++];
      if (word == "--" && !IsOver()) {
        while (next_ < words_.size()) items_.push_back({"", words_[next_++]});
        break;
      }
      const size_t equals = StartsWith(word, "--") ? word.find('=') : std::string::npos;
      const Option* option = Find(word.substr(0, equals));
      if (option == nullptr) {
        if (!StartsWith(word, "-")) seen_word_ = true;
        items_.push_back({"", word});
      } else if (equals != std::string::npos) {
        RETURN_IF_ERROR(TakeJoined(*option, word.substr(equals + 1)));
      } else {
        RETURN_IF_ERROR(TakeWords(*option));
      }
    }
    return GivenOptions(std::move(items_));
  }

 private:
  const Option* Find(std::string_view word) const {
    for (const OptionGroup& group : groups_) {
      if (group.leading_only && seen_word_) continue;
      for (const Option& option : group.options) {
        const bool is_long = StartsWith(word, "--") && word.substr(2) == option.name;
        const bool is_short = option.letter != 0 && word.size() == 2 && word[0] == '-' &&
                              word[1] == option.letter;
        if (is_long || is_short) return &option;
      }
    }
    return nullptr;
  }

  // No option can follow.
  bool IsOver() const {
    return seen_word_ &&
           std::all_of(groups_.begin(), groups_.end(),
                       [](const OptionGroup& group) { return group.leading_only; });
  }

  Status TakeJoined(const Option& option, std::string value) {
    if (option.takes == Takes::kNothing) {
      return Status::InvalidArgument("option '--" + std::string(option.name) +
                                     "' does not take any arguments");
    }
    items_.push_back({option.name, std::move(value)});
    return Status::Ok();
  }

  Status TakeWords(const Option& option) {
    if (option.takes == Takes::kNothing) {
      items_.push_back({option.name, ""});
      return Status::Ok();
    }
    if (option.takes == Takes::kSeveral) {
      while (next_ < words_.size() && !StartsWith(words_[next_], "-")) {
        items_.push_back({option.name, words_[next_++]});
      }
      return Status::Ok();
    }
    const bool there = next_ < words_.size() && !IsOption(words_[next_]);
    if (!there && option.takes == Takes::kValue) {
      return Status::InvalidArgument("the required argument for option '--" +
                                     std::string(option.name) + "' is missing");
    }
    items_.push_back({option.name, there ? words_[next_++] : ""});
    return Status::Ok();
  }

  bool IsOption(const std::string& word) const {
    return Find(word.substr(0, word.find('='))) != nullptr;
  }

  const std::vector<OptionGroup>& groups_;
  const std::vector<std::string>& words_;
  size_t next_ = 0;
  bool seen_word_ = false;
  std::vector<GivenOption> items_;
};

}  // namespace

bool GivenOptions::Has(std::string_view name) const {
  return std::any_of(items_.begin(), items_.end(),
                     [&](const GivenOption& item) { return item.name == name; });
}

std::string GivenOptions::Last(std::string_view name) const {
  std::string last;
  for (const GivenOption& item : items_) {
    if (item.name == name) last = item.value;
  }
  return last;
}

std::vector<std::string> GivenOptions::All(std::string_view name) const {
  std::vector<std::string> all;
  for (const GivenOption& item : items_) {
    if (item.name == name) all.push_back(item.value);
  }
  return all;
}

Result<GivenOptions> ParseOptions(const std::vector<OptionGroup>& groups,
                                  const std::vector<std::string>& words) {
  return Reader(groups, words).Read();
}

std::string OptionHelp(const OptionGroup& group) {
  std::string text = std::string(group.title) + ":\n";
  for (const Option& option : group.options) {
    std::string line = "  ";
    if (option.letter != 0) line += std::string("-") + option.letter + " [ --";
    line += (option.letter != 0 ? "" : "--") + std::string(option.name);
    if (option.letter != 0) line += " ]";
    if (option.takes == Takes::kMaybe) line += " [" + std::string(option.value) + "]";
    if (option.takes == Takes::kValue) line += " " + std::string(option.value);
    if (option.takes == Takes::kSeveral) line += " " + std::string(option.value) + " ...";
    line += line.size() < kHelpColumn ? std::string(kHelpColumn - line.size(), ' ')
                                      : "\n" + std::string(kHelpColumn, ' ');
    text += line + std::string(option.help) + "\n";
  }
  return text + std::string(group.note);
}

}  // namespace nscp::kernel
