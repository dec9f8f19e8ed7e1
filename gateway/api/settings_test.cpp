#include <doctest/doctest.h>

#include "gateway/api/api_fixture.h"

namespace nscp::gateway {
namespace {

TEST_CASE("values are listed for the tree path in the URL, as the kernel masks them") {
  ApiFixture f;
  v1::GetSettingsRequest asked;
  f.kernel.on_GetSettings = [&](const v1::GetSettingsRequest& request) {
    asked = request;
    v1::GetSettingsResponse response;
    v1::SettingEntry& entry = *response.add_entries();
    entry.set_path("/settings/default");
    entry.set_key("password");
    entry.set_value("***");
    return response;
  };
  const struct {
    const char* url;
    const char* path;
  } rows[] = {{"/api/v2/settings/settings/default", "/settings/default"},
              {"/api/v1/settings//settings/check%20helpers/alias/",
               "/settings/check helpers/alias"},
              {"/api/v2/settings", ""},
              {"/api/v2/settings/status/x", "/status/x"}};
  for (const auto& row : rows) {
    CAPTURE(row.url);
    const Response answer = f.AsAdmin(std::string("GET ") + row.url);
    CHECK(answer.body ==
          R"([{"path":"/settings/default","key":"password","value":"***"}])");
    CHECK(asked.path() == row.path);
    CHECK(asked.recursive());
    CHECK_FALSE(asked.clear());
    CHECK(asked.caller().principal() == "admin");
  }
  for (const char* line :
       {"GET /api/v2/settings/x", "PUT /api/v2/settings/x", "DELETE /api/v2/settings/x",
        "POST /api/v2/settings/command", "GET /api/v2/settings/descriptions",
        "GET /api/v2/settings/diff", "GET /api/v2/settings/status"}) {
    CAPTURE(line);
    CHECK(f.As("client", line).status == 403);
    CHECK(f.Send(line).status == 403);
  }
}

TEST_CASE("a description masks values and defaults of what is sensitive") {
  ApiFixture f;
  v1::DescribeSettingsRequest asked;
  f.kernel.on_DescribeSettings = [&](const v1::DescribeSettingsRequest& request) {
    asked = request;
    v1::DescribeSettingsResponse response;
    v1::SettingDescription& path = *response.add_descriptions();
    path.set_path("/p");
    path.set_registered(true);
    path.set_object(true);
    path.mutable_description()->set_title("T");
    path.add_modules("M");
    v1::SettingDescription& secret = *response.add_descriptions();
    secret.set_path("/p");
    secret.set_key("password");
    secret.set_registered(true);
    secret.set_value("***");
    secret.set_has_value(true);
    secret.mutable_description()->set_type(v1::PASSWORD);
    secret.mutable_description()->set_default_value("pbkdf2-sha256$x");
    v1::SettingDescription& number = *response.add_descriptions();
    number.set_path("/p");
    number.set_key("n");
    number.set_registered(true);
    number.mutable_description()->set_type(v1::INT);
    number.mutable_description()->set_default_value("10");
    v1::SettingDescription& stray = *response.add_descriptions();
    stray.set_path("/p");
    stray.set_key("s");
    stray.set_value("v");
    stray.set_has_value(true);
    return response;
  };
  const std::string no = R"("is_sample_key":false,"is_template_key":false,)";
  CHECK(
      f.AsAdmin("GET /api/v2/settings/descriptions/p").body ==
      R"([{"path":"/p","key":"","type":"folder","title":"T","description":"","icon":"",)"
      R"("sample_usage":"","default_value":"","is_advanced_key":false,)" +
          no +
          R"("is_object":true,"plugins":["M"]},)"
          R"({"path":"/p","key":"password","value":"***","type":"password","title":"",)"
          R"("description":"","icon":"","sample_usage":"","default_value":"***",)"
          R"("is_advanced_key":false,)" +
          no +
          R"("is_object":false,"plugins":[]},)"
          R"({"path":"/p","key":"n","value":"10","type":"int","title":"","description":"",)"
          R"("icon":"","sample_usage":"","default_value":"10","is_advanced_key":false,)" +
          no +
          R"("is_object":false,"plugins":[]},)"
          R"({"path":"/p","key":"s","value":"v","type":"","title":"","description":"",)"
          R"("icon":"","sample_usage":"","default_value":"","is_advanced_key":true,)" +
          no + R"("is_object":false,"plugins":[]}])");
  CHECK(asked.path() == "/p");
  CHECK(asked.recursive());
  CHECK_FALSE(asked.samples());
  f.AsAdmin("GET /api/v2/settings/descriptions?recursive=false&samples=true");
  CHECK(asked.path().empty());
  CHECK_FALSE(asked.recursive());
  CHECK(asked.samples());
  f.kernel.on_DescribeSettings = [](const auto&) {
    return v1::DescribeSettingsResponse();
  };
  Response answer = f.AsAdmin("GET /api/v2/settings/descriptions/no/such");
  CHECK(answer.status == 404);
  CHECK(answer.body == "Key not found: /no/such");
  f.kernel.on_DescribeSettings = [](const auto&) -> Result<v1::DescribeSettingsResponse> {
    return Status::NotFound("x");
  };
  CHECK(f.AsAdmin("GET /api/v2/settings/descriptions").body == "Key not found: ");
}

TEST_CASE("PUT writes to memory what the body says, in one batch") {
  ApiFixture f;
  std::string got;
  f.kernel.on_UpdateSettings = [&](const v1::UpdateSettingsRequest& request) {
    CHECK_FALSE(request.persist());
    got.clear();
    for (const v1::SettingEntry& entry : request.entries()) {
      got += entry.path() + ":" + entry.key() + "=" + entry.value() + ";";
    }
    v1::UpdateSettingsResponse response;
    response.set_keys(static_cast<uint32_t>(request.entries_size()));
    return response;
  };
  const struct {
    const char* url;
    const char* body;
    int status;
    const char* answer;
    const char* written;
  } rows[] = {
      {"/a", R"([{"key":"k","value":"v"}])", 200, R"({"status":"success","keys":1})",
       "/a:k=v;"},
      {"/a/b", R"({"path":"/c","key":"k","value":"v"})", 200,
       R"({"status":"success","keys":1})", "/c:k=v;"},
      {"",
       R"([{"path":"/c","key":"k","value":123},{"path":"/c","key":"l","value":true}])",
       200, R"({"status":"success","keys":2})", "/c:k=123;/c:l=true;"},
      {"/a", R"({"path":"","key":"k"})", 200, R"({"status":"success","keys":1})",
       "/a:k=;"},
      {"/a", "", 400, "Problems parsing JSON", ""},
      {"/a", "{", 400, "Problems parsing JSON", ""},
      {"/a", R"({"key":"k","key":"l"})", 400, "Problems parsing JSON", ""},
      {"/a", R"({"value":"v"})", 400, "Key is required", ""},
      {"/a", R"([{"key":"k"},7])", 400, "Expected an object in the array", ""},
      {"/a", "7", 400, "Expected an object or an array of objects", ""},
      {"/a", R"({"key":"k","value":null})", 422,
       "The field \"value\" must be a string, a number or a boolean", ""},
      {"/a", R"({"key":"k","value":{}})", 422,
       "The field \"value\" must be a string, a number or a boolean", ""},
      {"/a", R"({"key":7,"value":""})", 422, "The field \"key\" must be a string", ""},
      {"/a", R"({"path":[],"key":"k"})", 422, "The field \"path\" must be a string", ""},
      {"", R"({"key":"k","value":"v"})", 422,
       "The field \"path\" must be given in the body or in the URL", ""},
  };
  for (const auto& row : rows) {
    CAPTURE(row.body);
    got.clear();
    const Response answer =
        f.AsAdmin(std::string("PUT /api/v2/settings") + row.url, {}, row.body);
    CHECK(answer.status == row.status);
    CHECK(answer.body == row.answer);
    CHECK(got == row.written);
  }
}

TEST_CASE("DELETE removes a key, a path, or what the body lists") {
  ApiFixture f;
  std::string got;
  f.kernel.on_DeleteSettings = [&](const v1::DeleteSettingsRequest& request) {
    got.clear();
    for (const auto& removal : request.removals()) {
      got += removal.path() + ":" + removal.key() + (removal.recursive() ? "+;" : ";");
    }
    v1::DeleteSettingsResponse response;
    response.set_keys(4);
    return response;
  };
  const std::string done = R"({"status":"success","keys":4,"recursive":true})";
  const struct {
    const char* url;
    const char* body;
    int status;
    std::string answer;
    const char* removed;
  } rows[] = {
      {"/a?key=k", "", 200, done, "/a:k+;"},
      {"/a/b", "", 200, done, "/a/b:+;"},
      {"/a?recursive=false", "", 200,
       R"({"status":"success","keys":4,"recursive":false})", "/a:;"},
      {"/a", R"([{"key":"k"},{"path":"/c"}])", 200, done, "/a:k+;/c:+;"},
      {"/rev", "[{}]", 200, done, "/rev:+;"},
      {"", R"({"path":"/c","key":"k"})", 200, done, "/c:k+;"},
      {"", "", 400, "DELETE requires a path; pass ?key= to remove a single key", ""},
      {"", "[{}]", 400, "DELETE entry requires either a path or a key", ""},
      {"", "{", 400, "Problems parsing JSON", ""},
      {"/a", R"({"key":1})", 422, "The field \"key\" must be a string", ""},
  };
  for (const auto& row : rows) {
    CAPTURE(row.url);
    CAPTURE(row.body);
    got.clear();
    const Response answer =
        f.AsAdmin(std::string("DELETE /api/v2/settings") + row.url, {}, row.body);
    CHECK(answer.status == row.status);
    CHECK(answer.body == row.answer);
    CHECK(got == row.removed);
  }
}

TEST_CASE("commands save, load and reload, and nothing else") {
  ApiFixture f;
  std::string done;
  f.kernel.on_SaveSettings = [&](const auto&) {
    done = "save";
    return v1::SaveSettingsResponse();
  };
  f.kernel.on_LoadSettings = [&](const auto&) {
    done = "load";
    return v1::LoadSettingsResponse();
  };
  f.kernel.on_ReloadHost = [&](const v1::ReloadHostRequest& request) {
    done = "reload " + request.target() + (request.delayed() ? " later" : "");
    return v1::ReloadHostResponse();
  };
  const struct {
    const char* body;
    int status;
    const char* answer;
    const char* done;
  } rows[] = {
      {R"({"command":"save"})", 200, R"({"status":"success"})", "save"},
      {R"({"command":"load"})", 200, R"({"status":"success"})", "load"},
      {R"({"command":"reload"})", 200, R"({"status":"success"})", "reload service later"},
      {R"({"command":"drop"})", 404, "Unknown command: drop", ""},
      {"{}", 422, "The field \"command\" must be save, load or reload", ""},
      {"", 400, "Problems parsing JSON", ""},
  };
  for (const auto& row : rows) {
    CAPTURE(row.body);
    done.clear();
    const Response answer = f.AsAdmin("POST /api/v2/settings/command", {}, row.body);
    CHECK(answer.status == row.status);
    CHECK(answer.body == row.answer);
    CHECK(done == row.done);
  }
  f.kernel.on_ReloadHost = nullptr;
  const Response refused =
      f.AsAdmin("POST /api/v2/settings/command", {}, R"({"command":"reload"})");
  CHECK(refused.status == 500);
  CHECK(refused.body == "500 Query failed");
}

TEST_CASE("status and differences carry the kernel's words") {
  ApiFixture f;
  f.kernel.on_GetSettingsStatus = [](const auto&) {
    v1::GetSettingsStatusResponse response;
    response.set_context("ini://${shared-path}/nsclient.ini");
    response.set_type("ini");
    response.set_has_changed(true);
    return response;
  };
  CHECK(
      f.AsAdmin("GET /api/v2/settings/status").body ==
      R"({"context":"ini://${shared-path}/nsclient.ini","type":"ini","has_changed":true})");
  v1::DiffSettingsRequest asked;
  f.kernel.on_DiffSettings = [&](const v1::DiffSettingsRequest& request) {
    asked = request;
    v1::DiffSettingsResponse response;
    v1::SettingDifference& item = *response.add_differences();
    item.set_path("/p");
    item.set_key("k");
    item.set_new_value("n");
    item.set_change(v1::SettingDifference::PATH_ADDED);
    return response;
  };
  CHECK(f.AsAdmin("GET /api/v2/settings/diff?path=/p&recursive=false").body ==
        R"({"entries":[{"path":"/p","key":"k","old_value":"","new_value":"n",)"
        R"("change_type":"path_added","is_sensitive":false}],"count":1})");
  CHECK(asked.path() == "/p");
  CHECK_FALSE(asked.recursive());
}

}  // namespace
}  // namespace nscp::gateway
