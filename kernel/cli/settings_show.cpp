// `nscp settings --show`, `--list` and `--validate`: what only reads.
#include <memory>
#include <vector>

#include "kernel/cli/settings_command.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace {

// What lies deeper is printed with the branch at this depth.
constexpr int kMaxDepth = 64;

// Keys by path, below the paths that hold them: an empty path is the root.
struct Branch {
  std::string path;
  std::vector<const v1::SettingEntry*> keys;
  std::vector<std::unique_ptr<Branch>> children;
};

Branch* FindOrAdd(Branch* parent, const std::string& name) {
  const std::string path = parent->path + "/" + name;
  for (const auto& child : parent->children) {
    if (FoldPath(child->path) == FoldPath(path)) return child.get();
  }
  parent->children.push_back(std::make_unique<Branch>());
  parent->children.back()->path = path;
  return parent->children.back().get();
}

void PrintBranch(const Branch& branch, Terminal& terminal) {
  for (const auto& child : branch.children) PrintBranch(*child, terminal);
  for (const v1::SettingEntry* entry : branch.keys) {
    terminal.Print(entry->path() + "." + entry->key() + "=" + entry->value() + "\n");
  }
}

int ShowKey(SettingsCall& call) {
  v1::GetSettingsRequest request;
  request.set_path(call.given.Last("path"));
  request.set_key(call.given.Last("key"));
  const auto found = call.store.settings->Get(request);
  if (found.entries_size() > 0) call.terminal.Print(found.entries(0).value());
  return 0;
}

}  // namespace

int ShowSettings(SettingsCall& call) {
  const bool has_path = !call.given.Last("path").empty();
  const bool has_key = !call.given.Last("key").empty();
  if (has_path && has_key) return ShowKey(call);
  if (has_path || has_key) {
    return FailSettings(call,
                        "Invalid command line please use --path and --key with show");
  }
  call.terminal.Print(call.store.settings->GetStatus().description() + "\n");
  const auto files = call.store.settings->Files();
  for (size_t i = 1; i < files.size(); ++i) {
    call.terminal.Print("  INI settings: (ini://" + files[i] + ", " + files[i] + ")\n");
  }
  return 0;
}

int ListSettings(SettingsCall& call) {
  v1::GetSettingsRequest request;
  request.set_path(call.given.Last("path"));
  request.set_recursive(true);
  const auto found = call.store.settings->Get(request);
  Branch root;
  for (const v1::SettingEntry& entry : found.entries()) {
    Branch* branch = &root;
    int depth = 0;
    for (const std::string& part : SplitList(entry.path(), '/')) {
      if (++depth <= kMaxDepth) branch = FindOrAdd(branch, part);
    }
    branch->keys.push_back(&entry);
  }
  PrintBranch(root, call.terminal);
  return 0;
}

int ValidateSettings(SettingsCall& call) {
  for (const IniDiagnostic& problem : call.store.settings->Diagnostics()) {
    call.terminal.PrintError(problem.file + ":" + std::to_string(problem.line) + ": " +
                             problem.text + "\n");
  }
  for (const std::string& path : call.store.settings->UnknownPaths()) {
    call.terminal.PrintError("Invalid path: " + path + "\n");
  }
  return 0;  // whatever was found: scripts rely on it
}

}  // namespace nscp::kernel
