#include "workers/lua_script/interpreter.h"

#include "workers/legacy/query_message.h"
#include "workers/lua_script/test_agent.h"

namespace nscp::lua_script {
namespace {

// The body of query "q" and what it answers to the arguments "1" and "two".
struct Row {
  const char* body;
  const char* answer;
};

TEST_CASE("what a function gives becomes a result") {
  const Row rows[] = {
      {"return 'ok', 'm', \"'a'=1;2\"", "OK m|'a'=1;2"},
      {"return 'warn', 'm'", "WARNING m"},
      {"return 'crit', 'm'", "CRITICAL m"},
      {"return 'critical', 'm'", "CRITICAL m"},
      {"return 1, 'm'", "WARNING m"},
      {"return 2.0, 'm'", "CRITICAL m"},
      {"return '0', 'm'", "OK m"},
      {"return 7, 'm'", "UNKNOWN m"},
      {"return 'what', 12.5", "UNKNOWN 12.5"},
      {"return", "UNKNOWN "},
      {"return 'ok', command .. '/' .. #args .. args[2]", "OK q/2two"},
      {"return 'ok', true", "OK true"},
      {"local a, b, p = c:simple_query('x', {'y'}) return a, b, p",
       "WARNING from the agent|'p'=1"},
      {"local a, l = c:simple_exec('M', 'cmd', {}) return a, l[1] .. l[2]", "OK Mcmd"},
      {"local a, b = c:simple_submit('ch', 'svc', 'crit', 'm', \"'z'=3\") "
       "return a and 'ok' or 'crit', b",
       "OK taken"},
      {"local a, b = c:reload('M') return a and 'ok' or 'crit', b",
       "CRITICAL no module M"},
      {"return 'ok', c:expand_path('/p')", "OK /x/p"},
      {"return 'ok', s:get_string('/p', 'gone', 'd') .. s:get_int('/p', 'n', 4) .. "
       "tostring(s:get_bool('/p', 'f', false))",
       "OK d12true"},
      {"s:set_bool('/p', 'f', false) s:set_int('/p', 'i', 9) s:save() "
       "return 'ok', s:get_string('/p', 'f') .. s:get_string('/p', 'i')",
       "OK false9"},
      {"s:register_path('/p', 't', 'd', false) "
       "s:register_key('/p', 'known', 'string', 't', 'd', 'told') "
       "return 'ok', s:get_string('/P', 'KNOWN') .. s:get_string('/p', 'known', 'mine')",
       "OK toldmine"},
      {"return 'ok', table.concat(s:get_section('/p'), ',')", "OK a,b"},
      {"return 'ok', nscp.getSetting('/p', 'gone', 'legacy')", "OK legacy"},
      {"return 'ok', _VERSION", "OK Lua 5.4"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.body);
    TestScript t("r:simple_query('q', function(command, args) " + std::string(row.body) +
                 " end, 'd')");
    t.agent.settings = {{"/p:n", "12"}, {"/p:f", "yes"}};
    CHECK(t.Ask({"1", "two"}) == row.answer);
  }
}

TEST_CASE("errors of a function are UNKNOWN with Lua's text, and the log has the way") {
  const Row rows[] = {
      {"error('no way')", "UNKNOWN "},
      {"local t = nil; return t.x", "attempt to index a nil value (local 't')"},
      {"return s:get_string('/broken', 'x')", "no settings"},
      {"return c:simple_query()", "bad argument"},
      {"return c:simple_query('x', {{}})", "WARNING"},
      {"r:simple_query('', function() end)", "a function needs a name"},
      {"r:simple_query('x', 12)", "function expected"},
      {"return c:query('garbage')", "QueryRequestMessage"},
      {"coroutine.yield()", "attempt to yield"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.body);
    TestScript t("r:simple_query('q', function(command, args) " + std::string(row.body) +
                 " end)");
    const std::string answer = t.Ask();
    CHECK(answer.find(row.answer) != std::string::npos);
  }
  TestScript t(
      "local function deep() error('far') end "
      "r:simple_query('q', function() deep() end)");
  CHECK(t.Ask().find("far") != std::string::npos);
  REQUIRE(t.agent.log.size() == 1);
  CHECK(t.agent.log[0].find("in upvalue 'deep'") != std::string::npos);
}

TEST_CASE("messages of NSClient++ go in and out") {
  TestScript t(
      "r:query('q', function(command, request) "
      "return 'ok', c:query(c:create_pb_query('inner', {'a'})) end) "
      "r:cmdline('e', function(command, request) return request end) "
      "r:subscription('ch', function(channel, request) got = request end) "
      "r:simple_query('got', function() return 'ok', got end)");
  CHECK(t.Ask() == "WARNING from the agent|'p'=1");
  REQUIRE(t.agent.asked.size() == 1);
  CHECK(t.agent.asked[0].command == "inner");
  CHECK(t.script->Exec({"e", {}}, Within(std::chrono::seconds(5))).code == 0);

  sdk::Submission submission;
  submission.channel = "ch";
  submission.alias = "service";
  submission.result = sdk::CheckResult::Of(sdk::State::kCritical, "down");
  CHECK(t.script->Submit(submission, Within(std::chrono::seconds(5))).accepted);
  const auto got = t.script->Query({"got", {}}, Within(std::chrono::seconds(5)));
  const auto read = legacy::ReadSubmission(got.lines.at(0).message);
  REQUIRE(read.ok());
  CHECK(read->channel == "ch");
  REQUIRE(read->answers.size() == 1);
  CHECK(read->answers[0].alias == "service");
  CHECK(read->answers[0].result.lines.at(0).message == "down");
}

TEST_CASE("names are registered in any case, and told") {
  TestScript t(
      "r:simple_query('Check_It', function() return 'ok', '' end, 'Checks it') "
      "r:simple_cmdline('go', function(c, a) return 'warn', a[1] end) "
      "r:simple_subscription('Inbox', function(ch, cmd, code, m) "
      "return false, ch .. cmd .. code .. m['text'] end)");
  CHECK(t.script->Has(Interpreter::Kind::kQuery, "check_it"));
  CHECK_FALSE(t.script->Has(Interpreter::Kind::kExec, "check_it"));
  const auto names = t.script->Names();
  REQUIRE(names.size() == 3);
  CHECK(names[0].name == "Check_It");
  CHECK(names[0].description == "Checks it");
  CHECK(names[1].description == "Lua script: t");
  CHECK(t.script->TakeChanged());
  CHECK_FALSE(t.script->TakeChanged());
  const auto done = t.script->Exec({"go", {"there"}}, Within(std::chrono::seconds(5)));
  CHECK(done.code == 1);
  CHECK(done.output == "there");
  sdk::Submission submission;
  submission.channel = "inbox";
  submission.result = sdk::CheckResult::Of(sdk::State::kOk, "text");
  submission.result.lines[0].perf = sdk::ParsePerf("a=1");
  submission.result.command = "svc";
  const auto answer = t.script->Submit(submission, Within(std::chrono::seconds(5)));
  CHECK_FALSE(answer.accepted);
  CHECK(answer.message == "inboxsvcok'a'=1");
}

TEST_CASE("main and on_start are optional") {
  TestScript none("");
  CHECK(none.script->OnStart(Within(std::chrono::seconds(5))).ok());
  CHECK(none.script->Main({}, Within(std::chrono::seconds(5))).code == 3);
  TestScript both(
      "function on_start() nscp.info('started') end "
      "function main(args) return 'crit', args[1] end");
  CHECK(both.script->OnStart(Within(std::chrono::seconds(5))).ok());
  CHECK(both.agent.log == std::vector<std::string>{"started"});
  const auto ran = both.script->Main({"a"}, Within(std::chrono::seconds(5)));
  CHECK(ran.code == 2);
  CHECK(ran.output == "a");
}

}  // namespace
}  // namespace nscp::lua_script
