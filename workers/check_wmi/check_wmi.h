// The module CheckWMI: rows of Windows Management Instrumentation (modules.md G). Its
// facts (names, titles, settings) stand in CheckWMI.json.in.
#pragma once

#include <functional>
#include <memory>

#include "workers/sdk/module.h"
#include "workers/wmi/wmi.h"

namespace nscp::check_wmi {

// Where rows and classes come from; tests put tables in its place. As wmi::Query and
// wmi::Classes, from any thread.
struct Source {
  std::function<Result<wmi::Table>(const wmi::Place&, const std::string&,
                                   const wmi::Limits&)>
      query = wmi::Query;
  std::function<Result<std::vector<std::string>>(const wmi::Place&, const std::string&,
                                                 const wmi::Limits&)>
      classes = wmi::Classes;
};

std::unique_ptr<sdk::Module> MakeCheckWmi(Source source = {});

}  // namespace nscp::check_wmi
