#include "kernel/cli/store_access.h"

#include "kernel/core/runtime_folder.h"
#include "kernel/settings/boot.h"
#include "kernel/settings/context.h"
#include "kernel/settings/modules_section.h"
#include "proto/cpp/password.h"

namespace nscp::kernel {

namespace {

Result<std::unique_ptr<KernelClient>> FindRunningOf(const std::string& context,
                                                    const PathTokens& tokens) {
  const std::string instance = InstanceId(CanonicalStore(context, tokens));
  ASSIGN_OR_RETURN(const AdminAccess access,
                   ReadAdmin(RuntimeFolderOf(instance, tokens)));
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

SettingsOptions OptionsFor(const StoreChoice& choice, const std::string& context) {
  SettingsOptions options{context, choice.tokens, HashPassword, nullptr, nullptr};
  options.fetch = [remote = choice.remote](const std::string& url) {
    return remote->Fetch(url);
  };
  return options;
}

}  // namespace

Result<StoreChoice> ChooseStore(const CommonOptions& common) {
  ASSIGN_OR_RETURN(const BootConfig boot, ReadBootConfig(common.tokens));
  return ChooseStore(common, boot, common.settings);
}

StoreChoice ChooseStore(const CommonOptions& common, const BootConfig& boot,
                        const std::string& context) {
  StoreChoice choice;
  choice.tokens = common.tokens;
  choice.tokens.SetBootPaths(boot.paths);
  choice.remote =
      std::make_shared<RemoteStores>(RemoteStores::OptionsOf(boot, choice.tokens));
  choice.candidates = StoresToTry(boot, context, choice.tokens);
  choice.context = choice.candidates.front();
  return choice;
}

Result<std::unique_ptr<KernelClient>> FindRunning(const StoreChoice& choice) {
  Status why;
  for (const std::string& context : choice.candidates) {
    auto running = FindRunningOf(context, choice.tokens);
    if (running.ok()) return running;
    // Of several reasons the first that is more than "there is none".
    if (why.ok() || why.code() == Code::kNotFound) why = running.status();
  }
  return why;
}

std::unique_ptr<KernelClient> ConnectToRunning(const StoreChoice& choice) {
  auto running = FindRunning(choice);
  return running.ok() ? std::move(running).value() : nullptr;
}

Result<OpenStore> OpenSettingsStore(const CommonOptions& common) {
  ASSIGN_OR_RETURN(StoreChoice choice, ChooseStore(common));
  return OpenChosenStore(std::move(choice), common);
}

Result<OpenStore> OpenChosenStore(StoreChoice choice, const CommonOptions& common) {
  OpenStore store;
  store.choice = std::move(choice);
  std::string note;  // where the folder is found does not concern these commands
  ASSIGN_OR_RETURN(const std::string folder, store.choice.tokens.ModuleFolder(&note));
  ASSIGN_OR_RETURN(store.catalogue, Catalogue::Open({folder}));
  ASSIGN_OR_RETURN(OpenedStore opened,
                   OpenFirstStore(store.choice.candidates, OptionsFor(store.choice, ""),
                                  *store.catalogue));
  store.choice.context = opened.context;
  store.settings = std::move(opened.settings);
  // So that instances with an alias are known too; shadowed names are the agent's to
  // tell.
  store.catalogue->Configure(ParseModulesSection(store.settings->Keys("/modules")));
  for (const KernelOptions::Define& define : common.defines) {
    RETURN_IF_ERROR(store.settings->Define(define.path, define.key, define.value));
  }
  return store;
}

Result<std::unique_ptr<Settings>> OpenOtherStore(const OpenStore& store,
                                                 const std::string& context) {
  return Settings::Open(OptionsFor(store.choice, context), *store.catalogue);
}

}  // namespace nscp::kernel
