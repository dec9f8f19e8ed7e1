// One life of the worker under test with a kernel of its own that is played for it. Used
// by one thread, which made it; queries that it began end before it does.
#pragma once

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "grpc/health/v1/health.grpc.pb.h"
#include "nscp/v1/worker.grpc.pb.h"
#include "tests/conformance/plan.h"
#include "tests/conformance/played_kernel.h"
#include "tests/conformance/worker_process.h"

namespace nscp::conformance {

using std::chrono::milliseconds;

// A folder of its own, gone with the object.
class Folder {
 public:
  static Result<Folder> Make();
  Folder(Folder&& other) noexcept : path_(std::exchange(other.path_, "")) {}
  Folder& operator=(Folder&& other) noexcept {
    std::swap(path_, other.path_);
    return *this;
  }
  ~Folder();
  const std::string& path() const { return path_; }

 private:
  explicit Folder(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

struct Answer {
  grpc::Status status;
  v1::CheckResult result;
  std::string call;  // the id that the kernel gave it
};

// A query under way.
class RunningQuery {
 public:
  // Cancels, and waits for what that leads to.
  ~RunningQuery();
  void Cancel() { context_.TryCancel(); }
  bool WaitFor(milliseconds limit);
  const Answer& Wait();

 private:
  friend class Session;
  grpc::ClientContext context_;
  v1::WorkerQueryRequest request_;
  v1::WorkerQueryResponse response_;
  Answer answer_;
  std::future<void> done_;
};

class Session {
 public:
  // What a birth line looks like beyond the ordinary.
  struct BirthForm {
    bool from_newer_kernel = false;  // with a field that nobody knows yet
    bool broken = false;             // no birth line at all
  };
  static Result<std::unique_ptr<Session>> Begin(const Plan& plan, BirthForm form);
  static Result<std::unique_ptr<Session>> Begin(const Plan& plan);
  // Begun, attached and started with the plan's settings.
  static Result<std::unique_ptr<Session>> Started(const Plan& plan,
                                                  uint32_t concurrency = 0);

  WorkerProcess& process() { return *process_; }
  PlayedKernel& kernel() { return *kernel_; }
  const std::string& listen() const { return listen_; }
  const std::string& token() const { return token_; }
  const std::string& kernel_token() const { return kernel_token_; }
  Result<v1::StartRequest> StartRequest(uint32_t concurrency) const;

  // Waits for a proper attach. Then the calls below work.
  Result<AttachSeen> Attach();
  grpc::Status Start(const v1::StartRequest& request);
  grpc::Status Reload(const v1::StartRequest& like);
  grpc::Status Drain(milliseconds limit);
  grpc::Status Stop(milliseconds limit);
  // OK = SERVING.
  grpc::Status Health(milliseconds limit);
  v1::WorkerExecResponse Exec(const std::string& command, grpc::Status* status);
  std::unique_ptr<RunningQuery> BeginQuery(const Command& command, milliseconds limit);
  Answer Query(const Command& command, milliseconds limit);

  // For calls with another token, or none.
  v1::Worker::Stub& worker() { return *worker_; }
  grpc::health::v1::Health::Stub& health() { return *health_; }

 private:
  Session(const Plan& plan, Folder folder) : plan_(plan), folder_(std::move(folder)) {}
  Status MakeBirth(BirthForm form, std::string* line);
  void Prepare(grpc::ClientContext& context, milliseconds limit) const;

  const Plan& plan_;
  Folder folder_;
  std::string listen_;
  std::string token_;
  std::string kernel_token_;
  uint64_t calls_ = 0;
  std::chrono::steady_clock::time_point born_;
  std::unique_ptr<PlayedKernel> kernel_;
  std::unique_ptr<WorkerProcess> process_;  // before the kernel it ends
  std::unique_ptr<v1::Worker::Stub> worker_;
  std::unique_ptr<grpc::health::v1::Health::Stub> health_;
};

}  // namespace nscp::conformance
