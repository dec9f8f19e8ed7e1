#include "kernel/output/table.h"

#include <algorithm>

#include "kernel/output/visible.h"

namespace nscp::kernel {
namespace {

constexpr size_t kGap = 2;
// No column is cut below this.
constexpr size_t kNarrowest = 12;
constexpr std::string_view kHeadingSequence = "\x1b[1m";
constexpr std::string_view kEndSequence = "\x1b[0m";

std::string_view Sequence(Tone tone) {
  switch (tone) {
    case Tone::kGood:
      return "\x1b[32m";
    case Tone::kWarning:
      return "\x1b[33m";
    case Tone::kBad:
      return "\x1b[31m";
    case Tone::kQuiet:
      return "\x1b[2m";
    case Tone::kPlain:
      return "";
  }
  return "";
}

std::string Coloured(std::string_view text, std::string_view sequence,
                     const Screen& screen) {
  if (!screen.colour || sequence.empty() || text.empty()) return std::string(text);
  return std::string(sequence).append(text).append(kEndSequence);
}

// One line being made; blanks at its end are never written.
class Line {
 public:
  void Add(std::string_view clean, std::string_view sequence, const Column& column,
           size_t width, const Screen& screen) {
    const std::string text = CutToWidth(clean, width);
    const size_t padding = width - std::min(width, DisplayWidth(text));
    if (column.right) blanks_ += padding;
    if (!text.empty()) {
      line_.append(blanks_, ' ');
      line_ += Coloured(text, sequence, screen);
      blanks_ = 0;
    }
    blanks_ += (column.right ? 0 : padding) + kGap;
  }
  std::string Take() { return std::move(line_) + "\n"; }

 private:
  std::string line_;
  size_t blanks_ = 0;
};

}  // namespace

Cell::Cell(std::string_view bytes, Tone its_tone)
    : text(Visible(bytes)), tone(its_tone) {}

void Table::Add(std::vector<Cell> cells) {
  cells.resize(columns_.size(), Cell(""));
  rows_.push_back(std::move(cells));
}

// From the last shrinkable column to the first, each gives what it can.
std::vector<size_t> Table::Widths(size_t available) const {
  std::vector<size_t> widths;
  size_t total = columns_.empty() ? 0 : kGap * (columns_.size() - 1);
  for (size_t i = 0; i < columns_.size(); ++i) {
    size_t width = DisplayWidth(columns_[i].heading);
    for (const auto& row : rows_) width = std::max(width, DisplayWidth(row[i].text));
    widths.push_back(width);
    total += width;
  }
  if (available == 0) return widths;
  for (size_t i = columns_.size(); i-- > 0 && total > available;) {
    if (!columns_[i].shrinkable || widths[i] <= kNarrowest) continue;
    const size_t give = std::min(total - available, widths[i] - kNarrowest);
    widths[i] -= give;
    total -= give;
  }
  return widths;
}

std::string Table::Text(const Screen& screen) const {
  const std::vector<size_t> widths = Widths(screen.output ? screen.columns : 0);
  Line heading;
  for (size_t i = 0; i < columns_.size(); ++i) {
    heading.Add(columns_[i].heading, kHeadingSequence, columns_[i], widths[i], screen);
  }
  std::string text = heading.Take();
  for (const auto& row : rows_) {
    Line line;
    for (size_t i = 0; i < columns_.size(); ++i) {
      line.Add(row[i].text, Sequence(row[i].tone), columns_[i], widths[i], screen);
    }
    text += line.Take();
  }
  return text;
}

std::string Toned(std::string_view text, Tone tone, const Screen& screen) {
  return Coloured(text, Sequence(tone), screen);
}

}  // namespace nscp::kernel
