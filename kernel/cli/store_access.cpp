#include "kernel/cli/store_access.h"

#include "kernel/core/runtime_folder.h"
#include "kernel/settings/boot.h"
#include "proto/cpp/password.h"

namespace nscp::kernel {

Result<StoreChoice> ChooseStore(const CommonOptions& common) {
  StoreChoice choice{common.tokens, ""};
  ASSIGN_OR_RETURN(const BootConfig boot, ReadBootConfig(choice.tokens));
  choice.tokens.SetBootPaths(boot.paths);
  choice.context = ChooseContext(boot, common.settings, choice.tokens);
  return choice;
}

Result<std::unique_ptr<KernelClient>> FindRunning(const StoreChoice& choice) {
  const std::string instance = InstanceId(CanonicalStore(choice.context, choice.tokens));
  ASSIGN_OR_RETURN(const AdminAccess access,
                   ReadAdmin(RuntimeFolderOf(instance, choice.tokens)));
  auto client = KernelClient::Connect(access.target, access.token);
  CallOptions options;
  options.timeout = kHelloLimit;
  const auto hello = client->GetHostStatus({}, options);
  if (!hello.ok()) return hello.status().WithContext("asking the agent");
  // With a runtime folder that was named, the agent there may be another one's.
  if (hello->instance() != instance) {
    return Status::NotFound("the agent that runs there has other settings");
  }
  return client;
}

std::unique_ptr<KernelClient> ConnectToRunning(const StoreChoice& choice) {
  auto running = FindRunning(choice);
  return running.ok() ? std::move(running).value() : nullptr;
}

Result<OpenStore> OpenSettingsStore(const CommonOptions& common) {
  OpenStore store;
  ASSIGN_OR_RETURN(store.choice, ChooseStore(common));
  std::string note;  // where the folder is found does not concern these commands
  ASSIGN_OR_RETURN(const std::string folder, store.choice.tokens.ModuleFolder(&note));
  ASSIGN_OR_RETURN(store.catalogue, Catalogue::Open({folder}));
  ASSIGN_OR_RETURN(store.settings, OpenOtherStore(store, store.choice.context));
  for (const KernelOptions::Define& define : common.defines) {
    RETURN_IF_ERROR(store.settings->Define(define.path, define.key, define.value));
  }
  return store;
}

Result<std::unique_ptr<Settings>> OpenOtherStore(const OpenStore& store,
                                                 const std::string& context) {
  return Settings::Open({context, store.choice.tokens, HashPassword, nullptr, nullptr},
                        *store.catalogue);
}

}  // namespace nscp::kernel
