#include "kernel/service/services.h"
#include "kernel/settings/snapshot.h"
#include "proto/cpp/utf8.h"

namespace nscp::kernel {
namespace {

// What a batch touches, without any value.
template <typename Entries>
std::string Touched(const char* verb, const Entries& entries) {
  std::string text = verb;
  for (const auto& entry : entries) {
    text += " " + RepairUtf8(entry.path()) + ":" + RepairUtf8(entry.key());
  }
  return text;
}

}  // namespace

Reactor* SettingsService::Get(Context* context, const v1::GetSettingsRequest* request,
                              v1::GetSettingsResponse* response) {
  return gate_.OnDesk(context, "Settings/Get", [=](const Visitor& visitor) {
    const Rights& rights = visitor.identity->rights;
    if (!rights.Has(v1::READ_SETTINGS)) {
      const Identity& identity = *visitor.identity;
      if (!identity.manifest ||
          !OwnsPath(*identity.manifest,
                    identity.slot == identity.module ? "" : identity.slot,
                    request->path())) {
        return Status::PermissionDenied(
            "reading settings of others needs the grant READ_SETTINGS");
      }
    }
    *response = kernel_.settings().Get(*request);
    return Status::Ok();
  });
}

Reactor* SettingsService::Update(Context* context,
                                 const v1::UpdateSettingsRequest* request,
                                 v1::UpdateSettingsResponse* response) {
  return gate_.OnDesk(context, "Settings/Update", [=](const Visitor& visitor) {
    auto updated = kernel_.settings().Update(*request);
    gate_.Audit(visitor, request->caller(), Touched("set", request->entries()),
                updated.status());
    RETURN_IF_ERROR(updated.status());
    kernel_.modules().Configure();
    *response = std::move(updated).value();
    return Status::Ok();
  });
}

Reactor* SettingsService::Delete(Context* context,
                                 const v1::DeleteSettingsRequest* request,
                                 v1::DeleteSettingsResponse* response) {
  return gate_.OnDesk(context, "Settings/Delete", [=](const Visitor& visitor) {
    auto deleted = kernel_.settings().Delete(*request);
    gate_.Audit(visitor, request->caller(), Touched("delete", request->removals()),
                deleted.status());
    RETURN_IF_ERROR(deleted.status());
    kernel_.modules().Configure();
    *response = std::move(deleted).value();
    return Status::Ok();
  });
}

Reactor* SettingsService::Describe(Context* context,
                                   const v1::DescribeSettingsRequest* request,
                                   v1::DescribeSettingsResponse* response) {
  return gate_.OnDesk(context, "Settings/Describe", [=](const Visitor&) {
    ASSIGN_OR_RETURN(*response, kernel_.settings().Describe(*request));
    return Status::Ok();
  });
}

Reactor* SettingsService::Diff(Context* context, const v1::DiffSettingsRequest* request,
                               v1::DiffSettingsResponse* response) {
  return gate_.OnDesk(context, "Settings/Diff", [=](const Visitor&) {
    *response = kernel_.settings().Diff(*request);
    return Status::Ok();
  });
}

Reactor* SettingsService::GetStatus(Context* context, const v1::GetSettingsStatusRequest*,
                                    v1::GetSettingsStatusResponse* response) {
  return gate_.OnDesk(context, "Settings/GetStatus", [=](const Visitor&) {
    *response = kernel_.settings().GetStatus();
    return Status::Ok();
  });
}

Reactor* SettingsService::Load(Context* context, const v1::LoadSettingsRequest* request,
                               v1::LoadSettingsResponse*) {
  return gate_.On(kernel_.reload_desk(), context, "Settings/Load",
                  [=](const Visitor& visitor) {
                    const Status status = kernel_.settings().Load();
                    gate_.Audit(visitor, request->caller(), "load settings", status);
                    if (status.ok()) kernel_.modules().Configure();
                    return status;
                  });
}

Reactor* SettingsService::Save(Context* context, const v1::SaveSettingsRequest* request,
                               v1::SaveSettingsResponse*) {
  return gate_.OnDesk(context, "Settings/Save", [=](const Visitor& visitor) {
    const Status status = kernel_.settings().Save();
    gate_.Audit(visitor, request->caller(), "save settings", status);
    return status;
  });
}

}  // namespace nscp::kernel
