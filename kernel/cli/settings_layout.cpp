#include "kernel/cli/settings_layout.h"

#include <filesystem>

#include "kernel/cli/installer_plan.h"
#include "kernel/settings/context.h"

namespace nscp::kernel {
namespace {

std::string_view NameOf(Layout layout) {
  return layout == Layout::kModern ? "modern" : "legacy";
}

Result<std::string> CopyAndStamp(Layout layout, const LayoutCopy& copy,
                                 const BootConfig& boot, const PathTokens& tokens) {
  RETURN_IF_ERROR(CopyFiles(layout, copy));
  const std::string context =
      boot.contexts.empty() ? std::string(kInstallerStore) : boot.contexts.front();
  const Status stamped =
      SetPrimaryContext(tokens, ContextInLayout(context, tokens), {LayoutEdit(layout)});
  if (!stamped.ok()) {
    RemoveCopies(layout, copy);
    return stamped.WithContext("changing " + boot.file);
  }
  std::string text = "Using the " + std::string(NameOf(layout)) + " layout now (" +
                     copy.folders.to + ")";
  const Status removed = RemoveOriginals(copy.folders);
  if (!removed.ok()) text += "; " + removed.message();
  if (layout == Layout::kLegacy) {
    std::error_code ignored;
    const auto left = std::filesystem::u8path(copy.folders.from);
    std::filesystem::remove(left / "security" / "windows-ca.pem", ignored);
    std::filesystem::remove(left / "security", ignored);
    std::filesystem::remove(left, ignored);
  }
  return text;
}

}  // namespace

BootEdit LayoutEdit(Layout layout) {
  return {"layout", "mode", std::string(NameOf(layout))};
}

std::string ContextInLayout(const std::string& context, const PathTokens& before) {
  const std::string follows(kInstallerStore);
  if (context.find("${shared-path}") != std::string::npos) return context;
  const bool same = CanonicalStore(context, before) == CanonicalStore(follows, before);
  return same ? follows : context;
}

Result<std::string> SwitchLayout(Layout layout, const PathTokens& tokens, bool dry_run) {
  ASSIGN_OR_RETURN(const BootConfig boot, ReadBootConfig(tokens));
  if (boot.modern == (layout == Layout::kModern)) {
    return "Already using the " + std::string(NameOf(layout)) + " layout (" +
           FoldersOfMove(layout, tokens).to + "); nothing to do.";
  }
  ASSIGN_OR_RETURN(const LayoutCopy copy, PlanLayoutCopy(layout, tokens));
  if (!dry_run) return CopyAndStamp(layout, copy, boot, tokens);
  std::string text = "Would move to " + copy.folders.to + ":";
  for (const std::string& file : copy.files) text += "\n  " + file;
  return text;
}

}  // namespace nscp::kernel
