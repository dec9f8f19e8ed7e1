// For tests: a line to a worker that never answers. A test's own link overrides what it
// plays.
#pragma once

#include "kernel/broker/link.h"

namespace nscp::kernel {

class IdleLink : public Link {
 public:
  void Start(const v1::StartRequest&, const Options&,
             std::function<void(Status)>) override {}
  void Reload(const v1::ReloadRequest&, const Options&,
              std::function<void(Status)>) override {}
  void Drain(const Options&, std::function<void(Status)>) override {}
  void Stop(const Options&, std::function<void(Status)>) override {}
  void CheckHealth(const Options&, std::function<void(Health)>) override {}
  std::shared_ptr<PendingCall> Query(v1::WorkerQueryRequest, const Options&,
                                     Done<v1::WorkerQueryResponse>) override {
    return nullptr;
  }
  std::shared_ptr<PendingCall> Exec(v1::WorkerExecRequest, const Options&,
                                    Done<v1::WorkerExecResponse>) override {
    return nullptr;
  }
  std::shared_ptr<PendingCall> Submit(v1::WorkerSubmitRequest, const Options&,
                                      Done<v1::WorkerSubmitResponse>) override {
    return nullptr;
  }
  std::shared_ptr<PendingCall> FetchMetrics(const Options&,
                                            Done<v1::FetchMetricsResponse>) override {
    return nullptr;
  }
  std::shared_ptr<PendingCall> DeliverEvents(v1::DeliverEventsRequest, const Options&,
                                             Done<v1::DeliverEventsResponse>) override {
    return nullptr;
  }
  std::shared_ptr<PendingCall> PushMetrics(const v1::PushMetricsRequest&, const Options&,
                                           Done<v1::PushMetricsResponse>) override {
    return nullptr;
  }
};

}  // namespace nscp::kernel
