// One script in an interpreter of its own: its memory, its time, its functions. Whatever
// a script does costs itself and nobody else:
//
// - Memory: kMaxMemory, then Lua says "not enough memory".
// - Time: a hook looks at the visit's deadline and cancellation every kHookEvery
//   instructions. Once the time is over every further instruction is an error, so that no
//   pcall keeps a script going. What runs inside C (a pattern, io.popen) ends by itself
//   or not at all; the visit's thread is then the SDK's to set aside.
// - No finalizers (__gc), for Lua runs those without hooks; no os.exit, debug hooks,
//   compiled chunks or C libraries.
//
// Visits come from any thread, one runs at a time. While a script waits for the agent (a
// query, sleep) the next may enter, so a script may be asked by what it asked itself.
// Source: modules.md F1; the reference manual of Lua 5.4.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "workers/lua_script/agent.h"

struct lua_State;
struct lua_Debug;

namespace nscp::lua_script {

struct Script {
  std::string alias;  // its name in the settings
  std::string file;   // whole path
};

class Interpreter {
 public:
  static constexpr size_t kMaxMemory = 64 * 1024 * 1024;
  static constexpr int kHookEvery = 1000;           // instructions
  static constexpr std::chrono::seconds kStuck{2};  // past a visit's deadline
  static constexpr size_t kMaxNames = 1000;         // that one script may register
  static constexpr size_t kMaxSource = 4 * 1024 * 1024;

  enum class Kind { kQuery, kExec, kChannel };
  struct Name {
    Kind kind;
    std::string name;  // as registered
    std::string description;
  };
  // A function that the script registered: it takes plain words, or NSClient++'s own
  // messages.
  struct Function {
    Name name;
    bool simple = true;
    int reference = 0;  // in Lua's registry
  };

  // Runs the script's top level. `library`: folder for `require`. The error is Lua's
  // text.
  static Result<std::shared_ptr<Interpreter>> Load(const Script& script,
                                                   const std::string& library,
                                                   Agent& agent, const Visit& visit);
  ~Interpreter();
  Interpreter(const Interpreter&) = delete;
  Interpreter& operator=(const Interpreter&) = delete;

  const Script& script() const { return script_; }
  // Never waits for the script.
  std::vector<Name> Names() const;
  bool Has(Kind kind, const std::string& name) const { return Find(kind, name).ok(); }
  // True once after names were registered.
  bool TakeChanged() { return changed_.exchange(false); }

  // A visit runs on although its time is long over: nobody else can enter.
  bool Stuck() const;

  // What goes wrong is UNKNOWN, code 3 or "not accepted", with Lua's text.
  sdk::CheckResult Query(const sdk::Query& query, const Visit& visit);
  sdk::ExecAnswer Exec(const sdk::Query& command, const Visit& visit);
  sdk::SubmitAnswer Submit(const sdk::Submission& submission, const Visit& visit);
  // The optional functions `on_start()` and `main(args)`.
  Status OnStart(const Visit& visit);
  sdk::ExecAnswer Main(const std::vector<std::string>& arguments, const Visit& visit);

  // ---- for the functions that scripts call (api*.cpp), within a visit

  static Interpreter& Of(lua_State* lua);
  Agent& agent() { return agent_; }
  const Visit& visit() const { return *visit_; }
  // Takes the function on top of the stack. The error says what is wrong with the name.
  Status Register(lua_State* lua, Function function);
  // Defaults that register_key told, by "path\nkey" in lower case.
  std::map<std::string, std::string>& defaults() { return defaults_; }

  // The script waits: others may enter meanwhile.
  class Away {
   public:
    explicit Away(Interpreter& interpreter);
    ~Away();
    Away(const Away&) = delete;
    Away& operator=(const Away&) = delete;

   private:
    Interpreter& interpreter_;
    const Visit* const visit_;
  };

 private:
  Interpreter(Script script, Agent& agent);

  static void* Allocate(void* self, void* block, size_t old_size, size_t new_size);
  static void Hook(lua_State* lua, lua_Debug* event);
  static int OpenAll(lua_State* lua);
  static int MakeThread(lua_State* lua);
  static int CallWork(lua_State* lua);
  static int Explain(lua_State* lua);

  Status Open(const std::string& library);
  void Occupy(const Visit* visit);
  // Runs `work` on a thread of Lua's own, where its errors are caught.
  using Work = std::function<void(lua_State*)>;
  Status Protected(const Visit& visit, const Work& work);
  Result<Function> Find(Kind kind, const std::string& name) const;

  const Script script_;
  Agent& agent_;
  std::string library_;
  size_t memory_ = 0;
  lua_State* main_ = nullptr;

  std::timed_mutex running_;  // held by the visit that runs
  const Visit* visit_ = nullptr;
  // The running visit's deadline, since the clock's epoch; 0 = none runs.
  std::atomic<std::chrono::steady_clock::rep> due_{0};
  std::string trace_;  // of the last error
  std::map<std::string, std::string> defaults_;

  mutable std::mutex names_;
  std::map<std::pair<Kind, std::string>, Function> functions_;  // lower-case names
  std::atomic<bool> changed_{false};
};

}  // namespace nscp::lua_script
