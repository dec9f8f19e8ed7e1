#include "kernel/service/services.h"
#include "proto/cpp/latest_stream.h"
#include "proto/cpp/text.h"
#include "proto/cpp/utf8.h"

namespace nscp::kernel {

Reactor* ModulesService::List(Context* context, const v1::ListModulesRequest* request,
                              v1::ListModulesResponse* response) {
  const auto list = [=](const Visitor&) {
    *response = kernel_.modules().List(request->all(), request->details());
    return Status::Ok();
  };
  // Only details read files.
  return request->details() ? gate_.OnDesk(context, "Modules/List", list)
                            : gate_.AtOnce(context, "Modules/List", list);
}

Reactor* ModulesService::Get(Context* context, const v1::GetModuleRequest* request,
                             v1::GetModuleResponse* response) {
  return gate_.OnDesk(context, "Modules/Get", [=](const Visitor&) {
    ASSIGN_OR_RETURN(*response,
                     kernel_.modules().Get(request->name(), request->details()));
    return Status::Ok();
  });
}

// A change that would end the worker it came through is answered first: its process is
// drained before it is stopped, and the answer leaves while it drains.
Reactor* ModulesService::Change(Context* context, const char* rpc,
                                const v1::ModuleRequest* request, Act act,
                                bool ends_the_caller) {
  const auto visitor = gate_.Admit(*context, rpc);
  if (!visitor.ok()) return Reaction::Finished(visitor.status());
  const std::string name = request->name();
  const std::string what = ToLowerAscii(rpc + sizeof "Modules") + " " + RepairUtf8(name);
  const bool itself =
      ends_the_caller && kernel_.modules().SlotOf(name) == visitor->identity->slot;
  Reaction* reaction = itself ? nullptr : Reaction::Make();
  (kernel_.modules().*act)(
      name, [this, reaction, visitor = *visitor, caller = request->caller(),
             what](const Status& status) {
        gate_.Audit(visitor, caller, what, status);
        if (reaction != nullptr) reaction->Finish(ToGrpc(status));
      });
  return itself ? Reaction::Finished(Status::Ok()) : reaction;
}

Reactor* ModulesService::Load(Context* context, const v1::ModuleRequest* request,
                              v1::ModuleResponse*) {
  return Change(context, "Modules/Load", request, &ModuleHost::Load, false);
}

Reactor* ModulesService::Unload(Context* context, const v1::ModuleRequest* request,
                                v1::ModuleResponse*) {
  return Change(context, "Modules/Unload", request, &ModuleHost::Unload, true);
}

Reactor* ModulesService::Reload(Context* context, const v1::ModuleRequest* request,
                                v1::ModuleResponse*) {
  return Change(context, "Modules/Reload", request, &ModuleHost::Replace, true);
}

Reactor* ModulesService::SetEnabled(Context* context, const char* rpc,
                                    const v1::ModuleRequest* request, bool enabled) {
  return gate_.OnDesk(context, rpc, [=](const Visitor& visitor) {
    const Status status = kernel_.modules().SetEnabled(request->name(), enabled);
    gate_.Audit(visitor, request->caller(),
                (enabled ? "enable " : "disable ") + RepairUtf8(request->name()), status);
    return status;
  });
}

Reactor* ModulesService::Enable(Context* context, const v1::ModuleRequest* request,
                                v1::ModuleResponse*) {
  return SetEnabled(context, "Modules/Enable", request, true);
}

Reactor* ModulesService::Disable(Context* context, const v1::ModuleRequest* request,
                                 v1::ModuleResponse*) {
  return SetEnabled(context, "Modules/Disable", request, false);
}

// On the long desk: the new worker asks this kernel while it starts.
Reactor* ModulesService::Install(Context* context,
                                 const v1::InstallModuleRequest* request,
                                 v1::InstallModuleResponse*) {
  const auto visitor = gate_.Admit(*context, "Modules/Install");
  if (!visitor.ok()) return Reaction::Finished(visitor.status());
  Reaction* reaction = Reaction::Make();
  const bool taken = kernel_.long_desk().Do([=, who = *visitor] {
    const Status status = kernel_.InstallModule(request->name(), request->package());
    gate_.Audit(who, request->caller(),
                "install " + RepairUtf8(request->name()) + " (" +
                    std::to_string(request->package().size()) + " bytes)",
                status);
    reaction->Finish(ToGrpc(status));
  });
  if (!taken) {
    reaction->Finish(ToGrpc(Status::ResourceExhausted(
        "Modules/Install: too much waits already; try again later")));
  }
  return reaction;
}

grpc::ServerWriteReactor<v1::WatchModulesResponse>* ModulesService::Watch(
    Context* context, const v1::WatchModulesRequest*) {
  using Stream = LatestStream<v1::WatchModulesResponse>;
  const auto visitor = gate_.Admit(*context, "Modules/Watch");
  if (!visitor.ok()) return Stream::Finished(visitor.status());
  Stream* stream = Stream::Make();
  Revision& revision = kernel_.modules().revision();
  const auto id = revision.Watch([stream](uint64_t value) {
    v1::WatchModulesResponse message;
    message.set_revision(value);
    stream->Offer(std::move(message));
  });
  if (id.ok()) {
    stream->OnGone([&revision, id = *id] { revision.Forget(id); });
  } else {
    stream->End(id.status());
  }
  return stream;
}

}  // namespace nscp::kernel
