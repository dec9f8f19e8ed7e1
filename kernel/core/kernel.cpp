#include "kernel/core/kernel.h"

#include "kernel/packages/installation.h"
#include "kernel/remote/remote_stores.h"
#include "kernel/service/server.h"
#include "kernel/settings/boot.h"
#include "kernel/settings/context.h"
#include "kernel/settings/modules_section.h"
#include "kernel/settings/problems.h"
#include "kernel/settings/system_certificates.h"
#include "kernel/telemetry/log_level.h"
#include "kernel/telemetry/system_log.h"
#include "nscp/version.h"
#include "proto/cpp/password.h"
#include "proto/cpp/secret.h"
#include "proto/cpp/text.h"
#include "proto/cpp/utf8.h"

namespace nscp::kernel {
namespace {

constexpr char kCoreSender[] = "core";

std::vector<std::pair<std::string, std::string>> Pairs(
    const std::vector<IniEntry>& entries) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const IniEntry& entry : entries) pairs.emplace_back(entry.key, entry.value);
  return pairs;
}

}  // namespace

Kernel::Kernel(KernelOptions options)
    : options_(std::move(options)), logger_(std::make_unique<Logger>()) {
  logger_->SetSinks(options_.sinks);
  logger_->SetLevel(options_.log_level);
}

Kernel::~Kernel() { Shutdown(); }

Result<std::unique_ptr<Kernel>> Kernel::Create(KernelOptions options) {
  std::unique_ptr<Kernel> kernel(new Kernel(std::move(options)));
  RETURN_IF_ERROR(kernel->OpenStores());
  RETURN_IF_ERROR(kernel->OpenProtocol());
  RETURN_IF_ERROR(kernel->OpenSupervisor());
  return kernel;
}

Status Kernel::OpenStores() {
  ASSIGN_OR_RETURN(const BootConfig boot, ReadBootConfig(options_.tokens));
  options_.tokens.SetBootPaths(boot.paths);
  for (const std::string& warning : boot.warnings) LogSettings(v1::LOG_WARNING, warning);
  if (!options_.is_private) {
    const Status exported = ExportSystemCertificates(options_.tokens);
    if (!exported.ok()) LogSettings(v1::LOG_WARNING, exported.message());
  }

  std::string note;
  ASSIGN_OR_RETURN(const std::string folder, options_.tokens.ModuleFolder(&note));
  if (!note.empty()) {
    const auto level = options_.is_private ? v1::LOG_DEBUG : v1::LOG_WARNING;
    logger_->Log(level, kCoreSender, note, __FILE__, __LINE__);
  }
  if (!options_.is_private) {
    const Status cleaned = Installation::CleanUp(folder);
    if (!cleaned.ok()) {
      logger_->Log(v1::LOG_ERROR, "modules", cleaned.message(), __FILE__, __LINE__);
    }
  }
  ASSIGN_OR_RETURN(catalogue_, Catalogue::Open({folder}));
  for (const std::string& problem : catalogue_->Notes()) {
    logger_->Log(v1::LOG_WARNING, "modules", problem, __FILE__, __LINE__);
  }

  RETURN_IF_ERROR(OpenSettings(boot));
  for (const KernelOptions::Define& define : options_.defines) {
    RETURN_IF_ERROR(settings_->Define(define.path, define.key, define.value));
  }
  ApplyLogSettings();
  storage_ = std::make_unique<Storage>(
      options_.tokens.Expand("${storage-path}"), [this](const std::string& sentence) {
        logger_->Log(v1::LOG_ERROR, "storage", sentence, __FILE__, __LINE__);
      });
  catalogue_->Configure(ParseModulesSection(settings_->Keys("/modules")));
  for (const SettingsProblem& problem : FindProblems(*settings_, *catalogue_)) {
    // A command tells lines that it could not read, and leaves the rest to `--check`.
    if (options_.is_private && !problem.path.empty()) continue;
    LogSettings(v1::LOG_WARNING, ProblemText(problem));
  }
  return Status::Ok();
}

void Kernel::LogSettings(v1::LogLevel level, const std::string& message) {
  logger_->Log(level, "settings", RepairUtf8(message), __FILE__, __LINE__);
}

Status Kernel::OpenSettings(const BootConfig& boot) {
  auto remote = RemoteStores::OptionsOf(boot, options_.tokens);
  remote.warn = [this](const std::string& sentence) {
    LogSettings(v1::LOG_WARNING, sentence);
  };
  remote_ = std::make_unique<RemoteStores>(std::move(remote));
  SettingsOptions options{"", options_.tokens, HashPassword, nullptr, nullptr};
  options.fetch = [this](const std::string& url) { return remote_->Fetch(url); };
  ASSIGN_OR_RETURN(
      OpenedStore opened,
      OpenFirstStore(StoresToTry(boot, options_.settings_context, options_.tokens),
                     std::move(options), *catalogue_));
  for (const std::string& failure : opened.failures) {
    LogSettings(v1::LOG_ERROR, failure);
  }
  settings_ = std::move(opened.settings);
  instance_ = InstanceId(CanonicalStore(opened.context, options_.tokens));
  if (!ContextExists(opened.context, options_.tokens)) {
    LogSettings(v1::LOG_INFO,
                "Creating new settings file: " + Join(settings_->Files(), ", "));
  }
  return Status::Ok();
}

void Kernel::ApplyLogSettings() {
  if (!options_.log_level_given) {
    const std::string word = settings_->Effective("/settings/log", "level");
    if (const auto level = ParseLogLevel(word)) logger_->SetLevel(*level);
  }
  if (!options_.log_file) return;
  LogFileOptions file;
  file.path = options_.tokens.Expand(settings_->Effective("/settings/log", "file name"));
  const std::string format = settings_->Effective("/settings/log", "date format");
  if (!format.empty()) file.date_format = format;
  file.max_bytes = static_cast<uint64_t>(std::strtoull(
      settings_->Effective("/settings/log/file", "max size").c_str(), nullptr, 10));
  auto sinks = options_.sinks;
  sinks.push_back(NewLogFile(file));
  const Status system = AddSystemLog(sinks);
  logger_->SetSinks(std::move(sinks));
  if (!system.ok() && system.code() != Code::kUnimplemented) {
    LogSettings(v1::LOG_WARNING, system.message());
  }
}

Status Kernel::AddSystemLog(std::vector<std::shared_ptr<LogSink>>& sinks) const {
  const auto level =
      ParseLogLevel(settings_->Effective("/settings/log/event log", "level"));
  if (options_.is_private || !level) return Status::Ok();
  ASSIGN_OR_RETURN(auto log, OpenSystemLog());
  sinks.push_back(NewSystemLogSink(*level, std::move(log)));
  return Status::Ok();
}

Policy Kernel::PolicyNow() const {
  return Policy(Pairs(settings_->Keys("/settings/permissions")),
                Pairs(settings_->Keys("/settings/permissions/policies")));
}

void Kernel::ApplyPolicy() { broker_->SetPolicy(PolicyNow()); }

Status Kernel::OpenProtocol() {
  if (options_.is_private) {
    ASSIGN_OR_RETURN(runtime_, RuntimeFolder::MakePrivate(options_.tokens));
  } else {
    ASSIGN_OR_RETURN(runtime_,
                     RuntimeFolder::Take(RuntimeFolderOf(instance_, options_.tokens)));
  }
  Broker::Hooks hooks;
  hooks.why_not_running = [this](const std::string& slot) {
    return modules_->WhyNotRunning(slot);
  };
  hooks.log = [this](v1::LogLevel level, const std::string& message,
                     const std::string& request_id) {
    logger_->Log(level, kCoreSender, message, __FILE__, __LINE__, request_id);
  };
  hooks.tells_calls = [this] { return logger_->Passes(v1::LOG_DEBUG); };
  broker_ = std::make_unique<Broker>(Broker::Limits{}, std::move(hooks));
  ApplyPolicy();
  desk_ = std::make_unique<Desk>();
  long_desk_ = std::make_unique<Desk>(kMaxLongWork);
  reload_desk_ = std::make_unique<Desk>(kMaxLongWork);
  ASSIGN_OR_RETURN(server_, Server::Open(*this, runtime_->KernelAddress()));
  target_ = server_->target();

  ASSIGN_OR_RETURN(admin_token_, NewToken());
  Identity admin;
  admin.slot = admin.module = "cli";
  admin.rights = Rights::Admin();
  broker_->identities().Add(admin_token_, std::move(admin));
  if (!options_.is_private) {
    RETURN_IF_ERROR(runtime_->WriteAdmin(target_, admin_token_));
  }
  return Status::Ok();
}

Status Kernel::OpenSupervisor() {
  ModuleHost::Rooms rooms;
  rooms.catalogue = catalogue_.get();
  rooms.settings = settings_.get();
  rooms.tokens = &options_.tokens;
  rooms.broker = broker_.get();
  rooms.runtime = runtime_.get();
  rooms.logger = logger_.get();
  rooms.kernel_target = target_;
  rooms.agent_version = kVersionText;
  rooms.no_start = options_.no_start;
  modules_ = std::make_unique<ModuleHost>(std::move(rooms));
  Supervisor::Options options;
  options.launch_program = options_.tokens.Program("nscp-launch");
  ASSIGN_OR_RETURN(supervisor_, Supervisor::Create(std::move(options), *modules_));
  modules_->SetSupervisor(supervisor_.get());
  modules_->Configure();
  MetricsCollector::Sources sources;
  sources.workers = [this] { return WorkersNow(); };
  sources.interval = [this] {
    return settings_->Effective("/settings/core", "metrics interval");
  };
  sources.warn = [this](const std::string& message) {
    logger_->Log(v1::LOG_ERROR, "metrics", message, __FILE__, __LINE__);
  };
  collector_ = std::make_unique<MetricsCollector>(std::move(sources), metrics_);
  Deliveries::Sources readers;
  readers.consumers = [this] { return ConsumersNow(); };
  readers.warn = [this](const std::string& message) {
    logger_->Log(v1::LOG_WARNING, kCoreSender, message, __FILE__, __LINE__);
  };
  deliveries_ = std::make_unique<Deliveries>(std::move(readers), events_, metrics_);
  Maintenance::Work work;
  work.interval = [this] {
    return settings_->Effective("/settings/core", Maintenance::kKey);
  };
  work.round = [this] { LookAtRemoteSettings(); };
  work.warn = [this](const std::string& message) { LogSettings(v1::LOG_ERROR, message); };
  maintenance_ = std::make_unique<Maintenance>(std::move(work));
  // Only now is there something to answer calls with.
  server_->Open();
  return Status::Ok();
}

std::vector<MetricsCollector::Worker> Kernel::WorkersNow() const {
  std::vector<MetricsCollector::Worker> workers;
  v1::ListModulesResponse list = modules_->List(false, true);
  for (v1::ModuleInfo& info : *list.mutable_modules()) {
    MetricsCollector::Worker worker;
    worker.facts.load = broker_->LoadOf(info.id());
    // Only who says so in its manifest is asked.
    const CataloguePtr module = catalogue_->Find(info.name());
    if (module && module->manifest.produces_metrics() && info.state() == v1::RUNNING) {
      worker.link = broker_->FindLink(info.incarnation());
    }
    worker.facts.info = std::move(info);
    workers.push_back(std::move(worker));
  }
  return workers;
}

std::vector<Deliveries::Consumer> Kernel::ConsumersNow() const {
  std::vector<Deliveries::Consumer> consumers;
  const v1::ListModulesResponse list = modules_->List(false, false);
  for (const v1::ModuleInfo& info : list.modules()) {
    const CataloguePtr module = catalogue_->Find(info.name());
    if (!module || info.state() != v1::RUNNING) continue;
    const v1::Manifest& manifest = module->manifest;
    if (manifest.event_patterns().empty() && !manifest.consumes_metrics()) continue;
    Deliveries::Consumer consumer;
    consumer.link = broker_->FindLink(info.incarnation());
    if (!consumer.link) continue;
    consumer.slot = info.id();
    consumer.incarnation = info.incarnation();
    consumer.patterns = {manifest.event_patterns().begin(),
                         manifest.event_patterns().end()};
    consumer.wants_metrics = manifest.consumes_metrics();
    consumers.push_back(std::move(consumer));
  }
  return consumers;
}

void Kernel::LoadEnabled() {
  if (!options_.no_start) collector_->Start();
  if (const Status started = deliveries_->Start(); !started.ok()) {
    logger_->Log(v1::LOG_ERROR, kCoreSender, "delivering events: " + started.message(),
                 __FILE__, __LINE__);
  }
  if (!options_.is_private) maintenance_->Start();
  modules_->LoadEnabled([this] {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      loaded_ = true;
    }
    changed_.notify_all();
  });
}

bool Kernel::WaitLoaded(std::chrono::milliseconds limit) {
  std::unique_lock<std::mutex> lock(mutex_);
  return changed_.wait_for(lock, limit, [this] { return loaded_.load(); });
}

Status Kernel::LoadAndWait(const std::string& name) {
  return WaitForModule(&ModuleHost::Load, name);
}

Result<std::vector<std::string>> Kernel::Reload(const std::string& target) {
  if (target != "service" && target != "settings") {
    RETURN_IF_ERROR(modules_->ReloadOne(target));
    return std::vector<std::string>{"reloaded the settings of " + target};
  }
  std::vector<std::string> done;
  // What somebody changed and has not saved is not thrown away by a reload.
  ASSIGN_OR_RETURN(const bool loaded, settings_->LoadUnlessChanged());
  if (loaded) {
    done.push_back("read " + settings_->GetStatus().context());
    for (const IniDiagnostic& note : settings_->Diagnostics()) {
      LogSettings(v1::LOG_WARNING,
                  ProblemText({note.file, note.line, "", "", note.text, "", ""}));
    }
  } else {
    done.push_back("kept the settings in memory: they have changes that are not saved");
  }
  ApplyLogSettings();
  ApplyPolicy();
  collector_->LookAgain();
  maintenance_->LookAgain();
  if (target == "service") {
    for (std::string& line : modules_->ReloadAll()) done.push_back(std::move(line));
  }
  for (const std::string& line : done) {
    logger_->Log(v1::LOG_INFO, kCoreSender, "reload: " + line, __FILE__, __LINE__);
  }
  return done;
}

void Kernel::LookAtRemoteSettings() {
  if (!remote_->HasChanged()) return;
  LogSettings(v1::LOG_INFO, "the remote settings have changed, reloading");
  const auto reloaded = Reload("service");
  if (!reloaded.ok()) LogSettings(v1::LOG_ERROR, reloaded.status().message());
}

void Kernel::AskToEnd() {
  std::function<void()> told;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    asked_to_end_ = true;
    told = told_;
  }
  if (told) told();
}

void Kernel::OnAskedToEnd(std::function<void()> told) {
  const std::lock_guard<std::mutex> lock(mutex_);
  told_ = std::move(told);
}

void Kernel::Shutdown() {
  if (shut_down_) return;
  shut_down_ = true;
  if (remote_) remote_->Cancel();
  if (maintenance_) maintenance_->Stop();
  if (collector_) collector_->Stop();
  if (deliveries_) deliveries_->Stop();
  // Workers first: their last words still find a kernel.
  if (supervisor_) supervisor_->Shutdown();
  if (server_) server_->Close(kFarewell);
  reload_desk_.reset();
  long_desk_.reset();
  desk_.reset();
  logger_->Flush();
}

}  // namespace nscp::kernel
