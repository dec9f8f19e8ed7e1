// POST /query.pb and POST /settings/query.pb.
#include <doctest/doctest.h>

#include "gateway/api/api_fixture.h"
#include "legacy/settings.pb.h"
#include "workers/legacy/query_message.h"

namespace nscp::gateway {
namespace {

constexpr char kQueryRoute[] = "POST /query.pb";
constexpr char kSettingsRoute[] = "POST /settings/query.pb";

legacy::Answers Ask(ApiFixture& f, const legacy::Queries& queries) {
  const Response answer = f.AsAdmin(kQueryRoute, {}, legacy::WriteQueries(queries));
  CHECK(answer.status == 200);
  CHECK(answer.content_type == "application/x-protobuf");
  return legacy::ReadAnswers(answer.body).value();
}

TEST_CASE("queries run in order, for their user, and are answered by their ids") {
  ApiFixture f;
  std::string ran;
  f.kernel.on_Execute = [&](const v1::ExecuteRequest& request) {
    ran += request.command() + ":" + request.caller().principal() + "@" +
           request.caller().client();
    for (const std::string& argument : request.arguments()) ran += " " + argument;
    ran += "|";
    v1::ExecuteResponse response;
    response.mutable_result()->set_code(v1::WARNING);
    response.mutable_result()->set_command("check_x");
    v1::Line& line = *response.mutable_result()->add_lines();
    line.set_message("m \xE4");
    v1::Perf& perf = *line.add_perf();
    perf.set_label("l");
    perf.mutable_number()->set_value(1.25);
    perf.mutable_number()->mutable_warning()->set_range("4:5");
    return response;
  };
  legacy::Queries queries;
  queries.header = legacy::Header{"", "from", "", "", "to", "m1", {}};
  queries.queries = {{7, "CHECK_X", "al", "", {"a=b", "\xFF"}},
                     {9, "second", "", "", {}}};
  const legacy::Answers answers = Ask(f, queries);
  CHECK(ran == "CHECK_X:admin@127.0.0.1 a=b \xFF|second:admin@127.0.0.1|");
  REQUIRE(answers.answers.size() == 2);
  CHECK(answers.header->message_id == "m1");
  CHECK(answers.header->destination == "from");
  CHECK(answers.answers[0].id == 7);
  CHECK(answers.answers[0].alias == "al");
  CHECK(answers.answers[1].id == 9);
  const sdk::CheckResult& result = answers.answers[0].result;
  CHECK(result.state == sdk::State::kWarning);
  CHECK(result.command == "check_x");
  CHECK(result.lines[0].message == "m \xE4");
  CHECK(result.lines[0].perf[0].value == 1.25);
  CHECK(result.lines[0].perf[0].warning->range == "4:5");
}

TEST_CASE("a check that cannot be run is an UNKNOWN result, the next one runs") {
  ApiFixture f;
  f.kernel.on_Execute =
      [](const v1::ExecuteRequest& request) -> Result<v1::ExecuteResponse> {
    if (request.command() == "a") return Status::Unavailable("gone");
    return v1::ExecuteResponse();
  };
  legacy::Queries queries;
  queries.queries = {{1, "a", "", "", {}}, {2, "b", "", "", {}}};
  const legacy::Answers answers = Ask(f, queries);
  CHECK_FALSE(answers.header.has_value());
  CHECK(answers.answers[0].result.state == sdk::State::kUnknown);
  CHECK(answers.answers[0].result.lines[0].message ==
        "Failed to execute command: a (gone)");
  CHECK(answers.answers[1].result.state == sdk::State::kOk);
}

TEST_CASE("results beyond the bound are not run") {
  ApiFixture f;
  f.kernel.on_Execute = [](const auto&) {
    v1::ExecuteResponse response;
    response.mutable_result()->add_lines()->set_message(std::string(4 << 20, 'x'));
    return response;
  };
  legacy::Queries queries;
  for (int32_t i = 0; i < 5; ++i) queries.queries.push_back({i, "c", "", "", {}});
  const legacy::Answers answers = Ask(f, queries);
  CHECK(f.kernel.calls == 3);
  REQUIRE(answers.answers.size() == 5);
  CHECK(answers.answers[4].result.lines[0].message.find("Not run") == 0);
}

TEST_CASE("a body that is no message of queries is the one failure") {
  ApiFixture f;
  for (const std::string& body : {std::string("\xFF\xFF"), std::string()}) {
    const Response answer = f.AsAdmin(kQueryRoute, {}, body);
    CHECK(answer.status == 500);
    CHECK(answer.content_type == "text/plain");
    CHECK(answer.body == "500 Query failed");
  }
  CHECK(f.log[0].find("not a QueryRequestMessage") != std::string::npos);
  CHECK(f.log[1].find("holds no query") != std::string::npos);
}

TEST_CASE("the messages need the grant legacy") {
  ApiFixture f;
  for (const char* line : {kQueryRoute, kSettingsRoute}) {
    CHECK(f.Send(line).status == 403);
    CHECK(f.As("client", line).status == 403);
    CHECK(f.As("legacy", line).status == 500);
  }
}

TEST_CASE("a message of checks may take long, as any check") {
  CHECK(Api::IsLong("POST", "/query.pb"));
  CHECK_FALSE(Api::IsLong("POST", "/settings/query.pb"));
}

using Settings = legacy::wire::SettingsResponseMessage;
using SettingsAsk = legacy::wire::SettingsRequestMessage;

Settings AskSettings(ApiFixture& f, const SettingsAsk& ask) {
  const Response answer = f.AsAdmin(kSettingsRoute, {}, ask.SerializeAsString());
  CHECK(answer.status == 200);
  CHECK(answer.content_type == "application/x-protobuf");
  Settings settings;
  CHECK(settings.ParseFromString(answer.body));
  return settings;
}

// A path, and two below it.
v1::GetSettingsResponse SomeSettings() {
  v1::GetSettingsResponse response;
  for (const auto& [path, key] :
       {std::pair("/a", "k"), std::pair("/a/b", "one"), std::pair("/a/b", "two"),
        std::pair("/a/b/c", "deep")}) {
    v1::SettingEntry& entry = *response.add_entries();
    entry.set_path(path);
    entry.set_key(key);
    entry.set_value("v");
  }
  return response;
}

std::string Nodes(const Settings& settings) {
  std::string text;
  for (const auto& node : settings.payload(0).query().nodes()) {
    text += node.path() + ":" + node.key() + "=" + node.value() + " ";
  }
  return text;
}

TEST_CASE("a key is asked for, with the client's default where there is none") {
  ApiFixture f;
  f.kernel.on_GetSettings = [](const v1::GetSettingsRequest& request) {
    CHECK(request.path() == "/a");
    CHECK_FALSE(request.clear());
    CHECK_FALSE(request.recursive());
    v1::GetSettingsResponse response;
    if (request.key() == "k") response.add_entries()->set_value("***");
    return response;
  };
  SettingsAsk ask;
  ask.mutable_header()->set_message_id("m");
  for (const char* key : {"k", "missing"}) {
    auto& payload = *ask.add_payload();
    payload.set_id(payload.id() + 4);
    payload.mutable_query()->mutable_node()->set_path("/a");
    payload.mutable_query()->mutable_node()->set_key(key);
    payload.mutable_query()->set_default_value("d");
  }
  const Settings settings = AskSettings(f, ask);
  CHECK(settings.header().message_id() == "m");
  REQUIRE(settings.payload_size() == 2);
  CHECK(settings.payload(0).id() == 4);
  CHECK(settings.payload(0).result().code() == legacy::wire::Outcome::STATUS_OK);
  CHECK(settings.payload(0).query().node().value() == "***");
  CHECK(settings.payload(1).query().node().value() == "d");
  CHECK(settings.payload(1).query().node().key() == "missing");
}

TEST_CASE("keys or paths are listed, of one level or of all") {
  ApiFixture f;
  f.kernel.on_GetSettings = [](const auto&) { return SomeSettings(); };
  SettingsAsk ask;
  auto& query = *ask.add_payload()->mutable_query();
  query.mutable_node()->set_path("/a");
  CHECK(Nodes(AskSettings(f, ask)) == "/a/b:= ");
  query.set_recursive(true);
  CHECK(Nodes(AskSettings(f, ask)) == "/a/b:= /a/b/c:= ");
  query.set_include_keys(true);
  CHECK(Nodes(AskSettings(f, ask)) == "/a:k=v /a/b:one=v /a/b:two=v /a/b/c:deep=v ");
  query.set_recursive(false);
  CHECK(Nodes(AskSettings(f, ask)) == "/a:k=v ");
}

TEST_CASE("a key is changed, and only a key") {
  ApiFixture f;
  v1::UpdateSettingsRequest changed;
  f.kernel.on_UpdateSettings = [&](const v1::UpdateSettingsRequest& request) {
    changed = request;
    return v1::UpdateSettingsResponse();
  };
  SettingsAsk ask;
  auto& node = *ask.add_payload()->mutable_update()->mutable_node();
  node.set_path("/a");
  node.set_key("k");
  node.set_value("v");
  ask.add_payload()->mutable_update()->mutable_node()->set_path("/a");
  const Settings settings = AskSettings(f, ask);
  REQUIRE(changed.entries_size() == 1);
  CHECK(changed.entries(0).path() == "/a");
  CHECK(changed.entries(0).value() == "v");
  CHECK_FALSE(changed.persist());
  CHECK(changed.caller().principal() == "admin");
  CHECK(settings.payload(0).has_update());
  CHECK(settings.payload(1).result().code() == legacy::wire::Outcome::STATUS_ERROR);
  CHECK(f.kernel.calls == 1);
}

TEST_CASE("what is registered is told, sensitive defaults masked") {
  ApiFixture f;
  f.kernel.on_DescribeSettings = [](const v1::DescribeSettingsRequest& request) {
    CHECK(request.recursive());
    v1::DescribeSettingsResponse response;
    v1::SettingDescription& path = *response.add_descriptions();
    path.set_path("/a");
    path.set_object(true);
    path.set_registered(true);
    v1::SettingDescription& key = *response.add_descriptions();
    key.set_path("/a");
    key.set_key("password");
    key.set_value("***");
    key.set_registered(true);
    key.add_modules("WEBServer");
    key.mutable_description()->set_type(v1::PASSWORD);
    key.mutable_description()->set_title("T");
    key.mutable_description()->set_default_value("secret");
    return response;
  };
  SettingsAsk ask;
  auto& inventory = *ask.add_payload()->mutable_inventory();
  inventory.set_recursive_fetch(true);
  inventory.set_fetch_keys(true);
  Settings settings = AskSettings(f, ask);
  REQUIRE(settings.payload(0).inventory_size() == 1);
  const auto& info = settings.payload(0).inventory(0).info();
  CHECK(settings.payload(0).inventory(0).node().value() == "***");
  CHECK(info.title() == "T");
  CHECK(info.default_value() == "***");
  CHECK(info.is_sensitive());
  CHECK(info.type() == "password");
  CHECK(info.plugin(0) == "WEBServer");
  inventory.set_fetch_paths(true);
  settings = AskSettings(f, ask);
  CHECK(settings.payload(0).inventory_size() == 2);
  CHECK(settings.payload(0).inventory(0).info().subkey());
  inventory.set_plugin("other");
  CHECK(AskSettings(f, ask).payload(0).inventory_size() == 0);
}

TEST_CASE("the store is saved, read again, reloaded and described") {
  ApiFixture f;
  std::string done;
  f.kernel.on_SaveSettings = [&](const auto&) {
    done += "save ";
    return v1::SaveSettingsResponse();
  };
  f.kernel.on_LoadSettings = [&](const auto&) {
    done += "load ";
    return v1::LoadSettingsResponse();
  };
  f.kernel.on_ReloadHost = [&](const v1::ReloadHostRequest& request) {
    done += "reload " + request.target();
    CHECK(request.delayed());
    return v1::ReloadHostResponse();
  };
  f.kernel.on_GetSettingsStatus = [](const auto&) {
    v1::GetSettingsStatusResponse response;
    response.set_context("ini://x");
    response.set_type("ini");
    response.set_has_changed(true);
    return response;
  };
  SettingsAsk ask;
  for (const auto command : {legacy::wire::SAVE, legacy::wire::LOAD, legacy::wire::RELOAD,
                             legacy::wire::NO_COMMAND}) {
    ask.add_payload()->mutable_control()->set_command(command);
  }
  ask.add_payload()->mutable_status();
  ask.add_payload();
  auto& moved = *ask.add_payload()->mutable_control();
  moved.set_command(legacy::wire::SAVE);
  moved.set_context("ini://elsewhere");
  const Settings settings = AskSettings(f, ask);
  CHECK(done == "save load reload service");
  std::string codes;
  for (const auto& payload : settings.payload()) {
    codes += std::to_string(payload.result().code());
  }
  CHECK(codes == "0002022");
  CHECK(settings.payload(4).status().context() == "ini://x");
  CHECK(settings.payload(4).status().has_changed());
}

TEST_CASE("a body that is no message of settings is the one failure") {
  ApiFixture f;
  SettingsAsk many;
  for (int i = 0; i < 257; ++i) many.add_payload()->mutable_status();
  for (const std::string& body :
       {std::string("\xFF\xFF"), std::string(), many.SerializeAsString()}) {
    const Response answer = f.AsAdmin(kSettingsRoute, {}, body);
    CHECK(answer.status == 500);
    CHECK(answer.body == "500 Query failed");
  }
  CHECK(f.kernel.calls == 0);
}

}  // namespace
}  // namespace nscp::gateway
