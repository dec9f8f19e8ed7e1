#include "workers/check_net/status_checks.h"

#include "workers/check_net/status_rows.h"
#include "workers/net/http.h"

namespace nscp::check_net {
namespace {

// What makes one check of a page differ from the next.
template <class Row>
struct Kind {
  std::string url;        // where the page is by default
  std::string parameter;  // that makes a page for programs of it
  std::string always;     // in performance data
  checks::FilterDefaults defaults;
  checks::Keywords<Row> keywords;
  // The rows of a page; none when it is another one.
  std::function<std::vector<Row>(std::string_view body)> read;
};

checks::FilterDefaults PageDefaults(std::string detail, std::string label) {
  checks::FilterDefaults defaults;
  defaults.critical = {"result != 'ok'"};
  defaults.empty_state = "unknown";
  defaults.top_syntax = "${status}: ${list}";
  defaults.empty_syntax = "No status page fetched";
  defaults.detail_syntax = std::move(detail);
  defaults.perf_syntax = std::move(label);
  return defaults;
}

// Rows of a page with one object.
template <class Row, class Parse>
auto OneRow(Parse parse) {
  return [parse](std::string_view body) {
    std::vector<Row> rows;
    if (auto status = parse(body)) {
      rows.emplace_back();
      rows.back().status = std::move(*status);
    }
    return rows;
  };
}

std::vector<TomcatRow> TomcatRows(std::string_view body) {
  std::vector<TomcatRow> rows;
  const auto status = ParseTomcatStatus(body);
  if (!status) return rows;
  for (const TomcatConnector& connector : status->connectors) {
    rows.emplace_back();
    rows.back().connector = connector;
  }
  if (rows.empty()) rows.emplace_back();
  for (TomcatRow& row : rows) {
    row.memory_free = status->memory_free;
    row.memory_total = status->memory_total;
    row.memory_max = status->memory_max;
  }
  return rows;
}

Kind<ApacheRow> ApacheKind() {
  return {
      "http://127.0.0.1/server-status",
      "auto",
      "extra(busy_workers;idle_workers;requests_per_sec)",
      PageDefaults("${result}: ${busy_workers} busy and ${idle_workers} idle workers, "
                   "${requests_per_sec} req/s, uptime ${uptime}s",
                   "${host}"),
      ApacheKeywords(),
      OneRow<ApacheRow>(ParseApacheStatus)};
}

Kind<NginxRow> NginxKind() {
  return {"http://127.0.0.1/nginx_status",
          "",
          "extra(active)",
          PageDefaults("${result}: ${active} active (${reading} reading, ${writing} "
                       "writing, ${waiting} waiting)",
                       "${host}"),
          NginxKeywords(),
          OneRow<NginxRow>(ParseNginxStatus)};
}

Kind<PhpFpmRow> PhpFpmKind() {
  Kind<PhpFpmRow> kind{
      "http://127.0.0.1/status",
      "",
      "extra(active_processes;idle_processes)",
      PageDefaults("${result}: pool ${pool}: ${active_processes} active, "
                   "${idle_processes} idle, ${listen_queue} queued",
                   "${pool}"),
      PhpFpmKeywords(),
      OneRow<PhpFpmRow>(ParsePhpFpmStatus)};
  kind.defaults.warning = {"listen_queue > 0"};
  return kind;
}

Kind<TomcatRow> TomcatKind() {
  Kind<TomcatRow> kind{
      "http://127.0.0.1:8080/manager/status",
      "XML=true",
      "extra(threads_busy)",
      PageDefaults("${connector} ${result}: ${threads_busy}/${threads_max} threads busy",
                   "${connector}"),
      TomcatKeywords(),
      TomcatRows};
  kind.defaults.warning = {"thread_usage > 75"};
  kind.defaults.critical = {"result != 'ok' or thread_usage > 90"};
  kind.defaults.empty_syntax = "No connectors found";
  return kind;
}

checks::OptionTable PageOptions(const std::string& url) {
  constexpr int64_t kSeconds = 30;
  checks::OptionTable options;
  options.Text("url", url, "The URL of the status page, http:// or https://");
  options.Integer("timeout", kSeconds, "Seconds that the answer may take");
  options.Text("username", "", "The user for Basic authentication");
  options.Text("password", "", "The password for Basic authentication");
  AddTlsOptions(options, "peer");
  AddFamilyOption(options);
  return options;
}

struct Page {
  PageRow about;
  std::string body;  // of a result that is ok
};

Page FetchPage(const net::HttpCall& call, const net::Limit& limit) {
  Page page;
  const auto url = net::TakeUrlApart(call.url);
  if (!url.ok()) {
    page.about.result = "invalid_url";
    return page;
  }
  page.about.host = url->host;
  page.about.port = url->port;
  auto reply = net::AskHttp(call, limit);
  if (!reply.ok()) {
    page.about.result = ResultWord(reply.status());
    return page;
  }
  page.about.code = reply->status;
  const bool is_page = reply->status >= 200 && reply->status < 300;
  page.about.result = is_page ? "ok" : "http_" + std::to_string(reply->status);
  page.body = std::move(reply->body);
  return page;
}

template <class Row>
class PageCheck final : public StatusCheck {
 public:
  explicit PageCheck(Kind<Row> kind)
      : parameter_(std::move(kind.parameter)),
        read_(std::move(kind.read)),
        check_(PageOptions(kind.url), kind.defaults, std::move(kind.keywords),
               [always = std::move(kind.always)](const checks::Arguments&,
                                                 checks::FilterRequest& request) {
                 request.perf_config += " " + always;
               }) {}

  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const Surroundings& surroundings) const override {
    return check_.Run(
        arguments, surroundings.environment,
        [&](const checks::Arguments& given, checks::Sink<Row>& sink) -> Status {
          ASSIGN_OR_RETURN(const net::HttpCall call, ReadCall(given, surroundings));
          ASSIGN_OR_RETURN(const int64_t seconds,
                           ReadNumber(given, "timeout", 1, kMaxTimeout / 1000));
          Page page;
          net::AtOnce(1, surroundings.deadline, surroundings.environment.cancelled,
                      [&](size_t, const net::Limit& limit) {
                        page =
                            FetchPage(call, limit.AtMost(std::chrono::seconds(seconds)));
                      });
          page.about.url = net::WithoutUser(given.Text("url"));
          for (Row& row : RowsOf(page)) {
            if (!sink.Add(std::move(row))) break;
          }
          return Status::Ok();
        });
  }

 private:
  Result<net::HttpCall> ReadCall(const checks::Arguments& given,
                                 const Surroundings& surroundings) const {
    net::HttpCall call;
    call.url = WithParameter(given.Text("url"), parameter_);
    call.user = given.Text("username");
    call.password = given.Text("password");
    call.headers = {{"User-Agent", "NSClient++"}};
    ASSIGN_OR_RETURN(call.tls, ReadTls(given, surroundings));
    ASSIGN_OR_RETURN(call.family, net::ParseFamily(given.Text("address-family")));
    return call;
  }

  std::vector<Row> RowsOf(Page& page) const {
    std::vector<Row> rows;
    if (page.about.result == "ok") {
      rows = read_(page.body);
      if (rows.empty()) page.about.result = "parse_error";
    }
    if (rows.empty()) rows.emplace_back();
    for (Row& row : rows) static_cast<PageRow&>(row) = page.about;
    return rows;
  }

  const std::string parameter_;
  const std::function<std::vector<Row>(std::string_view)> read_;
  const checks::Check<Row> check_;
};

}  // namespace

std::map<std::string, std::unique_ptr<StatusCheck>> MakeStatusChecks() {
  std::map<std::string, std::unique_ptr<StatusCheck>> all;
  all["check_apache_status"] = std::make_unique<PageCheck<ApacheRow>>(ApacheKind());
  all["check_nginx_status"] = std::make_unique<PageCheck<NginxRow>>(NginxKind());
  all["check_phpfpm_status"] = std::make_unique<PageCheck<PhpFpmRow>>(PhpFpmKind());
  all["check_tomcat_status"] = std::make_unique<PageCheck<TomcatRow>>(TomcatKind());
  return all;
}

std::string WithParameter(const std::string& url, const std::string& parameter) {
  if (parameter.empty()) return url;
  const std::string plain = url.substr(0, url.find('#'));
  const size_t mark = plain.find('?');
  if (mark == std::string::npos) return plain + "?" + parameter;
  const std::string name = parameter.substr(0, parameter.find('='));
  for (const std::string& part : Split(plain.substr(mark + 1), '&')) {
    if (part.substr(0, part.find('=')) == name) return plain;
  }
  return plain + (plain.back() == '?' ? "" : "&") + parameter;
}

}  // namespace nscp::check_net
