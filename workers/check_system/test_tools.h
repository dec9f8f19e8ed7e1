// For tests: tools that answer from a table.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "workers/check_system/tool.h"

namespace nscp::check_system {

// Tools that answer from a table: "dnf -q check-update" -> output and code.
class FakeTools {
 public:
  FakeTools& Add(const std::string& line, int code, std::string text) {
    answers_[line] = {true, code, std::move(text)};
    return *this;
  }
  RunTool run() {
    return [this](const std::vector<std::string>& words,
                  std::chrono::milliseconds) -> Result<ToolOutput> {
      std::string line;
      for (const std::string& word : words) line += (line.empty() ? "" : " ") + word;
      asked.push_back(line);
      if (!failure.ok()) return failure;
      const auto found = answers_.find(line);
      if (found != answers_.end()) return found->second;
      return ToolOutput{false, 127, "env: no such file"};
    };
  }
  std::vector<std::string> asked;
  Status failure;

 private:
  std::map<std::string, ToolOutput> answers_;
};

}  // namespace nscp::check_system
