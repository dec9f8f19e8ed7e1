#include <doctest/doctest.h>

#include "workers/check_net/check_http.h"
#include "workers/check_net/check_web_online.h"
#include "workers/check_net/http_options.h"
#include "workers/check_net/json_values.h"

namespace nscp::check_net {
namespace {

Result<HttpPlan> Plan(const std::vector<std::string>& arguments) {
  const HttpCheck check;
  const auto outcome = check.check().options().Parse(arguments);
  REQUIRE(std::holds_alternative<checks::Arguments>(outcome));
  return ReadHttpPlan(std::get<checks::Arguments>(outcome), {});
}

std::string Refusal(const std::vector<std::string>& arguments) {
  const auto plan = Plan(arguments);
  return plan.ok() ? "" : plan.status().message();
}

}  // namespace

TEST_CASE("a URL is built of its parts") {
  struct Row {
    std::vector<std::string> arguments;
    const char* url;
  };
  const Row rows[] = {
      {{"host=h"}, "http://h:80/"},
      {{"host=h", "ssl"}, "https://h:443/"},
      {{"host=h", "protocol=HTTPS", "port=8443", "path=x?y"}, "https://h:8443/x?y"},
      {{"host=::1", "path=/a"}, "http://[::1]:80/a"},
      {{"url=http://u/", "host=h"}, "http://u/"},
  };
  for (const Row& row : rows) {
    const auto plan = Plan(row.arguments);
    REQUIRE(plan.ok());
    CHECK(plan->urls == std::vector<std::string>{row.url});
  }
  CHECK(Plan({"url=a", "url=b"})->urls.size() == 2);
}

TEST_CASE("what makes no sense is refused with what would") {
  CHECK(Refusal({}) == "No URL or host specified");
  CHECK(Refusal({"host=h", "protocol=ftp"}) ==
        "Invalid protocol: 'ftp' (expected http or https)");
  CHECK(Refusal({"host=h", "port=70000"}) == "Invalid port: 70000 (expected 1-65535)");
  CHECK(Refusal({"url=u", "onredirect=no"}) ==
        "Invalid onredirect: 'no' (expected ok or follow)");
  CHECK(Refusal({"url=u", "max-redirs=99"}) == "Invalid max-redirs: 99 (expected 0-50)");
  CHECK(Refusal({"url=u", "verify=maybe"}).find("Invalid verify mode: 'maybe'") == 0);
  CHECK(Refusal({"url=u", "address-family=ipx"}).find("Invalid address family: 'ipx'") ==
        0);
  CHECK(Refusal({"url=u", "method=G T"}).find("Invalid method: 'G T'") == 0);
  CHECK(Refusal({"url=u", "header=secret"}) == "Invalid header: expected 'Name: value'");
  CHECK(Refusal({"url=u", "header=A: secret\r\nB: c"}) ==
        "Invalid header A: it has a line end");
  CHECK(Refusal({"url=u", "user-agent=a\nb"}) ==
        "Invalid header User-Agent: it has a line end");
}

TEST_CASE("a request is what the options say") {
  auto plan = Plan({"url=u", "post-data=a=b", "username=me", "password=pw",
                    "header=X-A:  b ", "onredirect=Follow", "sni=name", "verify=none",
                    "tls-version=tlsv1.3", "ca=/some.pem"});
  REQUIRE(plan.ok());
  CHECK(plan->call.method == "POST");
  CHECK(plan->call.body == "a=b");
  CHECK(plan->call.user == "me");
  CHECK(plan->call.password == "pw");
  CHECK(plan->call.headers.back() ==
        std::make_pair(std::string("X-A"), std::string("b")));
  CHECK(plan->call.follow);
  CHECK(plan->call.max_redirects == 15);
  CHECK(plan->call.tls.server_name == "name");
  CHECK_FALSE(plan->call.tls.verify);
  CHECK(plan->call.tls.ca_file == "/some.pem");
  CHECK(Plan({"url=u", "post-data=x", "method=put"})->call.method == "PUT");
  CHECK(Plan({"url=u"})->call.method == "GET");
  CHECK(Plan({"url=u", "verify=peer,single"})->call.tls.verify);
}

TEST_CASE("paths lead to values in JSON") {
  struct Row {
    const char* path;
    std::optional<double> number;
    std::optional<std::string> text;
  };
  const Row rows[] = {
      {"x:a.b", 5, "5"},
      {"x:a.real", 0.25, "0.25"},
      {"x:list.1.n", 7, "7"},
      {"x:a.'dotted.name'", std::nullopt, "text"},
      {"x:yes", 1, "true"},
      {"x:no", 0, "false"},
      {"x:list", 2, "2"},
      {"x:a", 3, "3"},
      {"x:nothing", std::nullopt, std::nullopt},
      {"x:missing.b", std::nullopt, std::nullopt},
      {"x:list.2", std::nullopt, std::nullopt},
      {"x:list.-1", std::nullopt, std::nullopt},
      {"x:list.1x", std::nullopt, std::nullopt},
      {"x:a.b.c", std::nullopt, std::nullopt},
  };
  constexpr char kDocument[] =
      "{\"a\":{\"b\":5,\"real\":0.25,\"dotted.name\":\"text\"},\"list\":[{\"n\":6},{"
      "\"n\":7}],"
      "\"yes\":true,\"no\":false,\"nothing\":null}";
  for (const Row& row : rows) {
    CAPTURE(row.path);
    const auto path = ParseJsonPath(row.path);
    REQUIRE(path.ok());
    const auto values = TakeJsonValues(kDocument, {*path});
    REQUIRE(values.ok());
    CHECK((*values)[0].number == row.number);
    CHECK((*values)[0].text == row.text);
  }
  for (const char* text : {"", "x", "x:", ":a", "1x:a", "a b:c", "a-b:c"}) {
    CHECK_FALSE(ParseJsonPath(text).ok());
  }
  CHECK_FALSE(TakeJsonValues("<html>", {}).ok());
}

TEST_CASE("a name that is a keyword already is refused") {
  const HttpCheck check;
  const auto run = [&](const std::vector<std::string>& arguments) {
    return sdk::FormatPlain(check.Run(arguments, {}));
  };
  CHECK(run({"url=u", "json-path=code:a"}) ==
        "Invalid json-path: the name 'code' is taken; choose another");
  CHECK(run({"url=u", "json-path=a:b", "json-path=a:c"}) ==
        "Invalid json-path: the name 'a' is taken; choose another");
  CHECK(run({"url=u", "json-path=a"}).find("Invalid json-path: 'a'") == 0);
}

TEST_CASE("no text shows a password") {
  const HttpCheck check;
  for (const char* url :
       {"http://me:secret@[bad/", "http://me:secret@127.0.0.1:1/", "me:secret@x"}) {
    const auto result = check.Run(
        {std::string("url=") + url, "detail-syntax=${url} ${result} ${host} ${path}"},
        {});
    CHECK(sdk::FormatPlain(result).find("secret") == std::string::npos);
  }
}

TEST_CASE("another agent is named by a URL or by host and port") {
  const WebOnlineCheck check;
  const auto run = [&](const std::vector<std::string>& arguments) {
    return sdk::FormatPlain(check.Run(arguments, {}));
  };
  CHECK(run({}) == "No host or url specified");
  CHECK(run({"host=h"}) == "Failed to reach https://h:8443: no answer in time");
  CHECK(run({"host=::1", "port=1"}).find("Failed to reach https://[::1]:1: ") == 0);
  CHECK(run({"url=http://h/x"}).find("Failed to reach http://h:8443: ") == 0);
  CHECK(run({"url=https://h:443/x"}).find("Failed to reach https://h:443: ") == 0);
  CHECK(run({"url=https://me:secret@h"}).find("Failed to reach https://h:8443: ") == 0);
  CHECK(run({"url=ftp://h"}).find("the URL begins neither") == 0);
  CHECK(run({"host=h", "timeout=0"}) == "Invalid timeout: 0 (expected 1-600)");
  CHECK(run({"host=h", "password=a\nb"}) == "Invalid password: it has a line end");
}

}  // namespace nscp::check_net
