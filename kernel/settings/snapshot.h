// What a worker sees of the settings: the values under its manifest's paths, with
// parents, includes, defaults and path tokens resolved. Functions without state; any
// thread.
//
// An instance with an alias reads its own root (Manifest.alias_root), but is handed the
// values under the paths of its manifest: a module's code never computes a path from its
// alias.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kernel/settings/paths.h"
#include "kernel/settings/settings.h"
#include "nscp/v1/manifest.pb.h"
#include "nscp/v1/worker.pb.h"

namespace nscp::kernel {

// Beyond this a worker's start would not fit into one message.
constexpr size_t kMaxEffectiveSettings = 50000;

// Keys of the manifest's paths that have a value, a parent's value or a default; all keys
// and sections below its objects; and /settings/default as far as keys name it as their
// parent. Values of type FILE have their tokens expanded.
std::vector<v1::EffectiveSetting> EffectiveSettings(const v1::Manifest& manifest,
                                                    std::string_view alias,
                                                    const Settings& settings,
                                                    const PathTokens& tokens);

// Where an instance reads what its manifest calls `path`; `path` itself without an alias.
std::string PathOfInstance(const v1::Manifest& manifest, std::string_view alias,
                           std::string_view path);

// The other way round: true when an instance may read `path` as its own, without the
// grant READ_SETTINGS.
bool OwnsPath(const v1::Manifest& manifest, std::string_view alias,
              std::string_view path);

}  // namespace nscp::kernel
