#include "workers/lua_script/interpreter.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <lua.hpp>

#include "proto/cpp/text.h"
#include "workers/legacy/query_message.h"
#include "workers/lua_script/api.h"
#include "workers/lua_script/values.h"

namespace nscp::lua_script {
namespace {

// What one visit leaves on Lua's stacks is bounded by this and by Lua's own limit.
constexpr int kStack = 64;

std::string WithAlias(const Script& script, std::string_view text) {
  return "Lua script " + script.alias + ": " + std::string(text);
}

Status NotInTime(const Script& script) {
  return Status::DeadlineExceeded(
      WithAlias(script, "it did not end in time and was stopped"));
}

Result<std::string> ReadSource(const std::string& file) {
  std::ifstream in(std::filesystem::u8path(file), std::ios::binary);
  if (!in) return Status::NotFound("reading " + file + ": no such file, or not readable");
  std::string text(Interpreter::kMaxSource + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(in.gcount()));
  if (in.bad()) return Status::Unavailable("reading " + file + " failed");
  if (text.size() > Interpreter::kMaxSource) {
    return Status::ResourceExhausted(file + " is larger than " +
                                     std::to_string(Interpreter::kMaxSource) + " bytes");
  }
  return text;
}

}  // namespace

Interpreter::Interpreter(Script script, Agent& agent)
    : script_(std::move(script)), agent_(agent) {}

Interpreter::~Interpreter() {
  if (main_ != nullptr) lua_close(main_);
}

// Lua's allocator (lua_Alloc): `old_size` of a new block is a type and no size.
void* Interpreter::Allocate(void* self, void* block, size_t old_size, size_t new_size) {
  size_t& used = static_cast<Interpreter*>(self)->memory_;
  if (block == nullptr) old_size = 0;
  if (new_size == 0) {
    std::free(block);
    used -= old_size;
    return nullptr;
  }
  if (new_size > old_size && used - old_size + new_size > kMaxMemory) return nullptr;
  void* const moved = std::realloc(block, new_size);
  if (moved != nullptr) used += new_size - old_size;
  return moved;
}

Interpreter& Interpreter::Of(lua_State* lua) {
  // Each of Lua's threads begins with a copy of the main one's.
  return **static_cast<Interpreter**>(lua_getextraspace(lua));
}

void Interpreter::Hook(lua_State* lua, lua_Debug*) {
  const Interpreter& self = Of(lua);
  if (self.visit_ == nullptr || !self.visit_->over()) {
    // A coroutine may come from a visit whose time was over.
    if (lua_gethookcount(lua) != kHookEvery) {
      lua_sethook(lua, Hook, LUA_MASKCOUNT, kHookEvery);
    }
    return;
  }
  lua_sethook(lua, Hook, LUA_MASKCOUNT, 1);
  luaL_error(lua, "the time for this call is over");
}

int Interpreter::OpenAll(lua_State* lua) {
  luaL_openlibs(lua);
  OpenNscp(lua);
  OpenCore(lua);
  OpenRegistry(lua);
  OpenSettings(lua);
  const std::string& library = Of(lua).library_;
  lua_getglobal(lua, "package");
  PushText(lua,
           library + "/?.lua;" + library + "/lib/?.lua;" + library + "/lib/?/init.lua");
  lua_setfield(lua, -2, "path");
  lua_pop(lua, 1);
  OpenFences(lua);
  return 0;
}

Status Interpreter::Open(const std::string& library) {
  library_ = library;
  main_ = lua_newstate(Allocate, this);
  if (main_ == nullptr) {
    return Status::ResourceExhausted(WithAlias(script_, "no memory for an interpreter"));
  }
  *static_cast<Interpreter**>(lua_getextraspace(main_)) = this;
  lua_sethook(main_, Hook, LUA_MASKCOUNT, kHookEvery);
  lua_pushcfunction(main_, OpenAll);
  if (lua_pcall(main_, 0, 0, 0) != LUA_OK) {
    const char* text = lua_tostring(main_, -1);
    return Status::Internal(WithAlias(script_, text != nullptr ? text : "opening it"));
  }
  return Status::Ok();
}

// A thread for one visit, kept from the collector by the registry; its address is the
// answer.
int Interpreter::MakeThread(lua_State* lua) {
  lua_State* const thread = lua_newthread(lua);
  lua_rawsetp(lua, LUA_REGISTRYINDEX, thread);
  lua_pushlightuserdata(lua, thread);
  return 1;
}

int Interpreter::CallWork(lua_State* lua) {
  const Work& work = *static_cast<const Work*>(lua_touserdata(lua, 1));
  lua_settop(lua, 0);
  luaL_checkstack(lua, kStack, "for a call");
  work(lua);
  return 0;
}

// The message handler: the error as text, and the way to it for the log.
int Interpreter::Explain(lua_State* lua) {
  // Text as it is: an error of the hook must run nothing of the script's (fences.cpp).
  if (lua_type(lua, 1) == LUA_TSTRING) {
    lua_pushvalue(lua, 1);
  } else {
    luaL_tolstring(lua, 1, nullptr);
  }
  const char* const text = lua_tostring(lua, -1);
  luaL_traceback(lua, lua, text, 1);
  Of(lua).trace_ = lua_tostring(lua, -1);
  lua_pop(lua, 1);
  return 1;
}

void Interpreter::Occupy(const Visit* visit) {
  visit_ = visit;
  due_ = visit == nullptr ? 0 : visit->deadline.time_since_epoch().count();
}

bool Interpreter::Stuck() const {
  const std::chrono::steady_clock::duration due(due_.load());
  return due.count() != 0 &&
         std::chrono::steady_clock::now().time_since_epoch() > due + kStuck;
}

Status Interpreter::Protected(const Visit& visit, const Work& work) {
  const std::unique_lock<std::timed_mutex> lock(running_, visit.deadline);
  if (!lock.owns_lock()) {
    return Status::DeadlineExceeded(
        WithAlias(script_, "it is busy with another call that does not end"));
  }
  lua_pushcfunction(main_, MakeThread);
  if (lua_pcall(main_, 0, 1, 0) != LUA_OK) {
    lua_settop(main_, 0);
    return Status::ResourceExhausted(WithAlias(script_, "not enough memory"));
  }
  auto* const thread = static_cast<lua_State*>(lua_touserdata(main_, -1));
  lua_settop(main_, 0);

  Occupy(&visit);
  trace_.clear();
  lua_pushcfunction(thread, Explain);
  lua_pushcfunction(thread, CallWork);
  lua_pushlightuserdata(thread, const_cast<Work*>(&work));
  const int outcome = lua_pcall(thread, 1, 0, 1);
  Status status;
  if (outcome != LUA_OK) {
    const char* const text = lua_tostring(thread, -1);
    status = Status::Internal(text != nullptr ? text : "an error without a text");
    if (!trace_.empty()) agent_.Log(sdk::LogLevel::kError, WithAlias(script_, trace_));
    if (visit.over()) status = NotInTime(script_);
  }
  Occupy(nullptr);
  lua_pushnil(main_);
  lua_rawsetp(main_, LUA_REGISTRYINDEX, thread);
  // Lua's own buffers do not ask the collector before they give up.
  if (memory_ > kMaxMemory / 2) lua_gc(main_, LUA_GCCOLLECT);
  return status;
}

Interpreter::Away::Away(Interpreter& interpreter)
    : interpreter_(interpreter), visit_(interpreter.visit_) {
  interpreter_.Occupy(nullptr);
  interpreter_.running_.unlock();
}

Interpreter::Away::~Away() {
  interpreter_.running_.lock();
  interpreter_.Occupy(visit_);
}

Result<std::shared_ptr<Interpreter>> Interpreter::Load(const Script& script,
                                                       const std::string& library,
                                                       Agent& agent, const Visit& visit) {
  ASSIGN_OR_RETURN(const std::string source, ReadSource(script.file));
  std::shared_ptr<Interpreter> made(new Interpreter(script, agent));
  RETURN_IF_ERROR(made->Open(library));
  RETURN_IF_ERROR(made->Protected(visit, [&](lua_State* lua) {
    const std::string name = "@" + script.file;
    size_t begin = 0;
    if (StartsWith(source, "#")) begin = std::min(source.find('\n'), source.size());
    if (luaL_loadbufferx(lua, source.data() + begin, source.size() - begin, name.c_str(),
                         "t") != LUA_OK) {
      lua_error(lua);
    }
    lua_call(lua, 0, 0);
  }));
  return made;
}

std::vector<Interpreter::Name> Interpreter::Names() const {
  const std::lock_guard<std::mutex> lock(names_);
  std::vector<Name> names;
  for (const auto& [key, function] : functions_) names.push_back(function.name);
  return names;
}

Status Interpreter::Register(lua_State* lua, Function function) {
  const std::pair<Kind, std::string> key{function.name.kind,
                                         ToLowerAscii(function.name.name)};
  if (key.second.empty()) return Status::InvalidArgument("a function needs a name");
  function.reference = luaL_ref(lua, LUA_REGISTRYINDEX);
  const std::lock_guard<std::mutex> lock(names_);
  if (functions_.size() >= kMaxNames && functions_.count(key) == 0) {
    return Status::ResourceExhausted("a script may register " +
                                     std::to_string(kMaxNames) + " names");
  }
  functions_[key] = std::move(function);
  changed_ = true;
  return Status::Ok();
}

Result<Interpreter::Function> Interpreter::Find(Kind kind,
                                                const std::string& name) const {
  const std::lock_guard<std::mutex> lock(names_);
  const auto found = functions_.find({kind, ToLowerAscii(name)});
  if (found != functions_.end()) return found->second;
  return Status::NotFound(WithAlias(script_, "it has no function for " + name));
}

sdk::CheckResult Interpreter::Query(const sdk::Query& query, const Visit& visit) {
  const auto function = Find(Kind::kQuery, query.command);
  if (!function.ok()) return sdk::CheckResult::Unknown(function.status().message());
  sdk::CheckResult result;
  std::string message;
  const Status done = Protected(visit, [&](lua_State* lua) {
    lua_rawgeti(lua, LUA_REGISTRYINDEX, function->reference);
    PushText(lua, query.command);
    if (function->simple) {
      PushWords(lua, query.arguments);
      lua_call(lua, 2, 3);
      result = ResultOf(StateAt(lua, 1), TextAt(lua, 2), TextAt(lua, 3));
      return;
    }
    legacy::Queries asked;
    asked.queries.push_back({0, query.command, "", "", query.arguments});
    PushText(lua, legacy::WriteQueries(asked));
    lua_call(lua, 2, 2);
    // The message alone, or its state before it.
    message = TextAt(lua, lua_isnoneornil(lua, 2) ? 1 : 2);
    const auto answers = legacy::ReadAnswers(message);
    if (!answers.ok() || answers->answers.size() != 1) {
      luaL_error(lua, "the function for %s gave no QueryResponseMessage of one answer",
                 query.command.c_str());
    }
    result = answers->answers[0].result;
  });
  return done.ok() ? result : sdk::CheckResult::Unknown(done.message());
}

sdk::ExecAnswer Interpreter::Exec(const sdk::Query& command, const Visit& visit) {
  const auto function = Find(Kind::kExec, command.command);
  if (!function.ok()) return {1, function.status().message()};
  sdk::ExecAnswer answer;
  const Status done = Protected(visit, [&](lua_State* lua) {
    lua_rawgeti(lua, LUA_REGISTRYINDEX, function->reference);
    PushText(lua, command.command);
    if (function->simple) {
      PushWords(lua, command.arguments);
      lua_call(lua, 2, 2);
      answer = {static_cast<int>(StateAt(lua, 1)), TextAt(lua, 2)};
      return;
    }
    PushText(lua, legacy::WriteCommand({0, command.command, command.arguments}));
    lua_call(lua, 2, 2);
    const auto read =
        legacy::ReadCommandAnswer(TextAt(lua, lua_isnoneornil(lua, 2) ? 1 : 2));
    if (!read.ok()) luaL_error(lua, "%s", read.status().message().c_str());
    answer = {static_cast<int>(read->state), read->message};
  });
  return done.ok() ? answer : sdk::ExecAnswer{3, done.message()};
}

sdk::SubmitAnswer Interpreter::Submit(const sdk::Submission& submission,
                                      const Visit& visit) {
  const auto function = Find(Kind::kChannel, submission.channel);
  if (!function.ok()) return {false, function.status().message()};
  const sdk::CheckResult& result = submission.result;
  sdk::SubmitAnswer answer;
  const Status done = Protected(visit, [&](lua_State* lua) {
    lua_rawgeti(lua, LUA_REGISTRYINDEX, function->reference);
    PushText(lua, submission.channel);
    if (!function->simple) {
      PushText(lua, legacy::WriteSubmission(
                        {submission.channel,
                         {{0, submission.alias, submission.source, {}, result}}}));
      lua_call(lua, 2, 2);
    } else {
      PushText(lua, submission.alias.empty() ? result.command : submission.alias);
      PushState(lua, result.state);
      lua_newtable(lua);
      for (const sdk::Line& line : result.lines) {
        PushText(lua, line.message);
        PushText(lua, sdk::FormatPerf(line.perf));
        lua_rawset(lua, -3);
      }
      lua_call(lua, 4, 2);
    }
    // A function that says nothing has taken it.
    answer = {lua_isnoneornil(lua, 1) || lua_toboolean(lua, 1) != 0, TextAt(lua, 2)};
  });
  return done.ok() ? answer : sdk::SubmitAnswer{false, done.message()};
}

Status Interpreter::OnStart(const Visit& visit) {
  return Protected(visit, [](lua_State* lua) {
    if (lua_getglobal(lua, "on_start") == LUA_TFUNCTION) lua_call(lua, 0, 0);
  });
}

sdk::ExecAnswer Interpreter::Main(const std::vector<std::string>& arguments,
                                  const Visit& visit) {
  sdk::ExecAnswer answer;
  const Status done = Protected(visit, [&](lua_State* lua) {
    if (lua_getglobal(lua, "main") != LUA_TFUNCTION) {
      answer = {3, WithAlias(script_, "it has no function main(args)")};
      return;
    }
    PushWords(lua, arguments);
    lua_call(lua, 1, 2);
    if (lua_isnoneornil(lua, 1)) return;
    answer = {static_cast<int>(StateAt(lua, 1)), TextAt(lua, 2)};
  });
  return done.ok() ? answer : sdk::ExecAnswer{3, done.message()};
}

}  // namespace nscp::lua_script
