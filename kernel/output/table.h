// A table of text for people: a heading, and a line for each row, columns two blanks
// apart. Nothing but the table's own colours reaches the terminal as a control character.
// A value; one thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kernel/output/screen.h"

namespace nscp::kernel {

enum class Tone { kPlain, kGood, kWarning, kBad, kQuiet };

struct Cell {
  explicit Cell(std::string_view bytes, Tone its_tone = Tone::kPlain);
  std::string text;  // as Visible gives it
  Tone tone;
};

struct Column {
  std::string_view heading;
  bool right = false;       // numbers
  bool shrinkable = false;  // may be cut on a terminal that is too narrow
};

class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // As many cells as columns; missing ones are empty, further ones are left out.
  void Add(std::vector<Cell> cells);
  // Cut only where `screen` has a known width; coloured only where it may be.
  std::string Text(const Screen& screen) const;

 private:
  std::vector<size_t> Widths(size_t available) const;

  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

// `text` in the tone's colour where `screen` may be coloured. `text` is clean.
std::string Toned(std::string_view text, Tone tone, const Screen& screen);

}  // namespace nscp::kernel
