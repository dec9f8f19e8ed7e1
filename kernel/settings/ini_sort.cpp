#include <algorithm>
#include <iterator>

#include "kernel/settings/ini_file.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {

struct IniFile::Block {
  std::string folded;      // section
  std::vector<Line> head;  // comments before the header, and the header
  struct Unit {
    std::string folded;  // key
    std::vector<Line> lines;
  };
  std::vector<Unit> units;
  std::vector<Line> tail;  // after the last key
};

// Leaves in lines_ what stands before the first section.
std::vector<IniFile::Block> IniFile::TakeBlocks() {
  std::vector<Block> blocks;
  std::vector<Line> top, pending;
  const auto close = [&] {
    auto& lines = blocks.empty() ? top : blocks.back().tail;
    std::move(pending.begin(), pending.end(), std::back_inserter(lines));
    pending.clear();
  };
  for (Line& line : lines_) {
    const Kind kind = line.kind;
    if (kind == Kind::kSection) {
      size_t own = pending.size();  // comments right above the header belong to it
      while (own > 0 && pending[own - 1].kind == Kind::kComment) --own;
      const auto split = pending.begin() + static_cast<std::ptrdiff_t>(own);
      std::vector<Line> head(std::make_move_iterator(split),
                             std::make_move_iterator(pending.end()));
      pending.erase(split, pending.end());
      close();
      blocks.push_back({line.section, std::move(head), {}, {}});
      blocks.back().head.push_back(std::move(line));
      continue;
    }
    const std::string name = ToLowerAscii(line.name);
    pending.push_back(std::move(line));
    if (kind == Kind::kKey) {
      blocks.back().units.push_back({name, std::move(pending)});
      pending.clear();
    }
  }
  close();
  lines_ = std::move(top);
  return blocks;
}

void IniFile::Sort() {
  EndLastLine();
  std::vector<Block> blocks = TakeBlocks();
  const auto before = [](const Block& a, const Block& b) {
    const bool a_first = a.folded == "/modules", b_first = b.folded == "/modules";
    return a_first != b_first ? a_first : a.folded < b.folded;
  };
  std::stable_sort(blocks.begin(), blocks.end(), before);
  const auto append = [](std::vector<Line>* to, std::vector<Line>* from) {
    std::move(from->begin(), from->end(), std::back_inserter(*to));
  };
  for (size_t i = 0; i < blocks.size();) {
    Block& block = blocks[i];
    size_t next = i + 1;
    for (; next < blocks.size() && blocks[next].folded == block.folded; ++next) {
      std::move(blocks[next].units.begin(), blocks[next].units.end(),
                std::back_inserter(block.units));
      blocks[next].head.pop_back();  // the header said a second time
      append(&block.tail, &blocks[next].head);
      append(&block.tail, &blocks[next].tail);
    }
    std::stable_sort(block.units.begin(), block.units.end(),
                     [](const auto& a, const auto& b) { return a.folded < b.folded; });
    if (!lines_.empty() && lines_.back().kind != Kind::kBlank) InsertBlank(lines_.size());
    append(&lines_, &block.head);
    for (auto& unit : block.units) append(&lines_, &unit.lines);
    append(&lines_, &block.tail);
    i = next;
  }
}

}  // namespace nscp::kernel
