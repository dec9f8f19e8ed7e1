#include "kernel/cli/client_request.h"

namespace nscp::kernel {

const OptionGroup& ClientOptions() {
  static const OptionGroup kGroup = {
      "Client options",
      {
          {"module", 'M', Takes::kValue, "module", "Load this module alone"},
          {"load-all", 0, Takes::kNothing, "", "Load every module on disk"},
          {"boot", 'b', Takes::kNothing, "",
           "Start the modules' collectors and listeners before the command"},
          {"query", 'q', Takes::kValue, "command", "Run a check"},
          {"exec", 'e', Takes::kMaybe, "command", "Run a command of the module"},
          {"submit", 's', Takes::kNothing, "", "Accepted for old scripts"},
          {"argument", 'a', Takes::kValue, "name=value",
           "An argument: becomes --name value"},
          {"raw-argument", 0, Takes::kValue, "name=value",
           "An argument: becomes name value"},
      }};
  return kGroup;
}

const OptionGroup& AliasOptions() {
  static const OptionGroup kGroup = [] {
    OptionGroup group = ClientOptions();
    group.leading_only = true;
    return group;
  }();
  return kGroup;
}

ClientRequest ReadClientRequest(const GivenOptions& given, const std::string& module) {
  ClientRequest request;
  request.module = given.Has("module") ? given.Last("module") : module;
  request.boot = given.Has("boot");
  request.load_all = given.Has("load-all");
  if (given.Has("query")) request.query = given.Last("query");
  request.exec = given.Last("exec");
  for (const GivenOption& item : given.items()) {
    const size_t equals = item.value.find('=');
    const bool is_pair = item.name == "argument" || item.name == "raw-argument";
    if (is_pair) {
      const std::string dashes = item.name == "argument" ? "--" : "";
      request.arguments.push_back(dashes + item.value.substr(0, equals));
      if (equals != std::string::npos) {
        request.arguments.push_back(item.value.substr(equals + 1));
      }
    } else if (item.name.empty()) {
      request.arguments.push_back(item.value);
    }
  }
  return request;
}

}  // namespace nscp::kernel
