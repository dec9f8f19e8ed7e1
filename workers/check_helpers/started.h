// For the tests of CheckHelpers: the module, started, with a kernel that knows a few
// commands.
#pragma once

#include <doctest/doctest.h>

#include "workers/check_helpers/check_helpers.h"
#include "workers/checks/fake_call.h"

namespace nscp::check_helpers {

using checks::FakeCall;
using checks::FakeHost;
using checks::MakeResult;
using sdk::State;
using Words = std::vector<std::string>;

struct Started {
  explicit Started(std::vector<sdk::Settings::Entry> settings = {}) {
    sdk::StartContext context;
    context.host = &host;
    context.version = "1.2.3 2026-11-21";
    context.settings = sdk::Settings(std::move(settings));
    REQUIRE(module->Start(context).ok());
    call.answers["check_ok"] = MakeResult(State::kOk, "No message");
    call.answers["check_warning"] = MakeResult(State::kWarning, "foo", "'a'=1;2;3");
    call.answers["check_critical"] = MakeResult(State::kCritical, "bad");
  }
  sdk::CheckResult Ask(std::string command, Words arguments = {}) {
    return module->OnQuery({std::move(command), std::move(arguments)}, call);
  }

  FakeHost host;
  FakeCall call;
  std::unique_ptr<sdk::Module> module = MakeCheckHelpers();
};

}  // namespace nscp::check_helpers
