#include "kernel/service/services.h"
#include "proto/cpp/utf8.h"

namespace nscp::kernel {
namespace {

// A command that ran and failed is a failure, too.
Status StatusOf(const Result<v1::ExecResponse>& answer) {
  if (!answer.ok() || answer->code() == 0) return answer.status();
  return Status::FailedPrecondition("exit code " + std::to_string(answer->code()));
}

}  // namespace

void QueriesService::SetAvailable(v1::NameInfo& info) const {
  bool available = false;
  for (const std::string& slot : info.modules()) {
    available = available || kernel_.broker().IsRouted(slot);
  }
  info.set_available(available);
}

Reactor* QueriesService::List(Context* context, const v1::ListQueriesRequest* request,
                              v1::ListQueriesResponse* response) {
  return gate_.AtOnce(context, "Queries/List", [&](const Visitor&) {
    for (v1::NameInfo& info : kernel_.broker().registry().List(request->kind())) {
      SetAvailable(info);
      *response->add_names() = std::move(info);
    }
    return Status::Ok();
  });
}

Reactor* QueriesService::Describe(Context* context,
                                  const v1::DescribeQueryRequest* request,
                                  v1::DescribeQueryResponse* response) {
  return gate_.AtOnce(context, "Queries/Describe", [&](const Visitor&) {
    const auto claim = kernel_.broker().registry().Find(request->name());
    if (!claim)
      return Status::NotFound("Query not found: " + RepairUtf8(request->name()));
    v1::NameInfo& info = *response->mutable_info();
    info.set_name(claim->name);
    info.set_title(claim->title);
    info.set_kind(claim->kind);
    info.set_description(claim->description);
    info.add_modules(claim->slot);
    SetAvailable(info);
    return Status::Ok();
  });
}

Reactor* QueriesService::Execute(Context* context, const v1::ExecuteRequest* request,
                                 v1::ExecuteResponse* response) {
  const bool in_call = !request->caller().call().empty();
  const auto visitor = gate_.Admit(*context, "Queries/Execute", in_call);
  if (!visitor.ok()) return Reaction::Finished(visitor.status());
  Reaction* reaction = Reaction::Make();
  const auto call =
      kernel_.broker().Execute(visitor->AsAsker(request->caller()), *request,
                               [reaction, response](v1::ExecuteResponse answer) {
                                 *response = std::move(answer);
                                 reaction->Finish(grpc::Status::OK);
                               });
  reaction->OnCancelled([call] { call->Cancel(); });
  return reaction;
}

Reactor* QueriesService::Exec(Context* context, const v1::ExecRequest* request,
                              v1::ExecResponse* response) {
  const bool in_call = !request->caller().call().empty();
  const auto visitor = gate_.Admit(*context, "Queries/Exec", in_call);
  if (!visitor.ok()) return Reaction::Finished(visitor.status());
  const auto slot = kernel_.modules().SlotOf(request->module());
  if (!slot && request->module() == Kernel::kOwnModule) {
    auto answer = kernel_.RunOwnCommand(visitor->Subject(request->caller()),
                                        RepairUtf8(request->command()));
    gate_.Audit(*visitor, request->caller(),
                "CommandClient " + RepairUtf8(request->command()), StatusOf(answer));
    if (answer.ok()) *response = std::move(answer).value();
    return Reaction::Finished(answer.status());
  }
  if (!slot) {
    return Reaction::Finished(Status::NotFound("running a command of " +
                                               request->module() + ": no such module"));
  }
  Reaction* reaction = Reaction::Make();
  const auto call = kernel_.broker().Exec(
      visitor->AsAsker(request->caller()), *slot, *request,
      [=, visitor = *visitor, caller = request->caller(),
       change = request->change()](Result<v1::ExecResponse> answer) {
        if (!change.empty()) {
          gate_.Audit(visitor, caller, change, StatusOf(answer));
        }
        if (answer.ok()) *response = std::move(answer).value();
        reaction->Finish(ToGrpc(answer.status()));
      });
  reaction->OnCancelled([call] { call->Cancel(); });
  return reaction;
}

Reactor* QueriesService::Submit(Context* context, const v1::SubmitRequest* request,
                                v1::SubmitResponse* response) {
  const bool in_call = !request->caller().call().empty();
  const auto visitor = gate_.Admit(*context, "Queries/Submit", in_call);
  if (!visitor.ok()) return Reaction::Finished(visitor.status());
  Reaction* reaction = Reaction::Make();
  const auto call =
      kernel_.broker().Submit(visitor->AsAsker(request->caller()), *request,
                              [reaction, response](v1::SubmitResponse answer) {
                                *response = std::move(answer);
                                reaction->Finish(grpc::Status::OK);
                              });
  reaction->OnCancelled([call] { call->Cancel(); });
  return reaction;
}

}  // namespace nscp::kernel
