#include "workers/check_net/status_pages.h"

#include <doctest/doctest.h>

#include "workers/check_net/status_checks.h"
#include "workers/check_net/xml_tags.h"

namespace nscp::check_net {
namespace {

// The documentation of Apache 2.4's mod_status (?auto), shortened.
constexpr char kApache[] =
    "127.0.0.1\nServerVersion: Apache/2.4.57 (Debian)\nTotal Accesses: 131\n"
    "Total kBytes: 184\nUptime: 3661\nReqPerSec: .0357826\nBytesPerSec: 51.4657\n"
    "BusyWorkers: 1\nIdleWorkers: 49\nScoreboard: W_________K...\n";

// The documentation of nginx 1.22's ngx_http_stub_status_module.
constexpr char kNginx[] =
    "Active connections: 291 \nserver accepts handled requests\n"
    " 16630948 16630940 31070465 \nReading: 6 Writing: 179 Waiting: 106 \n";

// The status page of PHP-FPM 8.2 as its documentation (fpm.status) prints it.
constexpr char kFpm[] =
    "pool:                 www\nprocess manager:      dynamic\n"
    "start time:           14/Nov/2023:22:13:20 +0000\nstart since:          60\n"
    "accepted conn:        190460\nlisten queue:         3\nmax listen queue:     30\n"
    "listen queue len:     128\nidle processes:       4\nactive processes:     11\n"
    "total processes:      15\nmax active processes: 12\nmax children reached: 2\n"
    "slow requests:        5\n";

// Tomcat 10's manager with XML=true, shortened to what it has for one connector, and a
// second one without requests.
constexpr char kTomcat[] =
    "<?xml version=\"1.0\" encoding=\"utf-8\"?><?xml-stylesheet type=\"text/xsl\" "
    "href=\"/manager/xform.xsl\" ?>\n<!-- <memory free='1'/> --><status><jvm>"
    "<memory free='100' total='200' max='400'/><memorypool name='x' usageInit='1'/></jvm>"
    "<connector name='\"http-nio-8080\"'><threadInfo  maxThreads=\"200\" "
    "currentThreadCount=\"10\" currentThreadsBusy=\"180\" /><requestInfo  maxTime=\"7\" "
    "processingTime=\"90\" requestCount=\"8\" errorCount=\"2\" bytesReceived=\"1\" "
    "bytesSent=\"33\" /><workers><worker  stage=\"S\" /></workers></connector>"
    "<connector name='a &amp; b'></connector></status>";

}  // namespace

TEST_CASE("Apache's page") {
  const auto status = ParseApacheStatus(kApache);
  REQUIRE(status);
  CHECK(status->busy_workers == 1);
  CHECK(status->idle_workers == 49);
  CHECK(status->uptime == 3661);
  CHECK(status->total_accesses == 131);
  CHECK(status->total_kbytes == 184);
  CHECK(status->requests_per_sec == doctest::Approx(0.0357826));
  CHECK(status->bytes_per_sec == doctest::Approx(51.4657));
  CHECK(status->scoreboard == "W_________K...");
  CHECK_FALSE(ParseApacheStatus("<html>Apache Server Status</html>"));
  CHECK_FALSE(ParseApacheStatus(""));
  const auto odd =
      ParseApacheStatus("BusyWorkers: x\nIdleWorkers:\nReqPerSec: nan\nBytesPerSec: -1");
  REQUIRE(odd);
  CHECK(odd->busy_workers == 0);
  CHECK(odd->requests_per_sec == 0);
  CHECK(odd->bytes_per_sec == 0);
}

TEST_CASE("nginx' page") {
  const auto status = ParseNginxStatus(kNginx);
  REQUIRE(status);
  CHECK(status->active == 291);
  CHECK(status->accepts == 16630948);
  CHECK(status->handled == 16630940);
  CHECK(status->requests == 31070465);
  CHECK(status->reading == 6);
  CHECK(status->writing == 179);
  CHECK(status->waiting == 106);
  const std::string_view page = kNginx;
  for (size_t size = 0; size < page.size() - 5; ++size) {
    CHECK_FALSE(ParseNginxStatus(page.substr(0, size)));
  }
  CHECK_FALSE(
      ParseNginxStatus("Active connections: x\nserver accepts handled requests\n"));
}

TEST_CASE("PHP-FPM's page") {
  const auto status = ParsePhpFpmStatus(kFpm);
  REQUIRE(status);
  CHECK(status->pool == "www");
  CHECK(status->process_manager == "dynamic");
  CHECK(status->accepted_conn == 190460);
  CHECK(status->listen_queue == 3);
  CHECK(status->max_listen_queue == 30);
  CHECK(status->listen_queue_len == 128);
  CHECK(status->idle_processes == 4);
  CHECK(status->active_processes == 11);
  CHECK(status->total_processes == 15);
  CHECK(status->max_active_processes == 12);
  CHECK(status->max_children_reached == 2);
  CHECK(status->slow_requests == 5);
  CHECK_FALSE(ParsePhpFpmStatus("File not found.\n"));
}

TEST_CASE("Tomcat's page") {
  const auto status = ParseTomcatStatus(kTomcat);
  REQUIRE(status);
  CHECK(status->memory_free == 100);
  CHECK(status->memory_total == 200);
  CHECK(status->memory_max == 400);
  REQUIRE(status->connectors.size() == 2);
  const TomcatConnector& connector = status->connectors[0];
  CHECK(connector.name == "http-nio-8080");
  CHECK(connector.threads_max == 200);
  CHECK(connector.threads_current == 10);
  CHECK(connector.threads_busy == 180);
  CHECK(connector.max_time == 7);
  CHECK(connector.processing_time == 90);
  CHECK(connector.request_count == 8);
  CHECK(connector.error_count == 2);
  CHECK(connector.bytes_received == 1);
  CHECK(connector.bytes_sent == 33);
  CHECK(status->connectors[1].name == "a & b");
  CHECK(status->connectors[1].threads_max == 0);
  CHECK_FALSE(ParseTomcatStatus("<html><body>status</body></html>"));
  CHECK_FALSE(ParseTomcatStatus("<status>"));
  CHECK_FALSE(ParseTomcatStatus(""));
  std::string many = "<status>";
  for (size_t i = 0; i < 2 * kMaxConnectors; ++i) many += "<connector name='x'/>";
  CHECK(ParseTomcatStatus(many)->connectors.size() == kMaxConnectors);
}

TEST_CASE("tags end where the text is no XML any more") {
  XmlTags tags(
      "<a x='1' y=\"&lt;&quot;\"/>text<!-- <b> --><![CDATA[<c>]]></a><d x=1><e>");
  auto tag = tags.Next();
  REQUIRE(tag);
  CHECK(tag->name == "a");
  CHECK(tag->Attribute("x") == "1");
  CHECK(tag->Attribute("y") == "<\"");
  CHECK(tag->Attribute("z").empty());
  CHECK(tags.Next()->name == "/a");
  CHECK(tags.Next()->name == "e");
  CHECK_FALSE(tags.Next());
  CHECK_FALSE(XmlTags("<a x='1").Next());
  CHECK_FALSE(XmlTags("<!-- <a>").Next());
  CHECK_FALSE(XmlTags("<").Next());
}

TEST_CASE("the page for programs is asked for once") {
  CHECK(WithParameter("http://h/s", "auto") == "http://h/s?auto");
  CHECK(WithParameter("http://h/s?auto", "auto") == "http://h/s?auto");
  CHECK(WithParameter("http://h/s?refresh=5", "auto") == "http://h/s?refresh=5&auto");
  CHECK(WithParameter("http://h/s?", "auto") == "http://h/s?auto");
  CHECK(WithParameter("http://h/s?XML=false", "XML=true") == "http://h/s?XML=false");
  CHECK(WithParameter("http://h/s#top", "auto") == "http://h/s?auto");
  CHECK(WithParameter("http://h/s", "") == "http://h/s");
}

}  // namespace nscp::check_net
