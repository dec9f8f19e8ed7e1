#include "workers/check_system/check_pagefile.h"

#include "workers/check_system/memory_keywords.h"

namespace nscp::check_system {
namespace {

checks::Check<Memory> MakePagefileCheck() {
  checks::FilterDefaults defaults;
  defaults.warning = {"used > 60%"};
  defaults.critical = {"used > 80%"};
  defaults.detail_syntax = "${name} ${used} (${size})";
  defaults.perf_syntax = "${name}";
  return {checks::OptionTable(), defaults,
          MemoryKeywords("name",
                         "Path of a page file (Windows), or total: all swap together")};
}

}  // namespace

PagefileCheck::PagefileCheck() : check_(MakePagefileCheck()) {}

sdk::CheckResult PagefileCheck::Run(const std::vector<std::string>& arguments,
                                    const checks::Environment& environment,
                                    const Result<MemorySample>& memory) const {
  return check_.Run(arguments, environment,
                    [&](const checks::Arguments&, checks::Sink<Memory>& sink) -> Status {
                      if (!memory.ok()) return memory.status();
                      for (const Memory& file : memory->pagefiles) {
                        if (!sink.Add(file)) return Status::Ok();
                      }
                      Memory total = memory->pagefile;
                      total.type = "total";
                      sink.Add(std::move(total));
                      return Status::Ok();
                    });
}

}  // namespace nscp::check_system
