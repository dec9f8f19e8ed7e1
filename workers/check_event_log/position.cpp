#include "workers/check_event_log/position.h"

#include <charconv>

#include "proto/cpp/text.h"

namespace nscp::check_event_log {
namespace {

constexpr std::string_view kVersion = "1";

std::optional<uint64_t> WholeNumber(const std::string& text) {
  uint64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || rest != end) return std::nullopt;
  return number;
}

}  // namespace

std::string FormatPosition(const Position& position) {
  return std::string(kVersion) + "|" + std::to_string(position.record) + "|" +
         std::to_string(position.time);
}

std::optional<Position> ParsePosition(std::string_view text) {
  const auto parts = Split(text, '|');
  if (parts.size() != 3 || parts[0] != kVersion) return std::nullopt;
  const auto record = WholeNumber(parts[1]);
  const auto time = WholeNumber(parts[2]);
  if (!record || !time) return std::nullopt;
  return Position{*record, *time};
}

bool MayBeThere(const Position& kept, const LogEnds& ends) {
  return kept.record > 0 && kept.record >= ends.oldest.record &&
         kept.record <= ends.newest.record;
}

ReadOn FindReadOn(const Position& kept, const LogEnds& ends,
                  const std::optional<Position>& there) {
  const bool is_empty = ends.newest.record == 0;
  if (kept.record == 0) return {0, false, false};
  if (is_empty) return {0, true, false};
  if (ends.newest.record < kept.record) return {0, true, false};
  if (there && there->time != kept.time) return {0, true, false};
  const bool lost = kept.record + 1 < ends.oldest.record;
  return {kept.record, false, lost};
}

}  // namespace nscp::check_event_log
