// The last snapshot of all metrics in three forms (rest-api.md 5.9).
#include <charconv>
#include <cmath>
#include <map>

#include "gateway/api/answer.h"
#include "gateway/api/context.h"
#include "gateway/api/resources.h"
#include "gateway/web/page.h"
#include "proto/cpp/text.h"
#include "proto/cpp/utf8.h"

namespace nscp::gateway {
namespace {

// Levels of a bundle that become objects; deeper ones stay one name.
constexpr size_t kMaxLevels = 16;

using ByName = std::map<std::string, const v1::Metric*>;

struct Node {
  std::map<std::string, Node> children;
  const v1::Metric* metric = nullptr;
};

// Whole numbers are exact up to here in a double.
constexpr double kExact = 9007199254740992.0;

bool IsWhole(double number) {
  return std::fabs(number) <= kExact && number == std::trunc(number);
}

double NumberOf(const v1::Metric& metric) {
  return metric.has_counter() ? metric.counter() : metric.gauge();
}

void WriteValue(const v1::Metric& metric, json::Writer& out) {
  if (metric.has_text()) {
    out.String(metric.text());
  } else if (IsWhole(NumberOf(metric))) {
    out.Int(static_cast<int64_t>(NumberOf(metric)));
  } else {
    out.Double(NumberOf(metric));
  }
}

Response GetMetrics(const Context& context) {
  const auto snapshot = context.kernel().MetricsSnapshot({}, context.Call());
  if (!snapshot.ok()) return FailedCall(context, snapshot.status());
  ByName by_name;
  for (const v1::Metric& metric : snapshot->metrics()) {
    by_name[metric.bundle() + "." + RepairUtf8(metric.key())] = &metric;
  }
  json::Writer out;
  out.BeginObject();
  for (const auto& [name, metric] : by_name) {
    out.Key(name);
    WriteValue(*metric, out);
  }
  out.EndObject();
  return JsonAnswer(out);
}

// Letters, digits, '_' and ':'; never a digit first.
std::string OpenMetricsName(const v1::Metric& metric) {
  static constexpr std::string_view kAllowed =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_:";
  std::string name = metric.bundle() + "_" + metric.key();
  for (char& c : name) {
    if (kAllowed.find(c) == std::string_view::npos) c = '_';
  }
  if (name[0] >= '0' && name[0] <= '9') name.insert(0, 1, '_');
  return name;
}

std::string FixedNumber(double number) {
  char text[512];  // the longest double has 309 digits before the point
  const auto [end, error] =
      std::to_chars(text, text + sizeof text, number, std::chars_format::fixed);
  return error == std::errc() ? std::string(text, end) : std::string("0");
}

Response GetOpenMetrics(const Context& context) {
  const auto snapshot = context.kernel().MetricsSnapshot({}, context.Call());
  if (!snapshot.ok()) return FailedCall(context, snapshot.status());
  std::map<std::string, double> lines;
  for (const v1::Metric& metric : snapshot->metrics()) {
    if (metric.has_text() || !std::isfinite(NumberOf(metric))) continue;
    lines[OpenMetricsName(metric)] = NumberOf(metric);
  }
  Response response;
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  for (const auto& [name, number] : lines) {
    response.body += name + " " + FixedNumber(number) + "\n";
  }
  return response;
}

void WriteNode(const Node& node, json::Writer& out) {
  if (node.children.empty() && node.metric != nullptr) {
    WriteValue(*node.metric, out);
    return;
  }
  out.BeginObject();
  for (const auto& [name, child] : node.children) {
    out.Key(name);
    WriteNode(child, out);
  }
  out.EndObject();
}

// The names between the bundle's dots are levels, the key is one name.
Response GetLegacyMetrics(const Context& context) {
  const auto snapshot = context.kernel().MetricsSnapshot({}, context.Call());
  if (!snapshot.ok()) return FailedCall(context, snapshot.status());
  Node root;
  for (const v1::Metric& metric : snapshot->metrics()) {
    Node* node = &root;
    std::string_view rest = metric.bundle();
    for (size_t level = 1; !rest.empty(); ++level) {
      const size_t dot = level < kMaxLevels ? rest.find('.') : std::string_view::npos;
      node = &node->children[std::string(rest.substr(0, dot))];
      rest.remove_prefix(dot == std::string_view::npos ? rest.size() : dot + 1);
    }
    node->children[RepairUtf8(metric.key())].metric = &metric;
  }
  json::Writer out;
  WriteNode(root, out);
  return JsonAnswer(out);
}

}  // namespace

void AddMetrics(Router& router) {
  router.Add({"GET", "/metrics", kV2, "metrics.list", GetMetrics});
  router.Add({"GET", "/openmetrics", kV2, "openmetrics.list", GetOpenMetrics});
  // A browser that asks for the page of the same name gets the page.
  router.Add({"GET", "/metrics", kUnversioned, "legacy", GetLegacyMetrics, false, Page});
}

}  // namespace nscp::gateway
