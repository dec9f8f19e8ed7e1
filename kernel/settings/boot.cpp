#include "kernel/settings/boot.h"

#include <filesystem>

#include "kernel/settings/atomic_file.h"
#include "kernel/settings/ini_file.h"
#include "kernel/settings/store.h"

namespace nscp::kernel {
namespace {

bool Exists(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(std::filesystem::u8path(path), ignored);
}

Result<IniFile> ReadBootFile(const std::string& path) {
  const auto bytes = ReadWholeFile(path, kMaxIniBytes);
  if (bytes.ok()) return IniFile::Parse(*bytes, path);
  if (bytes.status().code() == Code::kNotFound) return IniFile::ForNewFile();
  return bytes.status();
}

BootConfig Understand(const IniFile& document, std::string file) {
  BootConfig boot;
  boot.file = std::move(file);
  for (int i = 0; i < kMaxBootContexts; ++i) {
    auto context = document.Get("settings", std::to_string(i));
    if (context && !context->empty()) boot.contexts.push_back(std::move(*context));
  }
  for (const IniSection& section : document.Contents()) {
    if (FoldPath(section.name) != "paths") continue;
    for (const IniEntry& entry : section.entries) boot.paths[entry.key] = entry.value;
  }
  return boot;
}

}  // namespace

Result<BootConfig> ReadBootConfig(const PathTokens& tokens) {
  const std::string path = tokens.Expand("${boot-conf}");
  ASSIGN_OR_RETURN(const IniFile document, ReadBootFile(path));
  return Understand(document, path);
}

std::string ChooseContext(const BootConfig& boot, std::string_view wanted,
                          const PathTokens& tokens) {
  if (!wanted.empty()) return std::string(wanted);
  for (const std::string& context : boot.contexts) {
    if (IsUrlContext(context)) return context;  // its cached copy decides
    const auto file = FileOfContext(context, tokens);
    if (file.ok() && Exists(*file)) return context;
  }
  return "ini";
}

Status SetPrimaryContext(const PathTokens& tokens, const std::string& context) {
  const std::string path = tokens.Expand("${boot-conf}");
  ASSIGN_OR_RETURN(const auto lock, LockStore(path));
  ASSIGN_OR_RETURN(IniFile document, ReadBootFile(path));
  std::vector<std::string> contexts = {context};
  const BootConfig old = Understand(document, path);
  for (const std::string& other : old.contexts) {
    if (other != context && contexts.size() + 1 < kMaxBootContexts)
      contexts.push_back(other);
  }
  for (int i = 0; i < kMaxBootContexts; ++i) {
    const std::string key = std::to_string(i);
    const auto place = static_cast<size_t>(i) - 1;
    if (i == 0 || place >= contexts.size()) {
      document.Delete("settings", key);
    } else {
      RETURN_IF_ERROR(document.Set("settings", key, contexts[place]));
    }
  }
  return WriteFileAtomically(path, document.Serialize());
}

std::string CanonicalStore(std::string_view context, const PathTokens& tokens) {
  const auto file = FileOfContext(context, tokens);
  if (!file.ok()) return std::string(context);
  std::error_code error;
  const auto absolute = std::filesystem::absolute(std::filesystem::u8path(*file), error);
  if (error) return *file;
  const auto canonical = std::filesystem::weakly_canonical(absolute, error);
  return error ? absolute.u8string() : canonical.u8string();
}

}  // namespace nscp::kernel
