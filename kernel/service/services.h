// The services of the contract, one class each, over one Gate and one Kernel. Only
// server.cpp and the classes' own files include this.
#pragma once

#include "kernel/service/gate.h"
#include "nscp/v1/host.grpc.pb.h"
#include "nscp/v1/modules.grpc.pb.h"
#include "nscp/v1/queries.grpc.pb.h"
#include "nscp/v1/settings.grpc.pb.h"
#include "nscp/v1/telemetry.grpc.pb.h"

namespace nscp::kernel {

using Context = grpc::CallbackServerContext;
using Reactor = grpc::ServerUnaryReactor;

#define NSCP_RPC(Method, Request, Response)                                             \
  Reactor* Method(Context* context, const v1::Request* request, v1::Response* response) \
      override

class HostService final : public v1::Host::CallbackService {
 public:
  HostService(Kernel& kernel, Gate& gate) : kernel_(kernel), gate_(gate) {}
  NSCP_RPC(Attach, AttachRequest, AttachResponse);
  NSCP_RPC(Register, RegisterRequest, RegisterResponse);
  NSCP_RPC(Listen, ListenRequest, ListenResponse);
  NSCP_RPC(ExpandPath, ExpandPathRequest, ExpandPathResponse);
  NSCP_RPC(SetTag, SetTagRequest, SetTagResponse);
  NSCP_RPC(ListTags, ListTagsRequest, ListTagsResponse);
  NSCP_RPC(PutStorage, PutStorageRequest, PutStorageResponse);
  NSCP_RPC(GetStorage, GetStorageRequest, GetStorageResponse);
  NSCP_RPC(Reload, ReloadHostRequest, ReloadHostResponse);
  NSCP_RPC(Console, ConsoleRequest, ConsoleResponse);
  NSCP_RPC(Shutdown, ShutdownRequest, ShutdownResponse);
  NSCP_RPC(GetStatus, GetHostStatusRequest, GetHostStatusResponse);

 private:
  Kernel& kernel_;
  Gate& gate_;
};

class ModulesService final : public v1::Modules::CallbackService {
 public:
  ModulesService(Kernel& kernel, Gate& gate) : kernel_(kernel), gate_(gate) {}
  NSCP_RPC(List, ListModulesRequest, ListModulesResponse);
  NSCP_RPC(Get, GetModuleRequest, GetModuleResponse);
  NSCP_RPC(Load, ModuleRequest, ModuleResponse);
  NSCP_RPC(Unload, ModuleRequest, ModuleResponse);
  NSCP_RPC(Reload, ModuleRequest, ModuleResponse);
  NSCP_RPC(Enable, ModuleRequest, ModuleResponse);
  NSCP_RPC(Disable, ModuleRequest, ModuleResponse);
  NSCP_RPC(Install, InstallModuleRequest, InstallModuleResponse);
  grpc::ServerWriteReactor<v1::WatchModulesResponse>* Watch(
      Context* context, const v1::WatchModulesRequest*) override;

 private:
  using Act = void (ModuleHost::*)(const std::string&, ModuleHost::Done);
  Reactor* Change(Context* context, const char* rpc, const v1::ModuleRequest* request,
                  Act act, bool ends_the_caller);
  Reactor* SetEnabled(Context* context, const char* rpc, const v1::ModuleRequest* request,
                      bool enabled);
  Kernel& kernel_;
  Gate& gate_;
};

class QueriesService final : public v1::Queries::CallbackService {
 public:
  QueriesService(Kernel& kernel, Gate& gate) : kernel_(kernel), gate_(gate) {}
  NSCP_RPC(List, ListQueriesRequest, ListQueriesResponse);
  NSCP_RPC(Describe, DescribeQueryRequest, DescribeQueryResponse);
  NSCP_RPC(Execute, ExecuteRequest, ExecuteResponse);
  NSCP_RPC(Exec, ExecRequest, ExecResponse);
  NSCP_RPC(Submit, SubmitRequest, SubmitResponse);

 private:
  void SetAvailable(v1::NameInfo& info) const;
  Kernel& kernel_;
  Gate& gate_;
};

class SettingsService final : public v1::Settings::CallbackService {
 public:
  SettingsService(Kernel& kernel, Gate& gate) : kernel_(kernel), gate_(gate) {}
  NSCP_RPC(Get, GetSettingsRequest, GetSettingsResponse);
  NSCP_RPC(Update, UpdateSettingsRequest, UpdateSettingsResponse);
  NSCP_RPC(Delete, DeleteSettingsRequest, DeleteSettingsResponse);
  NSCP_RPC(Describe, DescribeSettingsRequest, DescribeSettingsResponse);
  NSCP_RPC(Diff, DiffSettingsRequest, DiffSettingsResponse);
  NSCP_RPC(GetStatus, GetSettingsStatusRequest, GetSettingsStatusResponse);
  NSCP_RPC(Load, LoadSettingsRequest, LoadSettingsResponse);
  NSCP_RPC(Save, SaveSettingsRequest, SaveSettingsResponse);

 private:
  Kernel& kernel_;
  Gate& gate_;
};

class LogsService final : public v1::Logs::CallbackService {
 public:
  LogsService(Kernel& kernel, Gate& gate) : kernel_(kernel), gate_(gate) {}
  grpc::ServerReadReactor<v1::WriteLogsRequest>* Write(Context* context,
                                                       v1::WriteLogsResponse*) override;
  NSCP_RPC(List, ListLogsRequest, ListLogsResponse);
  NSCP_RPC(Clear, ClearLogsRequest, ClearLogsResponse);
  NSCP_RPC(GetStatus, GetLogStatusRequest, GetLogStatusResponse);
  grpc::ServerWriteReactor<v1::WatchLogsResponse>* Watch(
      Context* context, const v1::WatchLogsRequest* request) override;

 private:
  Kernel& kernel_;
  Gate& gate_;
};

class EventsService final : public v1::Events::CallbackService {
 public:
  EventsService(Kernel& kernel, Gate& gate) : kernel_(kernel), gate_(gate) {}
  NSCP_RPC(Emit, EmitEventsRequest, EmitEventsResponse);
  NSCP_RPC(List, ListEventsRequest, ListEventsResponse);
  NSCP_RPC(Take, TakeEventsRequest, TakeEventsResponse);
  grpc::ServerWriteReactor<v1::WatchEventsResponse>* Watch(
      Context* context, const v1::WatchEventsRequest* request) override;

 private:
  Kernel& kernel_;
  Gate& gate_;
};

class MetricsService final : public v1::Metrics::CallbackService {
 public:
  MetricsService(Kernel& kernel, Gate& gate) : kernel_(kernel), gate_(gate) {}
  NSCP_RPC(Snapshot, MetricsSnapshotRequest, MetricsSnapshotResponse);

 private:
  Kernel& kernel_;
  Gate& gate_;
};

#undef NSCP_RPC

// Now, in milliseconds since 1970.
int64_t NowMs();

}  // namespace nscp::kernel
