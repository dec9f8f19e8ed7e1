#include <algorithm>
#include <charconv>

#include "proto/cpp/text.h"
#include "workers/check_disk/trend.h"

namespace nscp::check_disk {
namespace {

// Of every text; another one is of a form that is not known here.
constexpr std::string_view kHead = "trend 1\n";
// A sample's usual length at most: two differences and their blanks.
constexpr size_t kSampleText = 32;
constexpr size_t kMaxName = 4096;
constexpr char kHexDigits[] = "0123456789abcdef";

// Blanks, line ends and all that is not ASCII stand as %20.
std::string Escape(std::string_view name) {
  std::string out;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > ' ' && byte < 0x7f && c != '%') {
      out += c;
    } else {
      out += '%';
      out += kHexDigits[byte >> 4];
      out += kHexDigits[byte & 15];
    }
  }
  return out;
}

int HexValue(char c) {
  const char* found = std::find(kHexDigits, kHexDigits + 16, c);
  return static_cast<int>(found - kHexDigits);
}

// Empty for what Escape never gives.
std::string UnescapeName(std::string_view text) {
  std::string out;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      out += text[at];
      continue;
    }
    if (at + 2 >= text.size()) return "";
    const int high = HexValue(text[at + 1]);
    const int low = HexValue(text[at + 2]);
    if (high > 15 || low > 15) return "";
    out += static_cast<char>(high * 16 + low);
    at += 2;
  }
  return out;
}

// The next number of a line. False at its end and for what is none.
template <class Number>
bool Take(std::string_view& line, Number& out) {
  if (!line.empty() && line.front() == ' ') line.remove_prefix(1);
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), out);
  if (error != std::errc()) return false;
  line.remove_prefix(static_cast<size_t>(end - line.data()));
  return line.empty() || line.front() == ' ';
}

}  // namespace

// A line for each drive: name, size, then time and used space of each sample as the
// difference to the one before.
std::string TrendHistory::Write() const {
  std::string text;
  const size_t room = kMaxTrendText / std::max<size_t>(drives_.size(), 1) / kSampleText;
  for (const auto& [name, drive] : drives_) {
    if (drive.samples.empty() || text.size() > kMaxTrendText) continue;
    if (text.empty()) text = kHead;
    text += Escape(name) + ' ' + std::to_string(drive.size);
    const size_t count = drive.samples.size();
    const size_t step = (count + room) / (room + 1);
    Sample last;
    // Backwards counted, so that the newest one is always among them.
    for (size_t i = (count - 1) % step; i < count; i += step) {
      const Sample& sample = drive.samples[i];
      text += ' ' + std::to_string(sample.time - last.time) + ' ' +
              std::to_string(static_cast<int64_t>(sample.used - last.used));
      last = sample;
    }
    text += '\n';
  }
  return text;
}

void TrendHistory::ReadDrive(std::string_view line, int64_t now) {
  const size_t blank = std::min(line.find(' '), line.size());
  const std::string name = UnescapeName(line.substr(0, std::min(blank, 3 * kMaxName)));
  line.remove_prefix(blank);
  Drive drive;
  if (name.empty() || name.size() > kMaxName || !Take(line, drive.size)) return;
  Sample last;
  int64_t seconds = 0;
  int64_t bytes = 0;
  while (Take(line, seconds) && Take(line, bytes)) {
    // Times grow, and no sum of them may overflow.
    if (seconds <= 0 || seconds > now - last.time) break;
    last.time += seconds;
    last.used += static_cast<uint64_t>(bytes);
    if (last.used > drive.size) break;
    if (last.time < now - retention_) continue;
    drive.samples.push_back(last);
    if (drive.samples.size() > kMaxTrendSamples) drive.samples.pop_front();
  }
  Merge(name, std::move(drive));
}

void TrendHistory::Merge(const std::string& name, Drive&& older) {
  const auto found = drives_.find(name);
  if (found == drives_.end()) {
    if (older.samples.empty() || drives_.size() >= kMaxTrendDrives) return;
    drives_[name] = std::move(older);
    return;
  }
  Drive& here = found->second;
  if (here.size != older.size) return;
  while (!older.samples.empty() && here.samples.size() < kMaxTrendSamples) {
    const Sample& sample = older.samples.back();
    if (here.samples.empty() || sample.time < here.samples.front().time) {
      here.samples.push_front(sample);
    }
    older.samples.pop_back();
  }
}

void TrendHistory::Read(std::string_view text, int64_t now) {
  if (!StartsWith(text, kHead)) return;
  for (size_t at = kHead.size(); at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    ReadDrive(text.substr(at, end - at), now);
    at = end + 1;
  }
}

}  // namespace nscp::check_disk
