// The settings store that a command works with, and the running agent of that store, if
// there is one. Opening it starts no process and no server. Main's thread.
#pragma once

#include <memory>
#include <string>

#include "kernel/cli/common_options.h"
#include "kernel/modules/catalogue.h"
#include "kernel/settings/settings.h"
#include "proto/cpp/kernel_client.h"

namespace nscp::kernel {

struct StoreChoice {
  PathTokens tokens = PathTokens::ForThisProgram();  // with those of boot.ini
  std::string context;
};
Result<StoreChoice> ChooseStore(const CommonOptions& common);

// Null when no kernel of this store answers within kHelloLimit.
constexpr std::chrono::milliseconds kHelloLimit{2000};
std::unique_ptr<KernelClient> ConnectToRunning(const StoreChoice& choice);

struct OpenStore {
  StoreChoice choice;
  std::unique_ptr<Catalogue> catalogue;
  std::unique_ptr<Settings> settings;
};
Result<OpenStore> OpenSettingsStore(const CommonOptions& common);
// Another store for the same catalogue (migration).
Result<std::unique_ptr<Settings>> OpenOtherStore(const OpenStore& store,
                                                 const std::string& context);

}  // namespace nscp::kernel
