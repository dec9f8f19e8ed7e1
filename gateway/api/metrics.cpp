// The last snapshot of all metrics in three forms (rest-api.md 5.9).
#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <set>

#include "gateway/api/answer.h"
#include "gateway/api/context.h"
#include "gateway/api/resources.h"
#include "gateway/web/page.h"
#include "proto/cpp/metric_path.h"
#include "proto/cpp/utf8.h"

namespace nscp::gateway {
namespace {

// Levels of a bundle that become objects; deeper ones stay one name.
constexpr size_t kMaxLevels = 16;

struct Node {
  std::map<std::string, Node> children;
  std::optional<v1::Metric> metric;
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

std::string FixedNumber(double number) {
  char text[512];  // the longest double has 309 digits before the point
  const auto [end, error] =
      std::to_chars(text, text + sizeof text, number, std::chars_format::fixed);
  return error == std::errc() ? std::string(text, end) : std::string("0");
}

// A histogram is several figures: how many fell into each range or a lower one, and the
// count and the sum of all.
template <typename Write>
void ForEachFigure(const v1::Metric& metric, Write write) {
  if (!metric.has_histogram()) return write("", metric);
  const v1::MetricHistogram& histogram = metric.histogram();
  v1::Metric part;
  double count = 0;
  for (int i = 0; i < histogram.counts_size(); ++i) {
    count += static_cast<double>(histogram.counts(i));
    if (i >= histogram.bounds_size()) continue;
    part.set_counter(count);
    write("le_" + FixedNumber(histogram.bounds(i)), part);
  }
  part.set_counter(count);
  write("count", part);
  part.set_counter(histogram.sum());
  write("sum", part);
}

Response GetMetrics(const Context& context) {
  const auto snapshot = context.kernel().MetricsSnapshot({}, context.Call());
  if (!snapshot.ok()) return FailedCall(context, snapshot.status());
  std::map<std::string, v1::Metric> by_name;
  for (const v1::Metric& metric : snapshot->metrics()) {
    ForEachFigure(metric, [&](const std::string& part, const v1::Metric& figure) {
      by_name[MetricPath(metric) + (part.empty() ? "" : ".") + part] = figure;
    });
  }
  json::Writer out;
  out.BeginObject();
  for (const auto& [name, metric] : by_name) {
    out.Key(name);
    WriteValue(metric, out);
  }
  out.EndObject();
  return JsonAnswer(out);
}

// ---- for Prometheus

// Two notations that differ in little: OpenMetrics 1.0 (its specification, "Text Format")
// and Prometheus' text format 0.0.4 (its documentation, "Exposition formats").
constexpr char kOpenMetrics[] = "application/openmetrics-text";
constexpr char kOpenType[] = "application/openmetrics-text; version=1.0.0; charset=utf-8";
constexpr char kTextType[] = "text/plain; version=0.0.4; charset=utf-8";

// Letters, digits, '_' and ':'; never a digit first.
std::string CleanName(std::string name) {
  static constexpr std::string_view kAllowed =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_:";
  for (char& c : name) {
    if (kAllowed.find(c) == std::string_view::npos) c = '_';
  }
  if (name.empty() || (name[0] >= '0' && name[0] <= '9')) name.insert(0, 1, '_');
  return name;
}

bool EndsIn(std::string_view text, std::string_view end) {
  return text.size() > end.size() && text.substr(text.size() - end.size()) == end;
}

// A bound as both notations want it: the number 1 is "1.0".
std::string BoundText(double bound) {
  std::string text = FixedNumber(bound);
  return text.find('.') == std::string::npos ? text + ".0" : text;
}

std::string Escaped(std::string_view bytes, bool quotes) {
  std::string out;
  for (const char c : RepairUtf8(bytes)) {
    if (c == '\n') {
      out += "\\n";
    } else {
      if (c == '\\' || (c == '"' && quotes)) out += '\\';
      out += c;
    }
  }
  return out;
}

// `{worker="CheckDisk",le="0.5"}`; nothing without labels.
std::string LabelText(const v1::Metric& metric, const std::string& bound = "") {
  std::string out;
  for (const v1::MetricLabel& label : metric.labels()) {
    out += (out.empty() ? "" : ",") + CleanName(label.name()) + "=\"" +
           Escaped(label.value(), true) + "\"";
  }
  if (!bound.empty()) out += (out.empty() ? "le=\"" : ",le=\"") + bound + "\"";
  return out.empty() ? out : "{" + out + "}";
}

// Figures of one name. Samples by their labels, so that none comes twice.
struct Family {
  const v1::Metric* first = nullptr;
  std::map<std::string, const v1::Metric*> samples;
};

bool IsForNumbers(const v1::Metric& metric) {
  if (metric.has_histogram()) {
    const v1::MetricHistogram& histogram = metric.histogram();
    return histogram.counts_size() == histogram.bounds_size() + 1;
  }
  return !metric.has_text() && std::isfinite(NumberOf(metric));
}

// What the names of a family's lines end in.
std::vector<std::string> Endings(const v1::Metric& metric) {
  if (metric.has_histogram()) return {"", "_bucket", "_sum", "_count"};
  if (metric.has_counter()) return {"", "_total"};
  return {""};
}

// A counter's family has the name without "_total".
std::string FamilyName(const v1::Metric& metric) {
  std::string name = CleanName(metric.bundle() + "_" + metric.key());
  if (metric.has_counter() && EndsIn(name, "_total")) name.resize(name.size() - 6);
  return name;
}

std::map<std::string, Family> Families(const v1::MetricsSnapshotResponse& snapshot) {
  std::map<std::string, Family> families;
  for (const v1::Metric& metric : snapshot.metrics()) {
    if (!IsForNumbers(metric)) continue;
    Family& family = families[FamilyName(metric)];
    if (family.first == nullptr) family.first = &metric;
    // Another kind under the same name would spoil the whole answer: the first stays.
    if (family.first->value_case() != metric.value_case()) continue;
    family.samples[LabelText(metric)] = &metric;
  }
  // So would a name that another family's lines have.
  std::set<std::string> taken;
  for (auto family = families.begin(); family != families.end();) {
    std::vector<std::string> names = Endings(*family->second.first);
    for (std::string& name : names) name = family->first + name;
    const bool clashes = std::any_of(names.begin(), names.end(), [&](const auto& name) {
      return taken.count(name) != 0;
    });
    if (!clashes) taken.insert(names.begin(), names.end());
    family = clashes ? families.erase(family) : std::next(family);
  }
  return families;
}

void WriteHead(const std::string& name, const v1::Metric& metric, bool open,
               std::string& out) {
  // The older text format knows a counter by the name of its lines.
  const std::string shown = metric.has_counter() && !open ? name + "_total" : name;
  const char* type = metric.has_histogram() ? "histogram"
                     : metric.has_counter() ? "counter"
                                            : "gauge";
  out += "# TYPE " + shown + " " + type + "\n";
  const std::string unit = CleanName(metric.unit());
  if (open && !metric.unit().empty() && EndsIn(name, "_" + unit)) {
    out += "# UNIT " + shown + " " + unit + "\n";
  }
  if (!metric.description().empty()) {
    out += "# HELP " + shown + " " + Escaped(metric.description(), open) + "\n";
  }
}

void WriteHistogram(const std::string& name, const v1::Metric& metric, std::string& out) {
  const v1::MetricHistogram& histogram = metric.histogram();
  uint64_t count = 0;
  for (int i = 0; i < histogram.counts_size(); ++i) {
    const bool is_last = i == histogram.bounds_size();
    count += histogram.counts(i);
    out += name + "_bucket" +
           LabelText(metric, is_last ? "+Inf" : BoundText(histogram.bounds(i))) + " " +
           std::to_string(count) + "\n";
  }
  out += name + "_sum" + LabelText(metric) + " " + FixedNumber(histogram.sum()) + "\n";
  out += name + "_count" + LabelText(metric) + " " + std::to_string(count) + "\n";
}

Response GetOpenMetrics(const Context& context) {
  const auto snapshot = context.kernel().MetricsSnapshot({}, context.Call());
  if (!snapshot.ok()) return FailedCall(context, snapshot.status());
  const bool open = context.request.Header("Accept").value_or("").find(kOpenMetrics) !=
                    std::string_view::npos;
  Response response;
  response.content_type = open ? kOpenType : kTextType;
  for (const auto& [name, family] : Families(*snapshot)) {
    WriteHead(name, *family.first, open, response.body);
    for (const auto& [labels, metric] : family.samples) {
      if (metric->has_histogram()) {
        WriteHistogram(name, *metric, response.body);
        continue;
      }
      response.body += name + (metric->has_counter() ? "_total" : "") + labels + " " +
                       FixedNumber(NumberOf(*metric)) + "\n";
    }
  }
  if (open) response.body += "# EOF\n";
  return response;
}

void WriteNode(const Node& node, json::Writer& out) {
  if (node.children.empty() && node.metric) {
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

// The names between the bundle's dots are levels, each label is one; the key is one name.
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
    const int labels = metric.labels_size();
    if (labels > 0) node = &node->children[RepairUtf8(metric.labels(0).value())];
    node = &node->children[RepairUtf8(metric.key())];
    for (int i = 1; i < labels; ++i) {
      node = &node->children[RepairUtf8(metric.labels(i).value())];
    }
    ForEachFigure(metric, [&](const std::string& part, const v1::Metric& figure) {
      (part.empty() ? *node : node->children[part]).metric = figure;
    });
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
  router.Add({"GET", "/metrics", kUnversioned, "legacy", GetLegacyMetrics, false,
              gateway::Page});
}

}  // namespace nscp::gateway
