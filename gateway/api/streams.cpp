#include "gateway/api/streams.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "gateway/api/answer.h"
#include "gateway/api/context.h"
#include "proto/cpp/utf8.h"

namespace nscp::gateway {
namespace {

constexpr std::string_view kBeat = ":\n\n";

// A comment is one line.
std::string Comment(std::string_view text) {
  std::string comment = ": " + RepairUtf8(text) + "\n\n";
  for (size_t i = 0; i + 2 < comment.size(); ++i) {
    if (comment[i] == '\n' || comment[i] == '\r') comment[i] = ' ';
  }
  return comment;
}

Response NoPlace(const std::string& why) {
  Response response = TextAnswer(503, why);
  response.headers.emplace_back("Retry-After",
                                std::to_string(Streams::kRetryWhenFull.count()));
  return response;
}

}  // namespace

void StreamListener::Begun() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!outcome_) outcome_ = Status::Ok();
  changed_.notify_all();
}

void StreamListener::Ended(const Status& why) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!outcome_) outcome_ = why.ok() ? Status::Unavailable("the agent stops") : why;
    changed_.notify_all();
  }
  SayGoodbye("the agent has ended this stream");
}

Status StreamListener::AwaitBegin(std::chrono::milliseconds limit) {
  std::unique_lock<std::mutex> lock(mutex_);
  if (!changed_.wait_for(lock, limit, [this] { return outcome_.has_value(); })) {
    return Status::DeadlineExceeded("the agent did not begin the stream in time");
  }
  return *outcome_;
}

void StreamListener::Hold(std::unique_ptr<KernelClient::Subscription> subscription) {
  // The one before ends without the lock: its last functions may want it.
  const std::lock_guard<std::mutex> lock(mutex_);
  subscription_.swap(subscription);
}

void StreamListener::Resume() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (subscription_) subscription_->Resume();
}

void StreamListener::SayGoodbye(std::string_view why) {
  stream_->Write(Comment(why));
  stream_->End();
}

Streams::Streams(const Authenticator* auth, Clock clock)
    : auth_(auth), clock_(std::move(clock)) {}

Streams::~Streams() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
  for (const auto& listener : listeners_) listener->Hold(nullptr);
}

void Streams::SetLimits(size_t listeners, size_t listeners_of_user) {
  const std::lock_guard<std::mutex> lock(mutex_);
  most_ = std::min(listeners, kMaxListeners);
  most_of_user_ = std::min(listeners_of_user, kMaxListeners);
}

std::optional<std::string> Streams::FullLocked(const std::string& user) const {
  if (closed_) return "The agent stops; try again later";
  size_t all = 0;
  size_t of_user = 0;
  for (const auto& listener : listeners_) {
    if (listener->gone_) continue;
    ++all;
    if (listener->who_.user == user) ++of_user;
  }
  if (all >= most_) {
    return std::to_string(all) +
           " streams are open already, which is the limit ('stream listeners' of the web "
           "server); end one of them or try again later";
  }
  if (of_user >= most_of_user_) {
    return "This user has " + std::to_string(of_user) +
           " streams open already, which is the limit ('stream listeners of one user' of "
           "the web server); end one of them or try again later";
  }
  return std::nullopt;
}

std::shared_ptr<StreamListener> Streams::NewListener(const Identity& who) {
  // The stream knows its listener weakly: the listener owns it.
  auto place = std::make_shared<std::weak_ptr<StreamListener>>();
  auto stream = std::make_shared<Stream>(
      [place] {
        if (const auto listener = place->lock()) listener->Resume();
      },
      [this, place] {
        const std::lock_guard<std::mutex> lock(mutex_);
        if (const auto listener = place->lock()) listener->gone_ = true;
        look_ = true;
        changed_.notify_all();
      });
  auto listener = std::make_shared<StreamListener>(who, std::move(stream));
  *place = listener;
  listener->next_beat_ = clock_() + kHeartbeat;
  return listener;
}

Response Streams::Open(const Context& context, const Watch& watch) {
  const auto listener = NewListener(context.who);
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (const auto full = FullLocked(context.who.user)) return NoPlace(*full);
    listeners_.push_back(listener);
    if (!thread_.joinable()) thread_ = std::thread([this] { Run(); });
    changed_.notify_all();
  }
  listener->Hold(watch(context.kernel(), listener));
  if (const Status begun = listener->AwaitBegin(kBegin); !begun.ok()) {
    Forget(listener);
    Response refused = FailedCall(context, begun);
    if (refused.status == 503) {
      refused.headers.emplace_back("Retry-After", std::to_string(kRetryWhenFull.count()));
    }
    return refused;
  }
  Response response;
  response.content_type = "text/event-stream";
  response.headers = {{"Cache-Control", "no-cache"}, {"X-Accel-Buffering", "no"}};
  response.stream = listener->stream_;
  return response;
}

void Streams::Forget(const std::shared_ptr<StreamListener>& listener) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    listeners_.remove(listener);
  }
  listener->Hold(nullptr);
}

void Streams::EndAll(std::string_view why) {
  Listeners all;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const auto& listener : listeners_) {
      if (std::exchange(listener->leaving_, true)) continue;
      all.push_back(listener);
    }
  }
  for (const auto& listener : all) listener->SayGoodbye(why);
}

void Streams::Close(std::string_view why) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    closed_ = true;
  }
  EndAll(why);
}

void Streams::Look() {
  const TimePoint now = clock_();
  Listeners gone;
  Listeners strangers;
  Listeners quiet;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    look_ = false;
    for (auto at = listeners_.begin(); at != listeners_.end();) {
      const auto listener = at++;
      StreamListener& one = **listener;
      if (one.gone_) {
        gone.splice(gone.end(), listeners_, listener);
      } else if (!one.leaving_ && !auth_->IsAlive(one.who_)) {
        one.leaving_ = true;
        strangers.push_back(*listener);
      } else if (now >= one.next_beat_) {
        one.next_beat_ = now + kHeartbeat;
        quiet.push_back(*listener);
      }
    }
  }
  for (const auto& listener : gone) listener->Hold(nullptr);
  for (const auto& listener : strangers) {
    listener->SayGoodbye("the token of this stream has expired or was revoked");
  }
  for (const auto& listener : quiet) {
    if (!listener->stream_->full()) listener->Send(kBeat);
  }
}

void Streams::Run() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (!stopping_) {
    if (listeners_.empty()) {
      changed_.wait(lock, [this] { return stopping_ || !listeners_.empty(); });
      continue;
    }
    changed_.wait_for(lock, kLook, [this] { return stopping_ || look_; });
    lock.unlock();
    Look();
    lock.lock();
  }
}

}  // namespace nscp::gateway
