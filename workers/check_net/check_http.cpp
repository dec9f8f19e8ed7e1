#include "workers/check_net/check_http.h"

#include "workers/check_net/http_options.h"

namespace nscp::check_net {
namespace {

checks::Keywords<HttpRow> HttpKeywords(const std::vector<JsonPath>& paths) {
  checks::Keywords<HttpRow> k;
  const auto text = [&k](std::string name, std::string description,
                         std::string HttpRow::*part) {
    k.Text(std::move(name), std::move(description),
           [part](const HttpRow& row) -> std::string_view { return row.*part; });
  };
  text("url", "The URL that was asked, without user and password", &HttpRow::url);
  text("host", "The host of the URL", &HttpRow::host);
  text("path", "The path of the URL, with what stands behind its ?", &HttpRow::path);
  text("protocol", "The protocol of the URL: http or https", &HttpRow::protocol);
  k.Integer("port", "The port of the URL", [](const HttpRow& row) { return row.port; });
  k.Integer("code", "The status of the answer, such as 200; 0 without an answer",
            [](const HttpRow& row) { return row.code; });
  k.Size("size", "Bytes of the answer's body", [](const HttpRow& row) {
     return row.size;
   }).Perf("B", "_size");
  k.Integer("time", "Milliseconds from the look-up of the name to the end of the answer",
            [](const HttpRow& row) { return row.time; })
      .Perf("ms", "");
  text("status_message", "The text behind the status, such as Not Found",
       &HttpRow::status_message);
  text("status", "The old name of status_message", &HttpRow::status_message);
  text("body", "The body of the answer", &HttpRow::body);
  text("result",
       "How it ended: ok, http_ with the status, no_match, timeout, resolve_failed, "
       "invalid_url or error: with the reason",
       &HttpRow::result);
  k.Integer("ssl_expiry_days",
            "Days until the server's certificate expires, negative when it has",
            [](const HttpRow& row) { return row.certificate_days; })
      .NoValue("no certificate");
  for (size_t i = 0; i < paths.size(); ++i) {
    k.Real(paths[i].alias, "A value of the answer, named by json-path",
           [i](const HttpRow& row) {
             return i < row.values.size() ? row.values[i].number : std::nullopt;
           })
        .TextFace([i](const HttpRow& row) -> std::optional<std::string_view> {
          if (i >= row.values.size() || !row.values[i].text) return std::nullopt;
          return *row.values[i].text;
        })
        .NoValue("unknown");
  }
  return k;
}

void AlwaysWithSize(const checks::Arguments&, checks::FilterRequest& request) {
  request.perf_config += " extra(size)";
}

checks::Check<HttpRow> MakeHttpCheck(const std::vector<JsonPath>& paths) {
  checks::OptionTable options;
  AddHttpOptions(options);
  checks::FilterDefaults defaults;
  defaults.warning = {"time > 5000"};
  defaults.critical = {"code < 200 or code >= 400 or result != 'ok'"};
  defaults.top_syntax = "${status}: ${problem_list}";
  defaults.ok_syntax = "%(status): %(list)";
  defaults.empty_syntax = "No URL checked";
  defaults.detail_syntax = "${url} -> ${code} ${result} (${size}B in ${time}ms)";
  defaults.perf_syntax = "${url}";
  return {std::move(options), defaults, HttpKeywords(paths), AlwaysWithSize};
}

HttpRow RowFor(const std::string& url, const checks::Environment& environment) {
  HttpRow row;
  row.asked = url;
  row.url = net::WithoutUser(url);
  const auto parts = net::TakeUrlApart(url);
  if (!parts.ok()) {
    row.result = "invalid_url";
    environment.Write(sdk::LogLevel::kWarning,
                      "check_http, " + row.url + ": " + parts.status().message());
    return row;
  }
  row.host = parts->host;
  row.port = parts->port;
  row.path = parts->target;
  row.protocol = parts->is_https ? "https" : "http";
  return row;
}

std::string Verdict(const HttpPlan& plan, const std::string& body, HttpRow& row) {
  constexpr int64_t kSuccess = 200;
  constexpr int64_t kError = 400;
  if (row.code < kSuccess || row.code >= kError) {
    return "http_" + std::to_string(row.code);
  }
  if (body.find(plan.expected) == std::string::npos) return "no_match";
  if (plan.paths.empty()) return "ok";
  auto values = TakeJsonValues(body, plan.paths);
  if (!values.ok()) return "error: the answer is no JSON: " + values.status().message();
  row.values = std::move(values).value();
  return "ok";
}

void AskUrl(const HttpPlan& plan, HttpRow& row, const net::Limit& limit) {
  if (row.result == "invalid_url") return;
  const auto start = net::Clock::now();
  net::HttpCall call = plan.call;
  call.url = row.asked;
  auto reply = net::AskHttp(call, limit);
  row.time = MillisecondsSince(start);
  if (!reply.ok()) {
    const Status& status = reply.status();
    // A refusal is told with who refused, which a redirect may have chosen.
    row.result = status.code() == Code::kAborted ? "error: " + status.message()
                                                 : ResultWord(status);
    return;
  }
  row.code = reply->status;
  row.status_message = std::move(reply->reason);
  row.size = static_cast<int64_t>(reply->body.size());
  if (reply->certificate_seconds)
    row.certificate_days = DaysOf(*reply->certificate_seconds);
  row.result = Verdict(plan, reply->body, row);
  row.body = reply->body.substr(0, plan.kept_body);
}

}  // namespace

HttpCheck::HttpCheck() : check_(MakeHttpCheck({})) {}

sdk::CheckResult HttpCheck::Run(const std::vector<std::string>& arguments,
                                const Surroundings& surroundings) const {
  auto outcome = check_.options().Parse(arguments);
  if (auto* answer = std::get_if<sdk::CheckResult>(&outcome)) return std::move(*answer);
  const auto& given = std::get<checks::Arguments>(outcome);
  auto paths = ReadJsonPaths(given, HttpKeywords({}));
  if (!paths.ok()) return sdk::CheckResult::Unknown(paths.status().message());
  const auto collect = [&](const checks::Arguments& parsed,
                           checks::Sink<HttpRow>& sink) -> Status {
    ASSIGN_OR_RETURN(HttpPlan plan, ReadHttpPlan(parsed, surroundings));
    ASSIGN_OR_RETURN(const auto timeout, ReadTimeout(parsed));
    plan.paths = *paths;
    if (sink.Uses("body")) plan.kept_body = kMaxKeptBodies / plan.urls.size();
    std::vector<HttpRow> rows;
    for (const std::string& url : plan.urls) {
      rows.push_back(RowFor(url, surroundings.environment));
    }
    AskAll(std::move(rows), timeout, surroundings, sink,
           [&](HttpRow& row, const net::Limit& limit) { AskUrl(plan, row, limit); });
    return Status::Ok();
  };
  if (paths->empty()) return check_.RunParsed(given, surroundings.environment, collect);
  // The call has keywords of its own, so it has a table of its own.
  return MakeHttpCheck(*paths).RunParsed(given, surroundings.environment, collect);
}

}  // namespace nscp::check_net
