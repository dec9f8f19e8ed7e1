// nscp and Core().
#include <algorithm>
#include <lua.hpp>
#include <thread>

#include "proto/cpp/text.h"
#include "workers/legacy/query_message.h"
#include "workers/lua_script/api.h"
#include "workers/lua_script/interpreter.h"
#include "workers/lua_script/values.h"

namespace nscp::lua_script {
namespace {

constexpr std::chrono::milliseconds kNap{20};
// In an object's method the object itself is the first argument.
constexpr int kFirst = 2;

// All arguments of a call, as print has them.
std::string AllTexts(lua_State* lua) {
  std::string text;
  for (int index = 1; index <= lua_gettop(lua); ++index) {
    size_t length = 0;
    const char* part = luaL_tolstring(lua, index, &length);
    text += (index > 1 ? "\t" : "") + std::string(part, length);
    lua_pop(lua, 1);
  }
  return text;
}

template <sdk::LogLevel kLevel>
int LogLine(lua_State* lua) {
  Interpreter::Of(lua).agent().Log(kLevel, AllTexts(lua));
  return 0;
}

int Sleep(lua_State* lua) {
  const lua_Integer wanted = std::max<lua_Integer>(luaL_checkinteger(lua, 1), 0);
  Interpreter& interpreter = Interpreter::Of(lua);
  const Visit& visit = interpreter.visit();
  const auto end =
      std::min(visit.deadline,
               std::chrono::steady_clock::now() +
                   std::chrono::milliseconds(std::min<lua_Integer>(wanted, 3600 * 1000)));
  {
    const Interpreter::Away away(interpreter);
    while (std::chrono::steady_clock::now() < end && !visit.over()) {
      std::this_thread::sleep_for(std::min<std::chrono::steady_clock::duration>(
          kNap, end - std::chrono::steady_clock::now()));
    }
  }
  if (visit.over()) luaL_error(lua, "the time for this call is over");
  return 0;
}

int GetSetting(lua_State* lua) {
  Interpreter& interpreter = Interpreter::Of(lua);
  const auto found = interpreter.agent().Get(TextAt(lua, 1), TextAt(lua, 2));
  if (!found.ok()) luaL_error(lua, "%s", found.status().message().c_str());
  PushText(lua, found->has_value() ? **found : TextAt(lua, 3));
  return 1;
}

sdk::CheckResult Ask(Interpreter& interpreter, const sdk::Query& query) {
  const Visit& visit = interpreter.visit();
  const Interpreter::Away away(interpreter);
  return interpreter.agent().Run(visit, query);
}

int SimpleQuery(lua_State* lua) {
  const sdk::Query query{luaL_checkstring(lua, kFirst), WordsAt(lua, kFirst + 1)};
  const sdk::CheckResult result = Ask(Interpreter::Of(lua), query);
  PushState(lua, result.state);
  PushText(lua, MessageOf(result));
  PushText(lua, PerfOf(result));
  return 3;
}

int CreateQuery(lua_State* lua) {
  legacy::Queries queries;
  queries.queries.push_back(
      {0, luaL_checkstring(lua, kFirst), "", "", WordsAt(lua, kFirst + 1)});
  PushText(lua, legacy::WriteQueries(queries));
  return 1;
}

int RawQuery(lua_State* lua) {
  const auto asked = legacy::ReadQueries(TextAt(lua, kFirst));
  if (!asked.ok()) luaL_error(lua, "%s", asked.status().message().c_str());
  legacy::Answers answers;
  for (const legacy::Query& query : asked->queries) {
    answers.answers.push_back(legacy::AnswerTo(
        query, Ask(Interpreter::Of(lua), {query.command, query.arguments})));
  }
  PushText(lua, legacy::WriteAnswers(answers));
  return 1;
}

int SimpleExec(lua_State* lua) {
  const std::string target = luaL_checkstring(lua, kFirst);
  const sdk::Query command{luaL_checkstring(lua, kFirst + 1), WordsAt(lua, kFirst + 2)};
  Interpreter& interpreter = Interpreter::Of(lua);
  sdk::ExecAnswer answer;
  {
    const Visit& visit = interpreter.visit();
    const Interpreter::Away away(interpreter);
    answer = interpreter.agent().Exec(visit, target, command);
  }
  lua_pushinteger(lua, answer.code);
  PushState(lua, StateAt(lua, -1));
  PushWords(lua, Split(answer.output, '\n'));
  return 2;
}

int SimpleSubmit(lua_State* lua) {
  sdk::Submission submission;
  submission.channel = luaL_checkstring(lua, kFirst);
  const std::string command = luaL_checkstring(lua, kFirst + 1);
  submission.result = ResultOf(StateAt(lua, kFirst + 2), TextAt(lua, kFirst + 3),
                               TextAt(lua, kFirst + 4));
  submission.result.command = command;
  Interpreter& interpreter = Interpreter::Of(lua);
  sdk::SubmitAnswer answer;
  {
    const Visit& visit = interpreter.visit();
    const Interpreter::Away away(interpreter);
    answer = interpreter.agent().Submit(visit, submission);
  }
  lua_pushboolean(lua, answer.accepted ? 1 : 0);
  PushText(lua, answer.message);
  return 2;
}

// Of what can fail and gives nothing: true, or false and why.
int Outcome(lua_State* lua, const Status& status) {
  lua_pushboolean(lua, status.ok() ? 1 : 0);
  PushText(lua, status.message());
  return 2;
}

int Reload(lua_State* lua) {
  return Outcome(lua, Interpreter::Of(lua).agent().Reload(luaL_checkstring(lua, kFirst)));
}

int LogAt(lua_State* lua) {
  const std::string level = ToLowerAscii(TextAt(lua, kFirst));
  sdk::LogLevel known = sdk::LogLevel::kInfo;
  if (level == "critical") known = sdk::LogLevel::kCritical;
  if (level == "error") known = sdk::LogLevel::kError;
  if (level == "warning" || level == "warn") known = sdk::LogLevel::kWarning;
  if (level == "debug") known = sdk::LogLevel::kDebug;
  if (level == "trace") known = sdk::LogLevel::kTrace;
  Interpreter::Of(lua).agent().Log(known, TextAt(lua, kFirst + 1));
  return 0;
}

int ExpandPath(lua_State* lua) {
  const auto path = Interpreter::Of(lua).agent().ExpandPath(TextAt(lua, kFirst));
  if (!path.ok()) luaL_error(lua, "%s", path.status().message().c_str());
  PushText(lua, *path);
  return 1;
}

}  // namespace

void OpenNscp(lua_State* lua) {
  const luaL_Reg functions[] = {{"print", LogLine<sdk::LogLevel::kInfo>},
                                {"info", LogLine<sdk::LogLevel::kInfo>},
                                {"error", LogLine<sdk::LogLevel::kError>},
                                {"debug", LogLine<sdk::LogLevel::kDebug>},
                                {"sleep", Sleep},
                                {"getSetting", GetSetting},
                                {nullptr, nullptr}};
  luaL_newlib(lua, functions);
  lua_setglobal(lua, "nscp");
  lua_register(lua, "print", LogLine<sdk::LogLevel::kInfo>);
}

void OpenCore(lua_State* lua) {
  const luaL_Reg methods[] = {{"simple_query", SimpleQuery},
                              {"query", RawQuery},
                              {"create_pb_query", CreateQuery},
                              {"simple_exec", SimpleExec},
                              {"simple_submit", SimpleSubmit},
                              {"reload", Reload},
                              {"log", LogAt},
                              {"expand_path", ExpandPath},
                              {nullptr, nullptr}};
  PushMaker(lua, methods);
  lua_setglobal(lua, "Core");
}

}  // namespace nscp::lua_script
