#include "kernel/settings/boot.h"

#include "kernel/settings/atomic_file.h"
#include "kernel/settings/context.h"
#include "kernel/settings/ini_file.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace {

// A store of NSClient++ 0.3 that Windows looks for where nothing is listed.
constexpr std::string_view kOldDefault = "old";
constexpr std::string_view kOldIniToken = "old-ini";

Result<IniFile> ReadBootFile(const std::string& path) {
  const auto bytes = ReadWholeFile(path, kMaxIniBytes);
  if (bytes.ok()) return IniFile::Parse(*bytes, path);
  if (bytes.status().code() == Code::kNotFound) return IniFile::ForNewFile();
  return bytes.status();
}

void Take(const IniFile& document, const char* section, const char* key,
          std::string* value) {
  if (auto found = document.Get(section, key)) *value = std::move(*found);
}

std::string LayoutMode(const IniFile& document) {
  return ToLowerAscii(document.Get("layout", "mode").value_or(""));
}
bool IsModern(std::string_view mode) { return mode == "modern" || mode == "v2"; }

// The layout is a matter of Windows (paths_win32.cpp); a word that nobody knows is told.
void ReadLayout(const IniFile& document, BootConfig* boot) {
  const std::string mode = LayoutMode(document);
  boot->modern = IsModern(mode);
  for (const std::string_view known : {"", "legacy", "v1", "modern", "v2"}) {
    if (mode == known) return;
  }
  boot->warnings.push_back("[layout] mode in " + boot->file + " is \"" + mode +
                           "\", which is neither legacy nor modern; taken for legacy");
}

// A token that can't be expanded stands for nothing wherever it is used.
void CheckPaths(PathTokens tokens, BootConfig* boot) {
  tokens.SetBootPaths(boot->paths);
  for (const auto& [name, value] : boot->paths) {
    const auto expanded = tokens.Resolve("${" + name + "}");
    if (expanded.ok()) continue;
    boot->warnings.push_back("[paths] " + name + " in " + boot->file +
                             " is taken for empty: " + expanded.status().message());
  }
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
  Take(document, "tls", "version", &boot.tls.version);
  Take(document, "tls", "verify mode", &boot.tls.verify_mode);
  Take(document, "tls", "ca", &boot.tls.ca);
  Take(document, "proxy", "url", &boot.proxy.url);
  Take(document, "proxy", "no_proxy", &boot.proxy.no_proxy);
  ReadLayout(document, &boot);
  return boot;
}

}  // namespace

Result<BootConfig> ReadBootConfig(const PathTokens& tokens) {
  const std::string path = tokens.Expand("${boot-conf}");
  ASSIGN_OR_RETURN(const IniFile document, ReadBootFile(path));
  BootConfig boot = Understand(document, path);
  CheckPaths(tokens, &boot);
  return boot;
}

std::vector<std::string> StoresToTry(const BootConfig& boot, std::string_view wanted,
                                     const PathTokens& tokens) {
  if (!wanted.empty()) return {std::string(wanted)};
  std::vector<std::string> stores;
  for (const std::string& context : boot.contexts) {
    if (ContextExists(context, tokens)) stores.push_back(context);
  }
  const bool looks_for_old = boot.contexts.empty() && tokens.Find(kOldIniToken);
  if (looks_for_old && ContextExists(kOldDefault, tokens)) {
    stores.emplace_back(kOldDefault);
  }
  if (stores.empty()) stores.emplace_back("ini");
  return stores;
}

Result<OpenedStore> OpenFirstStore(const std::vector<std::string>& contexts,
                                   SettingsOptions options,
                                   const Descriptions& descriptions) {
  OpenedStore opened;
  Status first;
  for (const std::string& context : contexts) {
    options.context = context;
    auto settings = Settings::Open(options, descriptions);
    if (settings.ok()) {
      opened.context = context;
      opened.settings = std::move(settings).value();
      return opened;
    }
    opened.failures.push_back(settings.status().message());
    if (first.ok()) first = settings.status();
  }
  return first;
}

bool HasModernLayout(const std::string& boot_file) {
  const auto document = ReadBootFile(boot_file);
  return document.ok() && IsModern(LayoutMode(*document));
}

Status SetPrimaryContext(const PathTokens& tokens, const std::string& context,
                         const std::vector<BootEdit>& more) {
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
  for (const BootEdit& edit : more) {
    RETURN_IF_ERROR(document.Set(edit.section, edit.key, edit.value));
  }
  return WriteFileAtomically(path, document.Serialize());
}

}  // namespace nscp::kernel
