#include "kernel/supervisor/health_watch.h"

namespace nscp::kernel {

HealthWatch::Due HealthWatch::OnTimer(TimePoint now) {
  if (asked_ && now >= answer_due_) Miss();
  if (missed_ >= allowed_) return Due::kHung;
  if (asked_ || now < next_) return Due::kNothing;
  asked_ = true;
  answer_due_ = now + deadline_;
  next_ = now + every_;
  return Due::kCheck;
}

void HealthWatch::Answer(bool answered) {
  if (answered) {
    missed_ = 0;
    asked_ = false;
  } else if (asked_) {  // else it is late, and was counted or forgiven already
    Miss();
  }
}

void HealthWatch::Forgive(TimePoint now) {
  missed_ = 0;
  asked_ = false;
  if (next_ != TimePoint::max()) next_ = now + every_;
}

void HealthWatch::Miss() {
  asked_ = false;
  ++missed_;
}

}  // namespace nscp::kernel
