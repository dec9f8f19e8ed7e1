#include "workers/check_net/check_dns.h"

#include <algorithm>

#include "workers/net/dns.h"
#include "workers/net/resolve.h"

namespace nscp::check_net {
namespace {

struct DnsPlan {
  net::DnsQuestion question;
  net::Family family = net::Family::kAny;
  std::vector<std::string> expected;
};

checks::Keywords<DnsRow> DnsKeywords() {
  checks::Keywords<DnsRow> k;
  k.Text("host", "The name that was looked up",
         [](const DnsRow& row) -> std::string_view { return row.host; });
  k.Text("addresses", "The records that were found, separated by commas",
         [](const DnsRow& row) -> std::string_view { return row.addresses; });
  k.Integer("records", "How many records were found",
            [](const DnsRow& row) { return static_cast<int64_t>(row.records.size()); });
  k.Integer("count", "The old name of records",
            [](const DnsRow& row) { return static_cast<int64_t>(row.records.size()); });
  k.Text("type", "The type of the records, such as MX",
         [](const DnsRow& row) -> std::string_view { return row.type; });
  k.Text("server", "The DNS server of the call; empty for those of the system",
         [](const DnsRow& row) -> std::string_view { return row.server; });
  k.Text("result",
         "How it ended: ok, not_found, mismatch, timeout, refused, resolve_failed (the "
         "server's name) or error: with the reason",
         [](const DnsRow& row) -> std::string_view { return row.result; });
  k.Integer("time", "Milliseconds that the look-up took",
            [](const DnsRow& row) { return row.time; });
  return k;
}

checks::Check<DnsRow> MakeDnsCheck() {
  checks::OptionTable options;
  options.Text("host", "", "The name to look up; for PTR also an address");
  options.Text("lookup", "", "The same as host");
  options.Text(
      "type", "A",
      "The type of records to look for: A, AAAA, MX, TXT, CNAME, NS, SOA or PTR");
  options.Text("server", "",
               "The DNS server to ask, by address or name; without one the system's own "
               "look-up is checked, with its file of hosts for A and AAAA");
  options.Integer("port", net::kDnsPort, "The port of the DNS server");
  options.Bool("norecursion", "Ask the server for what it knows itself");
  options.Integer("timeout", 5000, "Milliseconds that the look-up may take");
  options.List("expected-address", {},
               "A record that must be among those found; may be given several times");
  options.Text("expected", "",
               "Records that must all be among those found, separated by commas");
  AddFamilyOption(options);
  checks::FilterDefaults defaults;
  defaults.warning = {"time > 1000"};
  defaults.critical = {"result != 'ok'"};
  defaults.top_syntax = "${status}: ${problem_list}";
  defaults.ok_syntax = "%(status): %(list)";
  defaults.empty_syntax = "No DNS lookup performed";
  defaults.detail_syntax =
      "${host} -> ${addresses} (${records}) in ${time}ms [${result}]";
  defaults.perf_syntax = "${host}";
  return {std::move(options), defaults, DnsKeywords()};
}

Result<DnsPlan> ReadDnsPlan(const checks::Arguments& given) {
  DnsPlan plan;
  plan.question.name =
      given.Text("host").empty() ? given.Text("lookup") : given.Text("host");
  plan.question.name = std::string(Trim(plan.question.name));
  if (plan.question.name.empty()) return Status::InvalidArgument("No host specified");
  ASSIGN_OR_RETURN(plan.question.type, net::ParseDnsType(given.Text("type")));
  ASSIGN_OR_RETURN(plan.family, net::ParseFamily(given.Text("address-family")));
  // An address of that version, where the call does not say which records it wants.
  if (plan.family == net::Family::kV6 && !given.Given("type")) {
    plan.question.type = net::DnsType::kAaaa;
  }
  plan.question.server = std::string(Trim(given.Text("server")));
  ASSIGN_OR_RETURN(plan.question.port, ReadPort(given));
  plan.question.recursion = !given.Flag("norecursion");
  plan.expected = given.List("expected-address");
  for (std::string& one : SplitList(given.Text("expected"))) {
    plan.expected.push_back(std::move(one));
  }
  return plan;
}

// What programs on this machine would get.
bool AsksSystem(const net::DnsQuestion& question) {
  const bool is_address =
      question.type == net::DnsType::kA || question.type == net::DnsType::kAaaa;
  return is_address && question.server.empty() && question.recursion;
}

// Words of this check: a name that is not there is an answer here.
std::string DnsWord(const Status& status) {
  return status.code() == Code::kNotFound ? "not_found" : ResultWord(status);
}

void LookUp(const DnsPlan& plan, DnsRow& row, const net::Limit& limit) {
  const bool is_v6 = plan.question.type == net::DnsType::kAaaa;
  net::DnsQuestion question = plan.question;
  if (!question.server.empty()) {
    const auto servers = net::Resolve(question.server, plan.family, limit);
    if (!servers.ok()) {
      row.result = ResultWord(servers.status());
      return;
    }
    question.server = servers->front();
  }
  auto records = AsksSystem(question)
                     ? net::Resolve(question.name,
                                    is_v6 ? net::Family::kV6 : net::Family::kV4, limit)
                     : net::AskDns(question, limit);
  if (!records.ok()) {
    row.result = DnsWord(records.status());
    return;
  }
  row.records = std::move(records).value();
  row.addresses = Join(row.records, ",");
  row.result = HasAll(row.records, plan.expected) ? "ok" : "mismatch";
}

std::string Comparable(std::string_view text) {
  text = Trim(text);
  if (text.size() > 1 && text.back() == '.') text.remove_suffix(1);
  return ToLowerAscii(text);
}

// "10 mail.example.org" -> "mail.example.org"
std::string WithoutPreference(const std::string& record) {
  const size_t end = record.find_first_not_of("0123456789");
  const bool has_one = end != std::string::npos && end > 0 && record[end] == ' ';
  return has_one ? record.substr(end + 1) : record;
}

}  // namespace

bool HasAll(const std::vector<std::string>& records,
            const std::vector<std::string>& expected) {
  return std::all_of(expected.begin(), expected.end(), [&](const std::string& one) {
    const std::string wanted = Comparable(one);
    return std::any_of(records.begin(), records.end(), [&](const std::string& record) {
      const std::string found = Comparable(record);
      return found == wanted || WithoutPreference(found) == wanted;
    });
  });
}

DnsCheck::DnsCheck() : check_(MakeDnsCheck()) {}

sdk::CheckResult DnsCheck::Run(const std::vector<std::string>& arguments,
                               const Surroundings& surroundings) const {
  return check_.Run(
      arguments, surroundings.environment,
      [&](const checks::Arguments& given, checks::Sink<DnsRow>& sink) -> Status {
        ASSIGN_OR_RETURN(const DnsPlan plan, ReadDnsPlan(given));
        ASSIGN_OR_RETURN(const auto timeout, ReadTimeout(given));
        DnsRow row;
        row.host = plan.question.name;
        row.type = net::DnsTypeName(plan.question.type);
        row.server = plan.question.server;
        AskAll(std::vector<DnsRow>{std::move(row)}, timeout, surroundings, sink,
               [&plan](DnsRow& asked, const net::Limit& limit) {
                 const auto start = net::Clock::now();
                 LookUp(plan, asked, limit);
                 asked.time = MillisecondsSince(start);
               });
        return Status::Ok();
      });
}

}  // namespace nscp::check_net
