// ModuleHost as the supervisor's WorkerPort: one incarnation from its birth line to its
// end.
#include <google/protobuf/util/json_util.h>

#include "kernel/core/module_host.h"
#include "kernel/settings/snapshot.h"
#include "nscp/v1/birth.pb.h"
#include "proto/cpp/secret.h"
#include "proto/cpp/utf8.h"

namespace nscp::kernel {
namespace {

constexpr size_t kMaxSocketName = 32;

bool IsSocketName(const std::string& name) {
  return !name.empty() && name.size() <= kMaxSocketName &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") ==
             std::string::npos;
}

std::string EndText(const EndRecord& end) {
  return end.reason.empty() ? "ended" : "ended: " + end.reason;
}

}  // namespace

Result<std::string> ModuleHost::Prepare(const WorkerSpec& spec,
                                        IncarnationId incarnation) {
  v1::Birth birth;
  ASSIGN_OR_RETURN(const std::string token, NewToken());
  ASSIGN_OR_RETURN(const std::string kernel_token, NewToken());
  ASSIGN_OR_RETURN(const std::string address, rooms_.runtime->WorkerAddress(incarnation));
  birth.set_kernel(rooms_.kernel_target);
  birth.set_listen(address);
  birth.set_token(token);
  birth.set_kernel_token(kernel_token);
  birth.set_instance(spec.slot);
  birth.set_module(spec.module);
  birth.set_incarnation(incarnation);

  Identity identity;
  identity.slot = spec.slot;
  identity.module = spec.module;
  identity.incarnation = incarnation;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const Instance& instance = instances_[spec.slot];
    if (!instance.module)
      return Status::NotFound(spec.module + " has no manifest any more");
    identity.manifest = {instance.module, &instance.module->manifest};
    identity.rights = Rights::Of(instance.module->manifest);
    credentials_[incarnation] = {kernel_token, address};
  }
  rooms_.broker->identities().Add(token, std::move(identity));
  std::string line;
  if (!google::protobuf::util::MessageToJsonString(birth, &line).ok()) {
    return Status::Internal("writing the birth line of " + spec.slot);
  }
  return line;
}

Status ModuleHost::Attach(const Identity& identity, const v1::AttachRequest& request) {
  if (!identity.manifest) {
    return Status::PermissionDenied("attaching: this token is not a worker's");
  }
  if (request.contract() < identity.manifest->contract_min() ||
      request.contract() != v1::CONTRACT_CURRENT) {
    return Status::FailedPrecondition(
        "attaching " + identity.slot + ": it speaks contract " +
        std::to_string(request.contract()) + ", the kernel " +
        std::to_string(v1::CONTRACT_CURRENT));
  }
  std::string token;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto found = credentials_.find(identity.incarnation);
    if (found == credentials_.end())
      return Status::Unauthenticated("attaching: it has ended");
    // "127.0.0.1:0" lets it choose the port, nothing else.
    const std::string& given = found->second.address;
    const bool any_port = given == "127.0.0.1:0";
    const bool same = any_port ? request.address().rfind("127.0.0.1:", 0) == 0
                               : request.address() == given;
    if (!same) {
      return Status::PermissionDenied("attaching " + identity.slot +
                                      ": it listens elsewhere than it was told");
    }
    token = found->second.kernel_token;
  }
  rooms_.broker->AddLink(identity.slot, identity.incarnation,
                         Link::Open(request.address(), token));
  supervisor_->Attached(identity.slot, identity.incarnation);
  return Status::Ok();
}

void ModuleHost::Start(const std::string& slot, IncarnationId incarnation,
                       std::chrono::steady_clock::time_point deadline) {
  const auto link = rooms_.broker->FindLink(incarnation);
  if (!link) return;
  v1::StartRequest request;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const Instance& instance = instances_[slot];
    *request.mutable_manifest() = instance.module->manifest;
    request.set_alias(RepairUtf8(instance.alias));
    for (auto& setting : EffectiveSettings(instance.module->manifest, instance.alias,
                                           *rooms_.settings, *rooms_.tokens)) {
      *request.add_settings() = std::move(setting);
    }
  }
  request.set_agent_version(rooms_.agent_version);
  request.set_no_start(rooms_.no_start);
  request.set_concurrency(request.manifest().limits().concurrency());
  link->Start(request, {deadline, ""}, [this, slot, incarnation](const Status& status) {
    StartOutcome outcome;
    outcome.kind = status.ok() ? StartOutcome::Kind::kReady
                   : status.code() == Code::kFailedPrecondition
                       ? StartOutcome::Kind::kRefused
                       : StartOutcome::Kind::kFailed;
    outcome.reason = status.message();
    supervisor_->Started(slot, incarnation, std::move(outcome));
  });
}

void ModuleHost::Route(const std::string& slot, IncarnationId incarnation) {
  rooms_.broker->Route(slot, incarnation);
}

void ModuleHost::CheckHealth(const std::string& slot, IncarnationId incarnation,
                             std::chrono::milliseconds deadline) {
  const auto link = rooms_.broker->FindLink(incarnation);
  if (!link) return supervisor_->Health(slot, incarnation, false);
  link->CheckHealth(Until(deadline), [this, slot, incarnation](Link::Health health) {
    supervisor_->Health(slot, incarnation, health != Link::Health::kNoAnswer);
    if (health == Link::Health::kFull) supervisor_->Stuck(slot, incarnation);
  });
}

void ModuleHost::Drain(const std::string& slot, IncarnationId incarnation,
                       std::chrono::milliseconds deadline) {
  rooms_.broker->Unroute(incarnation);
  const auto link = rooms_.broker->FindLink(incarnation);
  if (!link) return supervisor_->Drained(slot, incarnation);
  link->Drain(Until(deadline), [this, slot, incarnation](const Status&) {
    supervisor_->Drained(slot, incarnation);
  });
}

void ModuleHost::Stop(const std::string&, IncarnationId incarnation,
                      std::chrono::milliseconds deadline) {
  if (const auto link = rooms_.broker->FindLink(incarnation)) {
    link->Stop(Until(deadline), [](const Status&) {});
  }
}

std::vector<std::string> ModuleHost::BusyWith(IncarnationId incarnation) {
  return rooms_.broker->BusyWith(incarnation);
}

void ModuleHost::Gone(const std::string&, IncarnationId incarnation,
                      const EndRecord& end) {
  rooms_.broker->identities().Remove(incarnation);
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    credentials_.erase(incarnation);
  }
  rooms_.broker->Gone(incarnation, {EndText(end), end.wanted, end.last_lines});
  rooms_.runtime->RemoveWorker(incarnation);
}

void ModuleHost::Output(const std::string& slot, IncarnationId incarnation,
                        const std::string& line) {
  v1::LogEntry entry;
  entry.set_level(v1::LOG_INFO);
  entry.set_sender(slot);
  entry.set_message(RepairUtf8(line));
  entry.set_incarnation(incarnation);
  rooms_.logger->Write(std::move(entry));
}

void ModuleHost::Note(const std::string& slot, bool error, const std::string& message) {
  rooms_.logger->Log(error ? v1::LOG_ERROR : v1::LOG_INFO, slot, message, __FILE__,
                     __LINE__);
}

Result<bool> ModuleHost::Listen(const Identity& identity,
                                const v1::ListenRequest& request) {
  if (!IsSocketName(request.name()) || request.port() > 65535) {
    return Status::InvalidArgument("listening: \"" + request.name() + "\" port " +
                                   std::to_string(request.port()) +
                                   ": names are [a-z0-9-], ports end at 65535");
  }
  if (!Listeners::kSupported) return false;
  ASSIGN_OR_RETURN(const int descriptor,
                   listeners_.Acquire(identity.slot, request.name(), request.address(),
                                      static_cast<uint16_t>(request.port()),
                                      static_cast<int>(request.backlog())));
  RETURN_IF_ERROR(supervisor_->PassDescriptor(identity.slot, identity.incarnation,
                                              request.name(), descriptor));
  return true;
}

}  // namespace nscp::kernel
