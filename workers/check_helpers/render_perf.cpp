#include <chrono>

#include "workers/check_helpers/perf_checks.h"
#include "workers/checks/check.h"

namespace nscp::check_helpers {
namespace {

using checks::Check;
using sdk::CheckResult;
using sdk::PerfValue;

std::optional<double> ValueOf(const std::optional<sdk::Bound>& bound) {
  return bound ? std::optional<double>(bound->value) : std::nullopt;
}

std::string TextOf(const std::optional<sdk::Bound>& bound) {
  if (!bound) return "";
  return bound->range.empty() ? sdk::FormatNumber(bound->value) : bound->range;
}

std::string TextOf(const std::optional<double>& number) {
  return number ? sdk::FormatNumber(*number) : "";
}

checks::Keywords<PerfValue> PerfKeywords() {
  checks::Keywords<PerfValue> k;
  k.Text("key", "The label of the item",
         [](const PerfValue& p) -> std::string_view { return p.label; });
  k.Text("message", "The label of the item",
         [](const PerfValue& p) -> std::string_view { return p.label; });
  k.Real("value", "The value", [](const PerfValue& p) {
     return p.text ? std::nullopt : std::optional<double>(p.value);
   }).Human([](const PerfValue& p) {
    return p.text ? *p.text : sdk::FormatNumber(p.value);
  });
  k.Text("unit", "The unit of the value",
         [](const PerfValue& p) -> std::string_view { return p.unit; });
  k.Real("warn", "The warning threshold", [](const PerfValue& p) {
     return ValueOf(p.warning);
   }).Human([](const PerfValue& p) { return TextOf(p.warning); });
  k.Real("crit", "The critical threshold", [](const PerfValue& p) {
     return ValueOf(p.critical);
   }).Human([](const PerfValue& p) { return TextOf(p.critical); });
  k.Real("max", "The largest possible value", [](const PerfValue& p) {
     return p.maximum;
   }).Human([](const PerfValue& p) { return TextOf(p.maximum); });
  k.Real("min", "The smallest possible value", [](const PerfValue& p) {
     return p.minimum;
   }).Human([](const PerfValue& p) { return TextOf(p.minimum); });
  return k;
}

Check<PerfValue> RenderCheck() {
  checks::OptionTable options;
  options.Text("command", "", "The name of the command to run");
  options.List("arguments", {},
               "Its arguments; behind the bare word everything belongs to the command");
  options.Bool("remove-perf", "Leave out the performance data of the command");
  options.Positional("arguments");
  checks::FilterDefaults defaults;
  defaults.empty_state = "unknown";
  defaults.top_syntax = "%(status): %(message) %(list)";
  defaults.detail_syntax =
      "%(key)\t%(value)\t%(unit)\t%(warn)\t%(crit)\t%(min)\t%(max)\n";
  defaults.perf_syntax = "%(key)";
  return Check<PerfValue>(std::move(options), defaults, PerfKeywords());
}

}  // namespace

Handler MakeRenderPerf(Log log) {
  // Shared, since a Handler can be copied and a Check cannot.
  auto check = std::make_shared<const Check<PerfValue>>(RenderCheck());
  return [check, log = std::move(log)](const std::vector<std::string>& arguments,
                                       sdk::Call& call) {
    CheckResult original;
    bool remove_perf = false;
    CheckResult rendered =
        check->Run(arguments, checks::EnvironmentOf(log, call),
                   [&](const checks::Arguments& parsed, checks::Sink<PerfValue>& sink) {
                     if (!parsed.Given("command"))
                       return Status::InvalidArgument("Missing command");
                     remove_perf = parsed.Flag("remove-perf");
                     original = call.Run(WrappedQuery(parsed));
                     for (const sdk::Line& line : original.lines) {
                       for (const PerfValue& item : line.perf) {
                         if (!sink.Add(item)) return Status::Ok();
                       }
                     }
                     return Status::Ok();
                   });
    if (remove_perf) {
      for (sdk::Line& line : original.lines) line.perf.clear();
    }
    rendered.lines.insert(rendered.lines.begin(),
                          std::make_move_iterator(original.lines.begin()),
                          std::make_move_iterator(original.lines.end()));
    return rendered;
  };
}

}  // namespace nscp::check_helpers
