// The settings store that a command works with, and the running agent of that store, if
// there is one. Opening it starts no process and no server. Main's thread.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "kernel/cli/common_options.h"
#include "kernel/modules/catalogue.h"
#include "kernel/remote/remote_stores.h"
#include "kernel/settings/settings.h"
#include "proto/cpp/kernel_client.h"

namespace nscp::kernel {

struct StoreChoice {
  PathTokens tokens = PathTokens::ForThisProgram();  // with those of boot.ini
  std::string context;  // the first of `candidates`, or the one that opened
  std::shared_ptr<RemoteStores> remote;
  std::vector<std::string> candidates;  // stores in order of preference
};
Result<StoreChoice> ChooseStore(const CommonOptions& common);
// The same with what boot.ini says or is going to say, and with `context` in the place of
// --settings.
StoreChoice ChooseStore(const CommonOptions& common, const BootConfig& boot,
                        const std::string& context);

// A running kernel must say hello within it.
constexpr std::chrono::milliseconds kHelloLimit{2000};
// The running kernel of the first candidate that has one: an agent that could not open
// its first store runs with another. NotFound where there is none; PermissionDenied where
// it is another account's; else why it does not answer.
Result<std::unique_ptr<KernelClient>> FindRunning(const StoreChoice& choice);
// The same; null for whatever reason.
std::unique_ptr<KernelClient> ConnectToRunning(const StoreChoice& choice);

struct OpenStore {
  StoreChoice choice;
  std::unique_ptr<Catalogue> catalogue;
  std::unique_ptr<Settings> settings;
};
Result<OpenStore> OpenSettingsStore(const CommonOptions& common);
// Opens the first candidate that opens.
Result<OpenStore> OpenChosenStore(StoreChoice choice, const CommonOptions& common);
// Another store for the same catalogue (migration).
Result<std::unique_ptr<Settings>> OpenOtherStore(const OpenStore& store,
                                                 const std::string& context);

}  // namespace nscp::kernel
