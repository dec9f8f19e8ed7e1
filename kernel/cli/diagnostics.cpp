#include "kernel/cli/diagnostics.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <thread>

#include "kernel/cli/log_pages.h"
#include "kernel/cli/log_report.h"
#include "kernel/cli/metrics_command.h"
#include "kernel/cli/module_report.h"
#include "kernel/cli/problems_json.h"
#include "kernel/cli/redaction.h"
#include "kernel/cli/store_access.h"
#include "kernel/cli/system.h"
#include "kernel/core/runtime_folder.h"
#include "kernel/settings/modules_section.h"
#include "nscp/version.h"
#include "proto/cpp/library_versions.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace {

// The folder in the archive that holds them all.
constexpr char kTopFolder[] = "nscp-diagnostics/";

v1::GetSettingsRequest AllOfThem(bool clear) {
  v1::GetSettingsRequest request;
  request.set_recursive(true);
  request.set_clear(clear);
  return request;
}

std::string VersionsJson(const Catalogue* catalogue, JsonWriter json) {
  const SystemFacts system = DescribeSystem();
  json.BeginObject();
  json.Key("version").Text(kVersionText);
  json.Key("platform").Text(kPlatform);
  json.Key("grpc").Text(GrpcVersion());
  json.Key("protobuf").Text(ProtobufVersion());
  json.Key("libzip").Text(ArchiveLibraryVersion());
  json.Key("system").BeginObject();
  json.Key("name").Text(system.name);
  json.Key("release").Text(system.release);
  json.Key("machine").Text(system.machine);
  json.Key("distribution").Text(system.distribution);
  json.Key("processors").Count(std::thread::hardware_concurrency());
  json.EndObject().Key("modules").BeginArray();
  if (catalogue != nullptr) {
    for (const CataloguePtr& module : catalogue->List()) {
      json.BeginObject().Key("name").Text(module->name());
      json.Key("version").Text(module->manifest.version());
      json.Key("refused").Text(module->refused).EndObject();
    }
  }
  return json.EndArray().EndObject().text() + "\n";
}

// The end of a file, from the beginning of a line on.
std::string TailOf(const std::string& path) {
  std::ifstream file(std::filesystem::u8path(path), std::ios::binary | std::ios::ate);
  if (!file) return "";
  const auto size = static_cast<size_t>(file.tellg());
  const size_t skipped = size - std::min(size, kDiagnosticLogBytes);
  std::string text(size - skipped, '\0');
  file.seekg(static_cast<std::streamoff>(skipped));
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(file.gcount()));
  const size_t line = skipped == 0 ? std::string::npos : text.find('\n');
  return line == std::string::npos ? text : text.substr(line + 1);
}

class Gathering {
 public:
  explicit Gathering(const CommonOptions& common) : common_(common) {}

  Diagnostics Run() {
    OpenSources();
    LearnSecrets();
    Add("versions.json", VersionsJson(catalogue(), Json()));
    if (store_) AddStore();
    if (running_) AddAgent();
    AddLog();
    return std::move(found_);
  }

 private:
  const Catalogue* catalogue() const {
    return store_ ? store_->catalogue.get() : nullptr;
  }

  JsonWriter Json() const {
    return JsonWriter(
        [this](std::string text) { return redaction_.Line(std::move(text)); });
  }
  void Add(const std::string& name, std::string text) {
    found_.files.push_back({kTopFolder + name, std::move(text), false});
  }
  void Note(const std::string& what, const Status& why) {
    found_.notes.push_back(what + ": " + redaction_.Line(why.message()));
  }

  void OpenSources() {
    auto store = OpenSettingsStore(common_);
    if (store.ok()) {
      store_ = std::make_unique<OpenStore>(std::move(store).value());
    } else {
      Note("the settings can't be read", store.status());
    }
    const auto choice = ChooseStore(common_);
    auto running = choice.ok() ? FindRunning(*choice) : choice.status();
    if (running.ok()) {
      running_ = std::move(running).value();
    } else {
      Note("no agent is running, so there are no live parts", running.status());
    }
  }

  void LearnSecrets() {
    if (store_) Learn(store_->settings->Get(AllOfThem(true)));
    if (!running_) return;
    const auto live = running_->GetSettings(AllOfThem(true), {});
    if (live.ok()) Learn(*live);
    const auto host = running_->GetHostStatus({}, {});
    if (!host.ok()) return;
    const PathTokens& tokens = store_ ? store_->choice.tokens : common_.tokens;
    const auto admin = ReadAdmin(RuntimeFolderOf(host->instance(), tokens));
    if (admin.ok()) redaction_.Add(admin->token);
  }
  void Learn(const v1::GetSettingsResponse& clear) {
    redaction_.Learn(clear);
    knows_secrets_ = true;
  }

  std::string SettingsText(const v1::GetSettingsResponse& masked) const {
    std::string text;
    for (const v1::SettingEntry& entry : masked.entries()) {
      text += redaction_.Known(entry.path() + "." + entry.key()) + "=" +
              redaction_.Line(entry.value()) + "\n";
    }
    return text;
  }

  void AddStore() {
    Settings& settings = *store_->settings;
    Add("settings.txt", SettingsText(settings.Get(AllOfThem(false))));
    store_->catalogue->Configure(ParseModulesSection(settings.Keys("/modules")));
    JsonWriter json = Json();
    json.BeginObject().Key("problems");
    AddProblems(FindProblems(settings, *store_->catalogue), &json);
    Add("problems.json", json.EndObject().text() + "\n");
  }

  void AddAgent() {
    const Status settings = AddLiveSettings();
    if (!settings.ok()) Note("the agent's settings are missing", settings);
    const Status status = AddStatus();
    if (!status.ok()) Note("the agent's status is missing", status);
    const auto metrics = running_->MetricsSnapshot({}, {});
    if (!metrics.ok()) return Note("the metrics are missing", metrics.status());
    JsonWriter json = Json();
    AddMetrics(*metrics, "", &json);
    Add("metrics.json", json.text() + "\n");
  }

  Status AddLiveSettings() {
    ASSIGN_OR_RETURN(const v1::GetSettingsResponse masked,
                     running_->GetSettings(AllOfThem(false), {}));
    Add("settings-running.txt", SettingsText(masked));
    return Status::Ok();
  }

  Status AddStatus() {
    ASSIGN_OR_RETURN(const v1::GetHostStatusResponse host,
                     running_->GetHostStatus({}, {}));
    v1::ListModulesRequest request;
    request.set_all(true);
    request.set_details(true);
    ASSIGN_OR_RETURN(const v1::ListModulesResponse modules,
                     running_->ListModules(request, {}));
    JsonWriter json = Json();
    json.BeginObject().Key("agent");
    AddHost(host, &json);
    json.Key("modules");
    AddModules(modules, Which::kAll, &json);
    Add("status.json", json.EndObject().text() + "\n");
    return Status::Ok();
  }

  // Of the running agent, else what stands in its file.
  void AddLog() {
    if (!knows_secrets_) {
      found_.notes.push_back(
          "the log is left out: without the settings nobody knows "
          "which of its words are secret");
      return;
    }
    std::string text;
    if (running_) {
      const auto last = LastLogEntries(
          *running_, {}, kDiagnosticLines, {}, [&](const v1::LogEntry& entry) {
            v1::LogEntry clean = entry;
            clean.set_message(redaction_.Line(entry.message()));
            text += LogText(clean, {});
            return true;
          });
      if (last.ok()) return Add("log.txt", std::move(text));
      Note("the agent's log is missing", last.status());
    }
    if (store_) AddLogFile();
  }

  void AddLogFile() {
    const std::string path = store_->choice.tokens.Expand(
        store_->settings->Effective("/settings/log", "file name"));
    std::string text;
    for (const std::string& line : Split(TailOf(path), '\n')) {
      if (!line.empty()) text += redaction_.Line(line) + "\n";
    }
    if (!text.empty()) return Add("log.txt", std::move(text));
    found_.notes.push_back("there is no log: the file " + path + " has no lines");
  }

  const CommonOptions& common_;
  std::unique_ptr<OpenStore> store_;
  std::unique_ptr<KernelClient> running_;
  Redaction redaction_;
  bool knows_secrets_ = false;
  Diagnostics found_;
};

}  // namespace

Diagnostics GatherDiagnostics(const CommonOptions& common) {
  return Gathering(common).Run();
}

}  // namespace nscp::kernel
