#include "kernel/core/process_usage.h"
#include "kernel/service/services.h"
#include "nscp/version.h"
#include "proto/cpp/kernel_client.h"
#include "proto/cpp/text.h"
#include "proto/cpp/utf8.h"

namespace nscp::kernel {
namespace {

// What REST clients are told as the product's name (rest-api.md 5.3).
constexpr char kProductName[] = "NSClient++";
constexpr size_t kMaxAuditWord = 64;

// Arguments may hold passwords, and do not belong into the log.
std::string FirstWord(std::string_view line) {
  line = Trim(line);
  return CutUtf8(RepairUtf8(line.substr(0, line.find_first_of(" \t"))), kMaxAuditWord);
}

}  // namespace

Reactor* HostService::Attach(Context* context, const v1::AttachRequest* request,
                             v1::AttachResponse* response) {
  return gate_.AtOnce(context, "Host/Attach", [&](const Visitor& visitor) {
    response->set_contract(v1::CONTRACT_CURRENT);
    return kernel_.modules().Attach(*visitor.identity, *request);
  });
}

Reactor* HostService::Register(Context* context, const v1::RegisterRequest* request,
                               v1::RegisterResponse* response) {
  return gate_.AtOnce(context, "Host/Register", [&](const Visitor& visitor) {
    ASSIGN_OR_RETURN(const auto shadowed, kernel_.broker().registry().SetNames(
                                              visitor.identity->slot, *request));
    for (const std::string& name : shadowed) response->add_shadowed(name);
    return Status::Ok();
  });
}

// On the desk: it waits for the supervisor's loop.
Reactor* HostService::Listen(Context* context, const v1::ListenRequest* request,
                             v1::ListenResponse* response) {
  return gate_.OnDesk(context, "Host/Listen", [=](const Visitor& visitor) {
    ASSIGN_OR_RETURN(const bool passed,
                     kernel_.modules().Listen(*visitor.identity, *request));
    response->set_bind_yourself(!passed);
    return Status::Ok();
  });
}

Reactor* HostService::ExpandPath(Context* context, const v1::ExpandPathRequest* request,
                                 v1::ExpandPathResponse* response) {
  return gate_.AtOnce(context, "Host/ExpandPath", [&](const Visitor&) {
    ASSIGN_OR_RETURN(*response->mutable_path(),
                     kernel_.tokens().Resolve(request->path()));
    return Status::Ok();
  });
}

Reactor* HostService::SetTag(Context* context, const v1::SetTagRequest* request,
                             v1::SetTagResponse*) {
  return gate_.AtOnce(context, "Host/SetTag",
                      [&](const Visitor&) { return kernel_.tags().Set(*request); });
}

Reactor* HostService::ListTags(Context* context, const v1::ListTagsRequest*,
                               v1::ListTagsResponse* response) {
  return gate_.AtOnce(context, "Host/ListTags", [&](const Visitor&) {
    *response = kernel_.tags().List();
    return Status::Ok();
  });
}

Reactor* HostService::PutStorage(Context* context, const v1::PutStorageRequest* request,
                                 v1::PutStorageResponse*) {
  return gate_.OnDesk(context, "Host/PutStorage", [=](const Visitor& visitor) {
    return kernel_.storage().Put(visitor.identity->slot, *request);
  });
}

Reactor* HostService::GetStorage(Context* context, const v1::GetStorageRequest* request,
                                 v1::GetStorageResponse* response) {
  return gate_.OnDesk(context, "Host/GetStorage", [=](const Visitor& visitor) {
    ASSIGN_OR_RETURN(*response, kernel_.storage().Get(visitor.identity->slot, *request));
    return Status::Ok();
  });
}

// A delayed reload is answered before it is done, so that it may end the worker that
// asked.
Reactor* HostService::Reload(Context* context, const v1::ReloadHostRequest* request,
                             v1::ReloadHostResponse* response) {
  const auto visitor = gate_.Admit(*context, "Host/Reload");
  if (!visitor.ok()) return Reaction::Finished(visitor.status());
  const std::string target = RepairUtf8(request->target());
  if (request->delayed()) {
    const bool taken = kernel_.reload_desk().Do([this, target, visitor = *visitor,
                                                 caller = request->caller()] {
      gate_.Audit(visitor, caller, "reload " + target, kernel_.Reload(target).status());
    });
    return Reaction::Finished(
        taken ? Status::Ok() : Status::ResourceExhausted("too much waits already"));
  }
  return gate_.On(kernel_.reload_desk(), context, "Host/Reload", [=](const Visitor& who) {
    const auto done = kernel_.Reload(target);
    gate_.Audit(who, request->caller(), "reload " + target, done.status());
    RETURN_IF_ERROR(done.status());
    for (const std::string& line : *done) response->add_actions(line);
    return Status::Ok();
  });
}

// On the long desk: the line asks this very kernel, whose other desk must be
// free.
Reactor* HostService::Console(Context* context, const v1::ConsoleRequest* request,
                              v1::ConsoleResponse* response) {
  const auto visitor = gate_.Admit(*context, "Host/Console");
  if (!visitor.ok()) return Reaction::Finished(visitor.status());
  if (request->line().size() > kMaxConsoleLine) {
    return Reaction::Finished(
        Status::InvalidArgument("a line of the console has at most " +
                                std::to_string(kMaxConsoleLine) + " bytes"));
  }
  Reaction* reaction = Reaction::Make();
  const auto taken_back = std::make_shared<Cancellation>();
  reaction->OnCancelled([taken_back] { taken_back->Cancel(); });
  const bool taken =
      kernel_.long_desk().Do([=, request_id = visitor->request_id, who = *visitor] {
        auto said = kernel_.RunConsoleLine(
            *who.identity, {request->caller(), request_id, taken_back.get()},
            request->line());
        gate_.Audit(who, request->caller(), "console " + FirstWord(request->line()),
                    said.status());
        if (said.ok()) *response->mutable_output() = std::move(said).value();
        reaction->Finish(ToGrpc(said.status()));
      });
  if (!taken) {
    reaction->Finish(ToGrpc(Status::ResourceExhausted(
        "Host/Console: " + std::to_string(Kernel::kMaxLongWork) +
        " lines wait already; try again later")));
  }
  return reaction;
}

Reactor* HostService::Shutdown(Context* context, const v1::ShutdownRequest* request,
                               v1::ShutdownResponse*) {
  return gate_.AtOnce(context, "Host/Shutdown", [&](const Visitor& visitor) {
    gate_.Audit(visitor, request->caller(), "shutdown", Status::Ok());
    kernel_.AskToEnd();
    return Status::Ok();
  });
}

Reactor* HostService::GetStatus(Context* context, const v1::GetHostStatusRequest*,
                                v1::GetHostStatusResponse* response) {
  return gate_.AtOnce(context, "Host/GetStatus", [&](const Visitor&) {
    response->set_name(kProductName);
    response->set_version(kVersionText);
    response->set_started_ms(std::chrono::duration_cast<std::chrono::milliseconds>(
                                 kernel_.started().time_since_epoch())
                                 .count());
    response->set_pid(OwnProcessId());
    response->set_ready(kernel_.loaded());
    response->set_instance(kernel_.instance());
    response->set_calls_running(kernel_.broker().CallsRunning());
    return Status::Ok();
  });
}

}  // namespace nscp::kernel
