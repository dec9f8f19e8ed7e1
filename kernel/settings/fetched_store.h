// How the settings get at a store behind a URL: whoever opens them brings a function that
// downloads it. kernel/remote has the one of the agent and of its commands.
#pragma once

#include <functional>
#include <string>

#include "proto/cpp/status.h"

namespace nscp::kernel {

struct FetchedStore {
  std::string file;     // the local copy
  std::string warning;  // why the copy is an old one; empty where it is not
};
// Blocks until it is there, or until its own limit. An error's text holds no secret of
// the URL.
using StoreFetcher = std::function<Result<FetchedStore>(const std::string& url)>;

}  // namespace nscp::kernel
