#include "workers/check_event_log/event.h"

#include "proto/cpp/utf8.h"

namespace nscp::check_event_log {
namespace {

constexpr uint64_t kUnitsPerSecond = 10'000'000;
constexpr uint64_t kEpoch = 11'644'473'600;  // 1970 in seconds since 1601

}  // namespace

EventTexts::EventTexts(std::unique_ptr<TextMaker> maker)
    : shared_(std::make_shared<Shared>()) {
  shared_->maker = std::move(maker);
}

std::string_view EventTexts::Get(EventText which) const {
  if (shared_ == nullptr) return "";
  std::optional<std::string>& made = shared_->made[static_cast<size_t>(which)];
  if (!made) {
    made = shared_->maker == nullptr ? std::string() : shared_->maker->Make(which);
    if (made->size() > kMaxEventText) *made = CutUtf8(*made, kMaxEventText);
  }
  return *made;
}

size_t EventTexts::Settle(const std::array<bool, kEventTexts>& wanted) {
  if (shared_ == nullptr) return 0;
  size_t bytes = 0;
  for (size_t i = 0; i < kEventTexts; ++i) {
    if (wanted[i]) Get(static_cast<EventText>(i));
    if (shared_->made[i]) bytes += shared_->made[i]->size();
  }
  shared_->maker.reset();
  return bytes;
}

int64_t SecondsOfFileTime(uint64_t time) {
  const uint64_t seconds = time / kUnitsPerSecond;
  return seconds < kEpoch ? 0 : static_cast<int64_t>(seconds - kEpoch);
}

uint64_t FileTimeOfSeconds(int64_t seconds) {
  if (seconds < 0) return kEpoch * kUnitsPerSecond;
  return (static_cast<uint64_t>(seconds) + kEpoch) * kUnitsPerSecond;
}

}  // namespace nscp::check_event_log
