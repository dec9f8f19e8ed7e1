#include "kernel/settings/paths.h"

#include <filesystem>

#include "proto/cpp/text.h"

namespace nscp::kernel {

bool IsFolder(const std::string& path) {
  std::error_code ignored;
  return !path.empty() &&
         std::filesystem::is_directory(std::filesystem::u8path(path), ignored);
}

bool PathExists(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(std::filesystem::u8path(path), ignored);
}

std::string_view SharedFolderOf(bool modern) {
  return modern ? "${common-appdata}/NSClient++" : "${exe-path}";
}

PathTokens PathTokens::ForThisProgram(Table overrides) {
  return PathTokens(FolderOfThisProgram(), std::move(overrides));
}

PathTokens::PathTokens(std::string program_folder, Table overrides)
    : program_folder_(std::move(program_folder)),
      overrides_(std::move(overrides)),
      built_in_(BuiltInPaths(program_folder_)) {
  built_in_["exe-path"] = program_folder_;
  built_in_["base-path"] = program_folder_;
}

void PathTokens::Override(std::string name, std::string value) {
  overrides_[std::move(name)] = std::move(value);
}

void PathTokens::UseLayout(bool modern) {
  built_in_["shared-path"] = SharedFolderOf(modern);
}

bool PathTokens::IsOverridden(std::string_view name) const {
  return overrides_.count(std::string(name)) != 0;
}

std::optional<std::string> PathTokens::Find(std::string_view name) const {
  const std::string key(name);
  for (const Table* layer : {&overrides_, &boot_, &built_in_}) {
    const auto found = layer->find(key);
    if (found != layer->end()) return found->second;
  }
  return std::nullopt;
}

Status PathTokens::ResolveInto(std::string_view text, int depth, int* tokens,
                               std::string* out) const {
  if (depth > kMaxTokenDepth) {
    return Status::InvalidArgument("its tokens are nested deeper than " +
                                   std::to_string(kMaxTokenDepth) +
                                   ": does a token name itself?");
  }
  while (!text.empty()) {
    const size_t open = text.find("${");
    const size_t close = open == std::string_view::npos ? open : text.find('}', open + 2);
    if (close == std::string_view::npos) {
      out->append(text);
      break;
    }
    out->append(text.substr(0, open));
    const auto value = Find(text.substr(open + 2, close - open - 2));
    if (++*tokens > kMaxTokensInPath) {
      return Status::InvalidArgument("it stands for more than " +
                                     std::to_string(kMaxTokensInPath) + " tokens");
    }
    RETURN_IF_ERROR(
        ResolveInto(value ? *value : program_folder_, depth + 1, tokens, out));
    text.remove_prefix(close + 1);
    if (out->size() > kMaxExpandedPath) break;
  }
  if (out->size() <= kMaxExpandedPath) return Status::Ok();
  return Status::InvalidArgument("it is longer than " + std::to_string(kMaxExpandedPath) +
                                 " bytes");
}

Result<std::string> PathTokens::Resolve(std::string_view text) const {
  std::string out;
  int tokens = 0;
  const Status status = ResolveInto(text, 0, &tokens, &out);
  if (!status.ok()) {
    return status.WithContext("expanding the path \"" + std::string(text) + "\"");
  }
  return out;
}

std::string PathTokens::Expand(std::string_view text) const {
  return Resolve(text).value_or("");
}

Result<std::string> PathTokens::ModuleFolder(std::string* note) const {
  const std::string folder = Expand("${module-path}");
  if (IsFolder(folder)) return folder;
  const std::string beside = program_folder_ + "/modules";
  if (IsFolder(beside)) {
    if (note) *note = "No modules folder " + folder + ", using " + beside;
    return beside;
  }
  return Status::NotFound("Failed to find modules folder: " + folder);
}

std::string PathTokens::Program(std::string_view name) const {
  const std::string beside = program_folder_ + "/" + std::string(name);
  const std::string shared = Expand("${shared-path}") + "/" + std::string(name);
  for (const std::string& place : {beside, beside + ".exe", shared, shared + ".exe"}) {
    if (PathExists(place)) return place;
  }
  return beside;
}

std::string PathTokens::WebFolder() const {
  const std::string folder = Expand("${web-path}");
  const std::string beside = program_folder_ + "/web";
  return !IsFolder(folder) && IsFolder(beside) ? beside : folder;
}

Result<std::pair<std::string, std::string>> ParsePathOverride(std::string_view argument) {
  const size_t equals = argument.find('=');
  if (equals == std::string_view::npos || Trim(argument.substr(0, equals)).empty()) {
    return Status::InvalidArgument(
        "Ignoring malformed --path-override argument (expected KEY=VALUE): " +
        std::string(argument));
  }
  return std::pair(std::string(Trim(argument.substr(0, equals))),
                   std::string(argument.substr(equals + 1)));
}

}  // namespace nscp::kernel
