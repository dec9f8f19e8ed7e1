#include "kernel/cli/installer_command.h"

#include "kernel/cli/installer_backup.h"
#include "kernel/cli/installer_plan.h"
#include "kernel/cli/private_folder.h"
#include "kernel/cli/settings_command.h"
#include "kernel/cli/settings_layout.h"
#include "kernel/settings/atomic_file.h"
#include "kernel/settings/boot.h"
#include "kernel/settings/context.h"
#include "proto/cpp/secret.h"

namespace nscp::kernel {
namespace {

constexpr int kNotApplied = 1;
constexpr size_t kPasswordLength = 16;
constexpr std::string_view kPasswordLetters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::string_view kNewFileComments[] = {
    "; Settings of the monitoring agent. It reads them when it starts or reloads.",
    "; All that could be set, with defaults: nscp settings --generate stdout",
};

// Bytes that would make some letters likelier than others are passed over.
Result<std::string> MakePassword() {
  constexpr size_t kFair = 256 - 256 % kPasswordLetters.size();
  std::string password;
  while (password.size() < kPasswordLength) {
    ASSIGN_OR_RETURN(const std::string bytes, RandomBytes(kPasswordLength));
    for (const char byte : bytes) {
      const auto number = static_cast<unsigned char>(byte);
      if (number >= kFair || password.size() == kPasswordLength) continue;
      password += kPasswordLetters[number % kPasswordLetters.size()];
    }
  }
  return password;
}

Result<std::string> ReadInput(std::istream& input) {
  std::string text(kMaxInstallerInput + 1, '\0');
  input.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(input.gcount()));
  if (text.size() <= kMaxInstallerInput) return text;
  return Status::ResourceExhausted("the input is longer than " +
                                   std::to_string(kMaxInstallerInput) + " bytes");
}

// Comments alone, where no file is; one that is there, or that somebody makes meanwhile,
// stays as it is.
Status LayDownFile(const PathTokens& tokens) {
  ASSIGN_OR_RETURN(const std::string path,
                   FileOfContext(std::string(kInstallerStore), tokens));
  ASSIGN_OR_RETURN(const auto lock, LockStore(path));
  if (PathExists(path)) return Status::Ok();
  const IniStyle style = StyleOfNewFiles();
  std::string text(style.mark);
  for (const std::string_view line : kNewFileComments) {
    text += std::string(line) + std::string(style.line_end);
  }
  return WriteFileAtomically(path, text);
}

// A key without a value, which the settings themselves would remove: with NRPE's options
// it says more than no key does.
Status WriteEmptyKey(const std::string& path, const InstallerEdit& edit) {
  ASSIGN_OR_RETURN(const auto lock, LockStore(path));
  ASSIGN_OR_RETURN(const std::string bytes, ReadWholeFile(path, kMaxIniBytes));
  IniFile document = IniFile::Parse(bytes, path);
  RETURN_IF_ERROR(document.Set(edit.path, edit.key, ""));
  return WriteFileAtomically(path, document.Serialize());
}

Status Import(OpenStore& store, const std::string& from) {
  ASSIGN_OR_RETURN(const auto other, OpenOtherStore(store, from));
  const auto files = other->Files();
  if (!files.empty() && !PathExists(files[0])) {
    return Status::NotFound("there is no file " + files[0]);
  }
  // In memory: it is saved with the rest.
  v1::UpdateSettingsRequest request = AllSettings(*other);
  if (request.entries().empty()) return Status::NotFound("there is no setting in it");
  request.set_persist(false);
  return store.settings->Update(request).status();
}

Status WriteEdits(OpenStore& store, const std::vector<InstallerEdit>& edits) {
  v1::UpdateSettingsRequest request;
  std::vector<InstallerEdit> empty;
  for (const InstallerEdit& edit : edits) {
    const bool stays = edit.value.empty() && !store.settings->Files().empty();
    if (stays) empty.push_back(edit);
    v1::SettingEntry& entry = *request.add_entries();
    entry.set_path(edit.path);
    entry.set_key(edit.key);
    entry.set_value(edit.value);
  }
  RETURN_IF_ERROR(store.settings->Update(request).status());
  RETURN_IF_ERROR(store.settings->Save());
  for (const InstallerEdit& edit : empty) {
    RETURN_IF_ERROR(WriteEmptyKey(store.settings->Files()[0], edit));
  }
  return Status::Ok();
}

// What one run works with.
struct Run {
  const CommonOptions& common;
  const InstallerProperties& properties;
  const InstallerTarget& target;
  const BootConfig& boot;  // as it is going to be
  Terminal& terminal;
};

Status ApplyToStore(const Run& run) {
  ASSIGN_OR_RETURN(
      OpenStore store,
      OpenChosenStore(ChooseStore(run.common, run.boot, run.target.context), run.common));
  InstallerStore facts;
  facts.empty = store.settings->Paths("").empty();
  facts.imported = !run.target.import.empty();
  if (facts.imported) {
    const Status imported = Import(store, run.target.import);
    if (!imported.ok()) return imported.WithContext("IMPORT_CONFIG");
  }
  facts.find = [&store](std::string_view path, std::string_view key) {
    return store.settings->Value(path, key);
  };
  bool made = false;
  ASSIGN_OR_RETURN(const auto edits, PlanSettings(run.properties, facts, [&made] {
                     made = true;
                     return MakePassword();
                   }));
  if (!edits.empty() || facts.imported) RETURN_IF_ERROR(WriteEdits(store, edits));
  if (run.target.sample) RETURN_IF_ERROR(store.settings->SaveAll({}));
  const std::string where = store.settings->GetStatus().context();
  run.terminal.Print(std::to_string(edits.size()) + " settings changed in " + where +
                     "\n");
  if (made) {
    run.terminal.Print("A password was made: \"password\" under /settings/default\n");
  }
  return Status::Ok();
}

// What changes after all of it is known to make sense.
struct Plan {
  CommonOptions common;  // with the tokens of the layout from now on
  InstallerProperties properties;
  InstallerTarget target;
  BootConfig boot;
  LayoutCopy copy;
};

Result<Plan> MakePlan(const CommonOptions& common, std::istream& input) {
  ASSIGN_OR_RETURN(const std::string text, ReadInput(input));
  Plan plan;
  plan.common = common;
  ASSIGN_OR_RETURN(plan.properties, ParseInstallerProperties(text));
  ASSIGN_OR_RETURN(plan.boot, ReadBootConfig(common.tokens));
  ASSIGN_OR_RETURN(plan.target, PlanTarget(plan.properties, plan.boot));
  for (const IniEntry& entry : plan.target.tls) {
    if (entry.key == "version") plan.boot.tls.version = entry.value;
    if (entry.key == "verify mode") plan.boot.tls.verify_mode = entry.value;
    if (entry.key == "ca") plan.boot.tls.ca = entry.value;
  }
  PathTokens& tokens = plan.common.tokens;
  tokens.SetBootPaths(plan.boot.paths);
  if (plan.target.switches) {
    ASSIGN_OR_RETURN(plan.copy, PlanLayoutCopy(Layout::kModern, tokens));
    plan.target.context = ContextInLayout(plan.target.context, tokens);
  }
  if (plan.target.modern) tokens.UseLayout(true);
  return plan;
}

Status ChangeBoot(const Plan& plan) {
  std::vector<BootEdit> edits;
  for (const IniEntry& entry : plan.target.tls) {
    edits.push_back({"tls", entry.key, entry.value});
  }
  if (plan.target.modern && !plan.boot.modern) {
    edits.push_back(LayoutEdit(Layout::kModern));
  }
  return SetPrimaryContext(plan.common.tokens, plan.target.context, edits)
      .WithContext("changing " + plan.boot.file);
}

// boot.ini last: it names what is there by then.
Status Carry(const Plan& plan, Terminal& terminal) {
  const InstallerTarget& target = plan.target;
  const PathTokens& tokens = plan.common.tokens;
  const std::string shared = tokens.Expand("${shared-path}");
  if (target.switches) RETURN_IF_ERROR(CopyFiles(Layout::kModern, plan.copy));
  if (target.modern && !IsFolder(shared)) RETURN_IF_ERROR(MakePrivateFolder(shared));
  if (target.may_write) RETURN_IF_ERROR(LayDownFile(tokens));
  if (target.writes) {
    RETURN_IF_ERROR(
        ApplyToStore({plan.common, plan.properties, target, plan.boot, terminal}));
  } else {
    terminal.Print("The settings in " + ShownContext(target.context) +
                   " stay as they are\n");
  }
  RETURN_IF_ERROR(ChangeBoot(plan));
  if (!target.note.empty()) terminal.Print(target.note + "\n");
  terminal.Print("The settings are in " + ShownContext(target.context) + ", says " +
                 plan.boot.file + "\n");
  return Status::Ok();
}

std::vector<std::string> FilesToKeep(const Plan& plan) {
  std::vector<std::string> files = {plan.boot.file};
  for (const std::string& context : {std::string(kInstallerStore), plan.target.context}) {
    const auto file = FileOfContext(context, plan.common.tokens);
    if (!file.ok() || *file == files.back() || IsFolder(*file)) continue;
    files.push_back(*file);
  }
  return files;
}

Status Apply(const CommonOptions& common, std::istream& input, Terminal& terminal) {
  ASSIGN_OR_RETURN(const Plan plan, MakePlan(common, input));
  const bool copies = plan.target.switches && !plan.copy.adopted;
  RETURN_IF_ERROR(BeginBackup(plan.common.tokens, FilesToKeep(plan), copies));
  const Status carried = Carry(plan, terminal);
  if (carried.ok()) return carried;
  const Status undone = EndBackup(plan.common.tokens, BackupEnd::kUndo);
  return undone.ok()
             ? carried
             : Status(carried.code(), carried.message() + "; and " + undone.message());
}

}  // namespace

int ApplyInstaller(const CommonOptions& common, std::istream& input, Terminal& terminal) {
  const Status status = Apply(common, input, terminal);
  if (status.ok()) return 0;
  terminal.PrintError("Applying the installer's properties: " + status.message() + "\n");
  return kNotApplied;
}

}  // namespace nscp::kernel
