// The streams of the log and of the events: what they say, who may listen, and when they
// end.
#include <doctest/doctest.h>

#include <thread>

#include "gateway/api/api_fixture.h"
#include "gateway/api/streams.h"

namespace nscp::gateway {
namespace {

v1::WatchLogsResponse Entry(uint64_t index, const char* message) {
  v1::WatchLogsResponse response;
  v1::LogEntry& entry = *response.add_entries();
  entry.set_index(index);
  entry.set_level(v1::LOG_WARNING);
  entry.set_message(message);
  entry.set_file("f");
  entry.set_line(3);
  return response;
}

// What waits in the stream, with the date of entries taken out.
std::string Sent(const Response& response) {
  REQUIRE(response.stream != nullptr);
  std::string text = response.stream->Take().bytes;
  const size_t date = text.find("\"date\":\"");
  if (date != std::string::npos) text.erase(date, 30);
  return text;
}

// Ends with the client, as the HTTP server tells it.
struct Open {
  explicit Open(Response opened) : response(std::move(opened)) {}
  ~Open() {
    if (response.stream) response.stream->Gone();
  }
  Open(const Open&) = delete;
  Open& operator=(const Open&) = delete;
  Response response;
};

TEST_CASE("a stream says where it begins, and then each entry with its id") {
  ApiFixture f;
  const Open open(f.AsAdmin("GET /api/v2/logs/stream"));
  CHECK(open.response.status == 200);
  CHECK(open.response.content_type == "text/event-stream");
  CHECK(HeaderOf(open.response, "Cache-Control") == "no-cache");
  CHECK_FALSE(f.kernel.logs_watch_asked.has_after());
  CHECK(Sent(open.response) == "retry: 3000\nid: 5000-41\n\n");
  CHECK(f.kernel.logs_watch(Entry(42, "one\nand two")));
  CHECK(Sent(open.response) ==
        "id: 5000-42\nevent: log\ndata: {\"file\":\"f\",\"line\":3,\"level\":\"warning\","
        "\"message\":\"one\\nand two\"}\n\n");
  v1::WatchLogsResponse late = Entry(50, "x");
  late.set_lost(7);
  f.kernel.logs_watch(late);
  CHECK(Sent(open.response).find("event: lost\ndata: {\"count\":7}\n\nid: 5000-50\n") ==
        0);
}

TEST_CASE("events stream as they are listed") {
  ApiFixture f;
  const Open open(f.AsAdmin("GET /api/v1/events/stream?since=3"));
  CHECK(f.kernel.events_watch_asked.pattern() == "*");
  CHECK(f.kernel.events_watch_asked.after() == 3);
  Sent(open.response);
  v1::WatchEventsResponse message;
  v1::Event& event = *message.add_events();
  event.set_index(4);
  event.set_name("system.cpu:a");
  (*event.mutable_data())["load"] = "5";
  f.kernel.events_watch(message);
  CHECK(Sent(open.response) ==
        "id: 5000-4\nevent: event\ndata: {\"index\":4,\"event\":\"system.cpu:a\","
        "\"data\":{\"load\":\"5\"}}\n\n");
}

TEST_CASE("a stream goes on where the client says, and the header beats the address") {
  struct Case {
    const char *query, *header;
    int status;
    bool has_after;
    uint64_t after;
    int64_t started_ms;
  };
  const Case cases[] = {{"", "", 200, false, 0, 0},
                        {"?since=7", "", 200, true, 7, 0},
                        {"?since=0", "", 200, true, 0, 0},
                        {"?since=5-7", "", 200, true, 7, 5},
                        {"?since=1", "5-7", 200, true, 7, 5},
                        {"", "of another server", 200, false, 0, 0},
                        {"?since=x", "", 400, false, 0, 0},
                        {"?since=-1", "", 400, false, 0, 0},
                        {"?since=1-", "", 400, false, 0, 0},
                        {"?since=99999999999999999999", "", 400, false, 0, 0}};
  for (const Case& c : cases) {
    CAPTURE(c.query);
    CAPTURE(c.header);
    ApiFixture f;
    const Open open(f.AsAdmin(std::string("GET /api/v2/logs/stream") + c.query,
                              {{"Last-Event-ID", c.header}}));
    CHECK(open.response.status == c.status);
    CHECK(f.kernel.logs_watch_asked.has_after() == c.has_after);
    CHECK(f.kernel.logs_watch_asked.after() == c.after);
    CHECK(f.kernel.logs_watch_asked.started_ms() == c.started_ms);
  }
}

TEST_CASE("levels are asked for as in the list, also those that nothing has") {
  ApiFixture f;
  const auto levels = [&f](const std::string& query) {
    const Open open(f.AsAdmin("GET /api/v2/logs/stream?level=" + query));
    std::string numbers;
    for (const int level : f.kernel.logs_watch_asked.levels()) {
      numbers += std::to_string(level) + " ";
    }
    return numbers;
  };
  CHECK(levels("") == "");
  CHECK(levels("error,Warning,nonsense") == "10 50 ");
  CHECK(levels("debug") == "500 1000 ");
  CHECK(levels("nonsense") == "0 ");
}

TEST_CASE("only who may list may listen") {
  ApiFixture f;
  for (const char* path : {"/api/v2/logs/stream", "/api/v1/events/stream"}) {
    const std::string line = std::string("GET ") + path;
    CHECK(f.Send(line).status == 403);
    CHECK(f.As("client", line).status == 403);
    CHECK(f.Send(line, {{"TOKEN", "nonsense"}}).status == 403);
  }
  CHECK(f.kernel.watches == 0);
}

TEST_CASE("as many as may listen do; the next one reads why not and when to come again") {
  ApiFixture f;
  const std::string root(kDefaultRoot);
  f.Configure({{root, "stream listeners", "3"},
               {root, "stream listeners of one user", "2"},
               {root + "/roles", "client", "logs.list,login.get"}});
  const std::string line = "GET /api/v2/logs/stream";
  auto first = std::make_unique<Open>(f.AsAdmin(line));
  const Open second(f.AsAdmin(line));
  const Response third = f.AsAdmin(line);
  CHECK(third.status == 503);
  CHECK(third.body.find("This user has 2 streams open already") == 0);
  CHECK(HeaderOf(third, "Retry-After") == "30");
  const Open other(f.As("client", line));
  CHECK(other.response.status == 200);
  const Response full = f.As("client", line);
  CHECK(full.status == 503);
  CHECK(full.body.find("3 streams are open already") == 0);
  CHECK(HeaderOf(full, "Retry-After") == "30");
  CHECK(f.kernel.watches == 3);
  first.reset();
  const Open again(f.AsAdmin(line));
  CHECK(again.response.status == 200);
  f.api->streams().Look();
  CHECK(f.kernel.watches == 3);
  f.Configure({{root, "stream listeners", "0"}});
  CHECK(f.AsAdmin(line).status == 503);
}

TEST_CASE("a kernel that does not begin is the client's answer, and holds no place") {
  ApiFixture f;
  f.kernel.on_WatchLogs = [&f] {
    f.kernel.logs_watch_ended(Status::ResourceExhausted("too many watchers (64)"));
  };
  const Response refused = f.AsAdmin("GET /api/v2/logs/stream");
  CHECK(refused.status == 503);
  CHECK(refused.body == "too many watchers (64)");
  CHECK(HeaderOf(refused, "Retry-After") == "30");
  CHECK(f.kernel.watches == 0);
}

TEST_CASE("a stream ends when its token expires or is revoked, and beats until then") {
  ApiFixture f;
  const Response login = f.AsAdmin("GET /api/v2/login");
  const std::string cookies = HeaderOf(login, "Set-Cookie");
  const std::string token = cookies.substr(6, TokenStore::kTokenLength);
  const Open one(f.Send("GET /api/v2/logs/stream", {{"TOKEN", token}}));
  const Open other(f.AsAdmin("GET /api/v2/logs/stream"));
  REQUIRE(one.response.status == 200);
  Sent(one.response);
  Sent(other.response);
  f.api->streams().Look();
  CHECK(Sent(one.response).empty());
  f.now += Streams::kHeartbeat;
  f.api->streams().Look();
  CHECK(Sent(one.response) == ":\n\n");
  CHECK(Sent(other.response) == ":\n\n");

  f.auth->Revoke(token);
  f.api->streams().Look();
  Stream::Portion end = one.response.stream->Take();
  CHECK(end.bytes == ": the token of this stream has expired or was revoked\n\n");
  CHECK(end.last);
  CHECK_FALSE(other.response.stream->Take().last);

  f.now += TokenStore::kLifetime;
  f.api->streams().Look();
  CHECK(other.response.stream->Take().last);
}

TEST_CASE("a client that has left costs the kernel nothing") {
  ApiFixture f;
  { const Open open(f.AsAdmin("GET /api/v2/logs/stream")); }
  f.api->streams().Look();
  CHECK(f.kernel.watches == 0);
}

TEST_CASE("a full stream pauses the kernel's, which goes on when there is room") {
  ApiFixture f;
  const Open open(f.AsAdmin("GET /api/v2/logs/stream"));
  const std::string large(64 * 1024, 'x');
  int taken = 0;
  while (f.kernel.logs_watch(Entry(static_cast<uint64_t>(42 + taken), large.c_str()))) {
    REQUIRE(++taken < 10);
  }
  CHECK(f.kernel.resumed == 0);
  CHECK(open.response.stream->Take().bytes.size() > Stream::kMaxWaiting);
  CHECK(f.kernel.resumed == 1);
}

TEST_CASE("a reload ends all streams, and a stop lets none begin") {
  ApiFixture f;
  const Open open(f.AsAdmin("GET /api/v2/logs/stream"));
  Sent(open.response);
  f.api->streams().EndAll("for a reason\nin two lines");
  const Stream::Portion end = open.response.stream->Take();
  CHECK(end.bytes == ": for a reason in two lines\n\n");
  CHECK(end.last);
  {
    const Open next(f.AsAdmin("GET /api/v2/logs/stream"));
    CHECK(next.response.status == 200);
  }
  f.api->streams().Close("the web server stops");
  CHECK(f.AsAdmin("GET /api/v2/logs/stream").status == 503);
}

TEST_CASE("the end of the kernel's stream ends the client's") {
  ApiFixture f;
  const Open open(f.AsAdmin("GET /api/v2/logs/stream"));
  f.kernel.logs_watch_ended(Status::Unavailable("the kernel is gone"));
  CHECK(open.response.stream->Take().last);
}

}  // namespace
}  // namespace nscp::gateway
