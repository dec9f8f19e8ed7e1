#include "workers/lua_script/lua_script.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "proto/cpp/text.h"
#include "workers/lua_script/commands.h"
#include "workers/lua_script/kernel_agent.h"
#include "workers/lua_script/script_set.h"

namespace nscp::lua_script {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// A start is over after 10 s, all scripts' top levels included.
constexpr milliseconds kLoadOne{3000};
constexpr milliseconds kLoadAll{6000};
// on_start waits so long at most for the other modules, and may take so long itself.
constexpr milliseconds kReadyLimit{60000};
constexpr milliseconds kReadyPause{100};
constexpr milliseconds kOnStart{60000};
// Of a call's time, for the answer that says that it was over.
constexpr milliseconds kFarewell{250};
constexpr milliseconds kLongest{600000};
// At four threads that hang the process is replaced (workers/sdk/pool.h).
constexpr size_t kMaxLeftBehind = 4;

Visit VisitOf(sdk::Call& call) {
  const auto now = Clock::now();
  const auto left = std::min<Clock::duration>(call.deadline() - now, kLongest);
  return {&call, now + left - std::min<Clock::duration>(kFarewell, left / 4)};
}

class LuaScript final : public sdk::Module {
 public:
  ~LuaScript() override { StopStarter(); }

  Status Start(const sdk::StartContext& context) override {
    auto* const host = static_cast<sdk::GatewayHost*>(context.host);
    host_ = host;
    agent_ = std::make_unique<KernelAgent>(*host);
    no_start_ = context.no_start;
    ASSIGN_OR_RETURN(scripts_folder_, host->ExpandPath("${scripts}"));
    return Reload(context.settings);
  }

  Status Reload(const sdk::Settings& settings) override {
    const std::lock_guard<std::mutex> one(loading_);
    StopStarter();
    scripts_.Clear();
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      definitions_.clear();
    }
    const auto end = Clock::now() + kLoadAll;
    for (const Definition& definition : ReadDefinitions(settings)) {
      Remember(definition.alias, definition.name);
      const auto limit = std::min(Clock::now() + kLoadOne, end);
      const auto loaded = Load(definition.alias, definition.name, {nullptr, limit});
      if (!loaded.ok()) host_->Log(sdk::LogLevel::kError, loaded.message());
    }
    Publish();
    if (!no_start_) StartStarter();
    return Status::Ok();
  }

  void Stop() override { StopStarter(); }

  sdk::CheckResult OnQuery(const sdk::Query& query, sdk::Call& call) override {
    const auto script =
        FindWorking(Interpreter::Kind::kQuery, query.command, VisitOf(call));
    if (!script) {
      return sdk::CheckResult::Unknown("Unknown command(s): " + query.command);
    }
    sdk::CheckResult result = script->Query(query, VisitOf(call));
    PublishChanges(script);
    return result;
  }

  sdk::SubmitAnswer OnSubmit(const sdk::Submission& submission,
                             sdk::Call& call) override {
    const auto script =
        FindWorking(Interpreter::Kind::kChannel, submission.channel, VisitOf(call));
    if (!script) return {false, "No script listens to " + submission.channel};
    sdk::SubmitAnswer answer = script->Submit(submission, VisitOf(call));
    PublishChanges(script);
    return answer;
  }

  sdk::ExecAnswer OnExec(const sdk::Query& query, sdk::Call& call) override {
    sdk::Query command = query;  // "nscp lua x y" has its command among the arguments
    if (command.command.empty() && !command.arguments.empty()) {
      command.command = command.arguments.front();
      command.arguments.erase(command.arguments.begin());
    }
    if (const auto script =
            FindWorking(Interpreter::Kind::kExec, command.command, VisitOf(call))) {
      sdk::ExecAnswer answer = script->Exec(command, VisitOf(call));
      PublishChanges(script);
      return answer;
    }
    Workshop workshop;
    workshop.scripts = scripts_folder_;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      workshop.definitions = definitions_;
    }
    workshop.save = [&](const auto& entries) {
      RETURN_IF_ERROR(host_->SaveSettings(entries));
      TakeIntoUse(entries, VisitOf(call));
      return Status::Ok();
    };
    workshop.keep = [&](const auto& entries) {
      for (const auto& entry : entries) {
        RETURN_IF_ERROR(agent_->Set(entry.path, entry.key, entry.value));
      }
      return Status::Ok();
    };
    workshop.execute = [&](const std::string& file, const auto& arguments) {
      const Visit visit = VisitOf(call);
      const auto script = Interpreter::Load({AliasOf(file), file},
                                            LibraryOf(scripts_folder_), *agent_, visit);
      return script.ok() ? (*script)->Main(arguments, visit)
                         : scripts::Failed(script.status());
    };
    return RunCommand(query, workshop);
  }

 private:
  void Remember(const std::string& alias, const std::string& name) {
    const std::lock_guard<std::mutex> lock(mutex_);
    definitions_[ToLowerAscii(alias)] = name;
  }

  Status Load(const std::string& alias, const std::string& name, const Visit& visit) {
    const std::string doing = "Loading the Lua script " + alias;
    const auto file = FindScript(scripts_folder_, name);
    if (!file.ok()) return file.status().WithContext(doing);
    const auto script = Interpreter::Load({alias, file->path}, LibraryOf(scripts_folder_),
                                          *agent_, visit);
    if (!script.ok()) return script.status().WithContext(doing);
    scripts_.Put(*script);
    return Status::Ok();
  }

  // A script that hangs where no hook reaches is loaded anew; the thread that hangs keeps
  // the old interpreter.
  ScriptSet::Shared FindWorking(Interpreter::Kind kind, const std::string& name,
                                const Visit& visit) {
    const auto script = scripts_.Find(kind, name);
    if (!script || !script->Stuck()) return script;
    const std::lock_guard<std::mutex> one(loading_);
    const auto now = scripts_.Find(kind, name);
    if (now != script || left_behind_ == kMaxLeftBehind) return now;
    ++left_behind_;
    const std::string& alias = script->script().alias;
    host_->Log(sdk::LogLevel::kError,
               "The Lua script " + alias +
                   " hangs in a function that cannot be ended; it is loaded anew");
    const auto loaded = Load(alias, script->script().file, visit);
    if (!loaded.ok()) host_->Log(sdk::LogLevel::kError, loaded.message());
    return scripts_.Find(kind, name);
  }

  // What a command has just written. A script that cannot be loaded stays in the
  // settings, and the log says why it does not run.
  void TakeIntoUse(const std::vector<sdk::Settings::Entry>& entries, const Visit& visit) {
    const std::lock_guard<std::mutex> one(loading_);
    for (const sdk::Settings::Entry& entry : entries) {
      if (!EqualsIgnoreCase(entry.path, kScriptsSection)) continue;
      scripts_.Remove(entry.key);
      if (entry.value.empty()) {
        const std::lock_guard<std::mutex> lock(mutex_);
        definitions_.erase(ToLowerAscii(entry.key));
        continue;
      }
      Remember(entry.key, entry.value);
      const auto loaded = Load(entry.key, entry.value, visit);
      if (!loaded.ok()) {
        host_->Log(sdk::LogLevel::kError, loaded.message());
      } else if (!no_start_) {
        RunOnStart(*scripts_.All().back(), visit);
      }
    }
    Publish();
  }

  void PublishChanges(const ScriptSet::Shared& script) {
    if (script->TakeChanged()) Publish();
  }

  void Publish() {
    std::vector<std::string> doubles;
    const Status set = host_->SetNames(scripts_.Names(&doubles));
    for (const auto& script : scripts_.All()) script->TakeChanged();
    if (!doubles.empty()) {
      host_->Log(sdk::LogLevel::kWarning, "Several Lua scripts register " +
                                              Join(doubles, ", ") +
                                              "; the last one of the settings has it");
    }
    if (!set.ok()) {
      host_->Log(sdk::LogLevel::kError,
                 "Registering the names of the Lua scripts: " + set.ToString());
    }
  }

  void RunOnStart(Interpreter& script, const Visit& visit) {
    const Status done = script.OnStart(visit);
    if (!done.ok()) {
      host_->Log(
          sdk::LogLevel::kError,
          "on_start of the Lua script " + script.script().alias + ": " + done.message());
    }
  }

  // on_start comes when all modules are there, so that it may ask any of them.
  void StartStarter() {
    stopping_ = false;
    starter_ = std::thread([this] {
      const auto end = Clock::now() + kReadyLimit;
      while (!stopping_ && Clock::now() < end && !agent_->Ready()) {
        std::unique_lock<std::mutex> lock(starting_);
        started_.wait_for(lock, kReadyPause, [this] { return stopping_.load(); });
      }
      for (const auto& script : scripts_.All()) {
        if (stopping_) return;
        RunOnStart(*script, {nullptr, Clock::now() + kOnStart, &stopping_});
        PublishChanges(script);
      }
    });
  }

  void StopStarter() {
    {
      const std::lock_guard<std::mutex> lock(starting_);
      stopping_ = true;
    }
    started_.notify_all();
    if (starter_.joinable()) starter_.join();
  }

  sdk::Host* host_ = nullptr;
  std::unique_ptr<KernelAgent> agent_;
  bool no_start_ = false;
  std::string scripts_folder_;
  ScriptSet scripts_;

  std::mutex loading_;
  size_t left_behind_ = 0;  // interpreters that hang, ever
  std::mutex mutex_;
  std::map<std::string, std::string> definitions_;  // lower-case alias -> file

  std::mutex starting_;
  std::condition_variable started_;
  std::atomic<bool> stopping_{false};
  std::thread starter_;
};

}  // namespace

std::unique_ptr<sdk::Module> MakeLuaScript() { return std::make_unique<LuaScript>(); }

}  // namespace nscp::lua_script
