// Passive results: one to each listener of each channel named; accepted when all
// accepted.
#include <atomic>

#include "kernel/broker/call.h"
#include "proto/cpp/text.h"
#include "proto/cpp/utf8.h"

namespace nscp::kernel {
namespace {

// Listeners that one result may go to.
constexpr size_t kMaxListeners = 64;

// Gathers the answers of all listeners.
struct Gathering {
  std::mutex mutex;
  size_t open = 1;  // the one is that of Submit itself
  v1::SubmitResponse response;
  Broker::Done<v1::SubmitResponse> done;

  void Add(bool accepted, const std::string& message) {
    const std::lock_guard<std::mutex> lock(mutex);
    if (!accepted) response.set_accepted(false);
    if (message.empty()) return;
    std::string& all = *response.mutable_message();
    all.append(all.empty() ? "" : "; ").append(message);
  }
  void Close() {
    {
      const std::lock_guard<std::mutex> lock(mutex);
      if (--open > 0) return;
    }
    done(std::move(response));
  }
};

class ManyCalls final : public PendingCall {
 public:
  void Cancel() override {
    for (const auto& call : calls) call->Cancel();
  }
  std::vector<std::shared_ptr<PendingCall>> calls;
};

}  // namespace

std::shared_ptr<PendingCall> Broker::Submit(const Asker& asker,
                                            const v1::SubmitRequest& request,
                                            Done<v1::SubmitResponse> done) {
  auto gathering = std::make_shared<Gathering>();
  gathering->done = std::move(done);
  gathering->response.set_accepted(true);
  auto handle = std::make_shared<ManyCalls>();
  size_t listeners = 0;
  for (const std::string& channel : SplitList(RepairUtf8(request.channel()))) {
    if (EqualsIgnoreCase(channel, "noop")) continue;
    if (EqualsIgnoreCase(channel, "log")) {
      std::string text;
      for (const v1::Line& line : request.result().lines()) text += line.message();
      hooks_.log(v1::LOG_INFO,
                 "Notification " + std::to_string(request.result().code()) + ": " + text,
                 asker.request_id);
      continue;
    }
    const auto slots = registry_.Channel(channel);
    if (slots.empty()) gathering->Add(false, "No handler for channel: " + channel);
    for (const std::string& slot : slots) {
      if (++listeners > kMaxListeners) {
        gathering->Add(false,
                       "more than " + std::to_string(kMaxListeners) + " listeners");
        break;
      }
      auto call = std::make_shared<Call>(*this);
      call->what = ToLowerAscii(channel);
      call->slot = slot;
      if (const Status bad = Prepare(asker, limits_.submit, "submissions", *call);
          !bad.ok()) {
        gathering->Add(false, bad.message());
        continue;
      }
      v1::WorkerSubmitRequest submit;
      submit.set_call(call->id);
      submit.set_channel(channel);
      submit.set_source(request.source());
      *submit.mutable_result() = request.result();
      submit.set_alias(request.alias());
      submit.set_target(request.target());
      auto answer = std::make_shared<v1::WorkerSubmitResponse>();
      call->fly = [submit, answer](Link& link, const Link::Options& options,
                                   const std::function<void(Status)>& landed) {
        return link.Submit(
            submit, options,
            [answer, landed](Status status, v1::WorkerSubmitResponse response) {
              *answer = std::move(response);
              landed(std::move(status));
            });
      };
      call->answer = [gathering, answer](const Status& status) {
        gathering->Add(status.ok() && answer->accepted(),
                       status.ok() ? answer->message() : status.message());
        gathering->Close();
      };
      {
        const std::lock_guard<std::mutex> lock(gathering->mutex);
        ++gathering->open;
      }
      handle->calls.push_back(call);
      Begin(call);
    }
  }
  gathering->Close();
  return handle;
}

}  // namespace nscp::kernel
