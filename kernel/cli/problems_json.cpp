#include "kernel/cli/problems_json.h"

namespace nscp::kernel {

void AddProblems(const std::vector<SettingsProblem>& problems, JsonWriter* json) {
  json->BeginArray();
  for (const SettingsProblem& problem : problems) {
    json->BeginObject();
    json->Key("file").Text(problem.file);
    json->Key("line").Count(problem.line);
    json->Key("path").Text(problem.path);
    json->Key("key").Text(problem.key);
    json->Key("problem").Text(problem.what);
    json->Key("expected").Text(problem.expected);
    json->Key("nearest").Text(problem.nearest);
    json->EndObject();
  }
  json->EndArray();
}

}  // namespace nscp::kernel
