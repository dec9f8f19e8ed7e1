#include "kernel/policy/grants.h"

#include <string>

#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace {

enum class Rule {
  kEverybody,
  kGrant,
  kGrantOrCall,  // the grant, or while answering a call
};

struct Row {
  std::string_view rpc;
  Rule rule;
  v1::Grant grant = v1::GRANT_NONE;
};

constexpr Row kTable[] = {
    {"Host/Attach", Rule::kEverybody},
    {"Host/Register", Rule::kEverybody},
    {"Host/Listen", Rule::kGrant, v1::LISTEN},
    {"Host/ExpandPath", Rule::kEverybody},
    {"Host/SetTag", Rule::kEverybody},
    {"Host/ListTags", Rule::kEverybody},
    {"Host/PutStorage", Rule::kEverybody},
    {"Host/GetStorage", Rule::kEverybody},
    {"Host/Reload", Rule::kGrant, v1::MANAGE_MODULES},
    {"Host/Console", Rule::kGrant, v1::MANAGE_MODULES},
    {"Host/Shutdown", Rule::kGrant, v1::MANAGE_MODULES},
    {"Host/GetStatus", Rule::kEverybody},

    {"Modules/List", Rule::kEverybody},
    {"Modules/Get", Rule::kEverybody},
    {"Modules/Load", Rule::kGrant, v1::MANAGE_MODULES},
    {"Modules/Unload", Rule::kGrant, v1::MANAGE_MODULES},
    {"Modules/Reload", Rule::kGrant, v1::MANAGE_MODULES},
    {"Modules/Enable", Rule::kGrant, v1::MANAGE_MODULES},
    {"Modules/Disable", Rule::kGrant, v1::MANAGE_MODULES},
    {"Modules/Install", Rule::kGrant, v1::MANAGE_MODULES},
    {"Modules/Watch", Rule::kEverybody},

    {"Queries/List", Rule::kEverybody},
    {"Queries/Describe", Rule::kEverybody},
    {"Queries/Execute", Rule::kGrantOrCall, v1::RUN_QUERIES},
    {"Queries/Exec", Rule::kGrantOrCall, v1::RUN_QUERIES},
    {"Queries/Submit", Rule::kGrantOrCall, v1::SUBMIT},

    {"Settings/Get", Rule::kEverybody},  // for its own paths, see the header
    {"Settings/Update", Rule::kGrant, v1::WRITE_SETTINGS},
    {"Settings/Delete", Rule::kGrant, v1::WRITE_SETTINGS},
    {"Settings/Describe", Rule::kGrant, v1::READ_SETTINGS},
    {"Settings/Diff", Rule::kGrant, v1::READ_SETTINGS},
    {"Settings/GetStatus", Rule::kGrant, v1::READ_SETTINGS},
    {"Settings/Load", Rule::kGrant, v1::WRITE_SETTINGS},
    {"Settings/Save", Rule::kGrant, v1::WRITE_SETTINGS},
    {"Settings/Watch", Rule::kEverybody},  // as Get

    {"Logs/Write", Rule::kEverybody},
    {"Logs/List", Rule::kGrant, v1::READ_TELEMETRY},
    {"Logs/Clear", Rule::kGrant, v1::READ_TELEMETRY},
    {"Logs/GetStatus", Rule::kGrant, v1::READ_TELEMETRY},
    {"Logs/Watch", Rule::kGrant, v1::READ_TELEMETRY},

    {"Events/Emit", Rule::kEverybody},
    {"Events/List", Rule::kGrant, v1::READ_TELEMETRY},
    {"Events/Take", Rule::kGrant, v1::READ_TELEMETRY},
    {"Events/Watch", Rule::kGrant, v1::READ_TELEMETRY},

    {"Metrics/Snapshot", Rule::kGrant, v1::READ_TELEMETRY},
    {"Metrics/Watch", Rule::kGrant, v1::READ_TELEMETRY},
};

Status Missing(const Row& row) {
  const std::string grant = v1::Grant_Name(row.grant);
  std::string text =
      std::string(row.rpc) + " needs the grant " + grant + " in the module's manifest";
  if (row.rule == Rule::kGrantOrCall) {
    text += ", or the id of a call that the module is answering (Caller.call)";
  }
  return Status::PermissionDenied(text);
}

}  // namespace

Rights Rights::Admin() {
  Rights rights;
  rights.admin_ = true;
  return rights;
}

Rights Rights::Of(const v1::Manifest& manifest) {
  Rights rights;
  for (const int grant : manifest.grants()) {
    if (v1::Grant_IsValid(grant)) rights.bits_ |= Bit(static_cast<v1::Grant>(grant));
  }
  return rights;
}

Status May(const Rights& rights, std::string_view rpc, bool in_call) {
  for (const Row& row : kTable) {
    if (row.rpc != rpc) continue;
    if (row.rule == Rule::kEverybody || rights.Has(row.grant)) return Status::Ok();
    if (row.rule == Rule::kGrantOrCall && in_call) return Status::Ok();
    return Missing(row);
  }
  return Status::PermissionDenied(std::string(rpc) +
                                  " is not an RPC that this kernel knows");
}

}  // namespace nscp::kernel
