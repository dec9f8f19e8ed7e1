#include "kernel/service/services.h"
#include "proto/cpp/utf8.h"

namespace nscp::kernel {
namespace {

// A worker's log stream. gRPC owns it from Write's return until OnDone.
class LogReader final : public grpc::ServerReadReactor<v1::WriteLogsRequest> {
 public:
  static LogReader* Make(Kernel& kernel, const Result<Visitor>& visitor) {
    auto* reader = new LogReader(kernel);
    if (visitor.ok()) {
      reader->identity_ = visitor->identity;
      reader->StartRead(&reader->batch_);
    } else {
      reader->Finish(ToGrpc(visitor.status()));
    }
    return reader;
  }

 private:
  explicit LogReader(Kernel& kernel) : kernel_(kernel) {}

  void OnReadDone(bool ok) override {
    if (!ok) {
      Finish(grpc::Status::OK);
      return;
    }
    for (v1::LogEntry& entry : *batch_.mutable_entries()) Take(std::move(entry));
    StartRead(&batch_);
  }
  void OnDone() override { delete this; }

  void Take(v1::LogEntry entry) {
    const auto verdict = limit_.Admit(std::chrono::steady_clock::now());
    if (verdict.dropped > 0) {
      kernel_.logger().Log(v1::LOG_WARNING, identity_->slot,
                           std::to_string(verdict.dropped) +
                               " log lines were dropped: more than " +
                               std::to_string(kMaxLinesPerSecond) + " a second",
                           __FILE__, __LINE__);
    }
    if (!verdict.pass) return;
    // Who it is from is our word; only a face of the agent speaks for others (POST
    // /logs).
    if (!identity_->rights.Has(v1::ASSERT_PRINCIPAL) || entry.sender().empty()) {
      entry.set_sender(identity_->slot);
    }
    entry.set_incarnation(identity_->incarnation);
    if (!IsRequestId(entry.request_id())) entry.clear_request_id();
    kernel_.logger().Write(std::move(entry));
  }

  Kernel& kernel_;
  std::shared_ptr<const Identity> identity_;
  LineLimit limit_;
  v1::WriteLogsRequest batch_;
};

}  // namespace

grpc::ServerReadReactor<v1::WriteLogsRequest>* LogsService::Write(
    Context* context, v1::WriteLogsResponse*) {
  return LogReader::Make(kernel_, gate_.Admit(*context, "Logs/Write"));
}

Reactor* LogsService::List(Context* context, const v1::ListLogsRequest* request,
                           v1::ListLogsResponse* response) {
  return gate_.OnDesk(context, "Logs/List", [=](const Visitor&) {
    *response = kernel_.logger().ring().List(*request);
    return Status::Ok();
  });
}

// The line about it goes ahead, so that the ring is empty behind it: file and console
// keep it.
Reactor* LogsService::Clear(Context* context, const v1::ClearLogsRequest* request,
                            v1::ClearLogsResponse*) {
  return gate_.AtOnce(context, "Logs/Clear", [&](const Visitor& visitor) {
    gate_.Audit(visitor, request->caller(), "clear log", Status::Ok());
    kernel_.logger().ring().Clear();
    return Status::Ok();
  });
}

Reactor* LogsService::GetStatus(Context* context, const v1::GetLogStatusRequest*,
                                v1::GetLogStatusResponse* response) {
  return gate_.AtOnce(context, "Logs/GetStatus", [&](const Visitor&) {
    *response = kernel_.logger().ring().GetStatus();
    return Status::Ok();
  });
}

Reactor* EventsService::Emit(Context* context, const v1::EmitEventsRequest* request,
                             v1::EmitEventsResponse*) {
  return gate_.AtOnce(context, "Events/Emit", [&](const Visitor&) {
    return kernel_.events().Emit(*request, NowMs());
  });
}

Reactor* EventsService::List(Context* context, const v1::ListEventsRequest*,
                             v1::ListEventsResponse* response) {
  return gate_.AtOnce(context, "Events/List", [&](const Visitor&) {
    for (v1::Event& event : kernel_.events().List())
      *response->add_events() = std::move(event);
    return Status::Ok();
  });
}

Reactor* EventsService::Take(Context* context, const v1::TakeEventsRequest* request,
                             v1::TakeEventsResponse* response) {
  return gate_.AtOnce(context, "Events/Take", [&](const Visitor& visitor) {
    gate_.Audit(visitor, request->caller(), "take events", Status::Ok());
    for (v1::Event& event : kernel_.events().Take())
      *response->add_events() = std::move(event);
    return Status::Ok();
  });
}

Reactor* MetricsService::Snapshot(Context* context, const v1::MetricsSnapshotRequest*,
                                  v1::MetricsSnapshotResponse* response) {
  return gate_.AtOnce(context, "Metrics/Snapshot", [&](const Visitor&) {
    *response = kernel_.metrics().Snapshot();
    return Status::Ok();
  });
}

}  // namespace nscp::kernel
