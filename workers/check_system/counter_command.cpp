#include "workers/check_system/counter_command.h"

#include <charconv>

#include "json/writer.h"
#include "proto/cpp/text.h"
#include "workers/sdk/command_line.h"

namespace nscp::check_system {
namespace {

using sdk::CommandLine;
using sdk::CommandOption;
using sdk::ExecAnswer;
using Takes = CommandOption::Takes;

constexpr int kCounterFailed = 3;
// Paths that one answer lists.
constexpr size_t kMaxListed = 100000;
constexpr char kRuler[] = "---------------------------\n";
constexpr char kLookupBegin[] =
    "--+--[ Lookup Result ]----------------------------------------\n";
constexpr char kLookupEnd[] =
    "--+-----------------------------------------------------------";

const std::vector<CommandOption>& CounterOptions() {
  static const std::vector<CommandOption> options = {
      {"list", 0, Takes::kOptionalValue,
       "List the configured counters, with --all those of this system"},
      {"validate", 0, Takes::kOptionalValue,
       "List them and tell of each whether it can be read"},
      {"check", 0, Takes::kNothing, "Tell whether performance counters work at all"},
      {"counter", 0, Takes::kOptionalValue,
       "The object whose counters and instances are listed, such as Processor"},
      {"filter", 0, Takes::kOptionalValue, "List only what has this text in its path"},
      {"all", 0, Takes::kNothing, "All counters of the system, not the configured ones"},
      {"no-counters", 0, Takes::kNothing, "Leave the counters of objects out"},
      {"no-instances", 0, Takes::kNothing, "Leave the instances of objects out"},
      {"lookup-index", 0, Takes::kValue, "The index of a counter's local name"},
      {"lookup-name", 0, Takes::kValue, "The local name of an index"},
      {"expand-path", 0, Takes::kValue, "The paths that one with * stands for"},
      {"computer", 0, Takes::kValue, "Another computer, in the agent's own name"},
      {"user", 0, Takes::kValue, "Not supported: run the agent as that user"},
      {"password", 0, Takes::kValue, "Not supported, as --user"},
      {"porcelain", 0, Takes::kNothing, "A form for scripts"},
      {"json", 0, Takes::kNothing, "A JSON array of paths"},
  };
  return options;
}

std::string CounterUsage() {
  return "pdh Command line syntax:\n" + sdk::DescribeOptions(CounterOptions());
}

// Options with an optional value take the next word too, if it is none itself.
std::vector<std::string> JoinValues(const std::vector<std::string>& words) {
  std::vector<std::string> joined;
  for (size_t i = 0; i < words.size(); ++i) {
    joined.push_back(words[i]);
    for (const char* name : {"--list", "--validate", "--counter", "--filter"}) {
      const bool has_value = i + 1 < words.size() && !StartsWith(words[i + 1], "--");
      if (words[i] == name && has_value) joined.back() += "=" + words[++i];
    }
  }
  return joined;
}

std::string ForScripts(const std::string& text) {
  return "\"" + ReplaceAll(text, "\"", "\"\"") + "\"";
}

struct Listing {
  bool porcelain = false;
  bool json = false;
  bool validate = false;
  std::string filter;
};

// Puts one answer together, line by line.
class CounterList {
 public:
  CounterList(Listing listing, CounterSource& source)
      : listing_(std::move(listing)), source_(source) {}

  // False when no more are taken.
  bool Add(const std::string& path, const std::string& porcelain_line,
           const std::string& shown = "") {
    ++total_;
    const bool is_wanted = path.find(listing_.filter) != std::string::npos ||
                           shown.find(listing_.filter) != std::string::npos;
    if (!is_wanted) return true;
    if (count_ == kMaxListed) return false;
    ++count_;
    if (listing_.json) {
      paths_.push_back(path);
    } else if (listing_.porcelain) {
      text_ += porcelain_line + "\n";
    } else {
      text_ += shown.empty() ? path : shown;
      if (listing_.validate) text_ += ": " + Validate(path);
      text_ += "\n";
    }
    return true;
  }
  void Tell(const std::string& line) {
    if (!listing_.json) text_ += line + "\n";
  }

  std::string Validate(const std::string& path) {
    // A rate whose second sample is due is there all the same.
    const auto query = source_.Open();
    if (!query.ok()) return query.status().message();
    CounterWish wish;
    wish.path = path;
    const auto added = AddCounters(source_, **query, wish);
    if (!added.ok()) return added.status().message();
    const Status collected = (*query)->Collect();
    if (!collected.ok()) return collected.message();
    const auto value = (*query)->Value(added->front().id, wish.format);
    return value.ok() ? "ok" : value.status().message();
  }

  size_t count() const { return count_; }
  std::string Finish(const std::string& hint = "") {
    if (listing_.json) {
      json::Writer out;
      out.BeginArray();
      for (const std::string& path : paths_) out.String(path);
      out.EndArray();
      return out.Text();
    }
    if (listing_.porcelain) return text_;
    return text_ + kRuler + "Listed " + std::to_string(count_) + " of " +
           std::to_string(total_) + " counters." + hint;
  }

 private:
  const Listing listing_;
  CounterSource& source_;
  std::string text_;
  std::vector<std::string> paths_;
  size_t count_ = 0;
  size_t total_ = 0;
};

// What is listed of each object.
struct Parts {
  bool counters = true;
  bool instances = true;
  bool porcelain = false;
  std::string machine;
};

bool ListObject(const std::string& name, const CounterObject& object, const Parts& parts,
                CounterList& list) {
  const std::string host = parts.machine.empty() ? "" : "\\\\" + parts.machine;
  const std::string begin = host + "\\" + name;
  const auto counters = parts.counters ? object.counters : std::vector<std::string>();
  const auto instances = parts.instances ? object.instances : std::vector<std::string>();
  const bool is_flat = instances.empty() || parts.porcelain || counters.empty();
  const auto row = [&](const char* kind, const std::string& what) {
    return std::string(kind) + "," + ForScripts(name) + "," + ForScripts(what);
  };
  if (!is_flat) {
    for (const std::string& instance : instances) {
      for (const std::string& counter : counters) {
        if (!list.Add(begin + "(" + instance + ")\\" + counter, "")) return false;
      }
    }
    return true;
  }
  for (const std::string& instance : instances) {
    if (!list.Add(begin + "(" + instance + ")\\", row("instance", instance))) {
      return false;
    }
  }
  // Without its instances an object that has some is named by all of them.
  const std::string middle = object.instances.empty() ? "\\" : "(*)\\";
  for (const std::string& counter : counters) {
    if (!list.Add(begin + middle + counter, row("counter", counter))) return false;
  }
  if (!instances.empty() || !counters.empty()) return true;
  return list.Add(begin + "\\", "counter," + ForScripts(name) + ",,");
}

Result<std::vector<std::string>> WantedObjects(const CommandLine& line,
                                               CounterSource& source,
                                               const Parts& parts) {
  const std::string counter = line.Find("counter").value_or("");
  if (!counter.empty()) {
    // Also as it stands in a path: "\Processor(*)\..."
    const auto path = ParseCounterPath(counter);
    return std::vector<std::string>{path.ok() ? path->object : counter};
  }
  return source.Objects(parts.machine);
}

ExecAnswer ListSystem(const CommandLine& line, const Listing& listing,
                      CounterSource& source, const std::function<bool()>& cancelled) {
  Parts parts;
  parts.counters = !line.Has("no-counters");
  parts.instances = !line.Has("no-instances");
  parts.porcelain = listing.porcelain;
  parts.machine = line.Find("computer").value_or("");
  while (StartsWith(parts.machine, "\\")) parts.machine.erase(0, 1);
  const auto objects = WantedObjects(line, source, parts);
  if (!objects.ok()) {
    return {kCounterFailed, "ERROR: " + objects.status().message()};
  }
  CounterList list(listing, source);
  for (const std::string& name : *objects) {
    if (cancelled && cancelled()) return {kCounterFailed, "ERROR: stopped"};
    const auto object = source.Object(parts.machine, name);
    if (!object.ok() && line.Has("counter")) {
      return {kCounterFailed, "ERROR: " + object.status().message()};
    }
    if (!object.ok()) {
      list.Tell(parts.porcelain ? "error," + ForScripts(name) + "," +
                                      ForScripts(object.status().message())
                                : object.status().message());
    } else if (!ListObject(name, *object, parts, list)) {
      list.Tell("There are more than " + std::to_string(kMaxListed) +
                ": name an object with --counter");
      break;
    }
  }
  return {0, list.Finish()};
}

ExecAnswer ListConfigured(const Listing& listing, CounterSource& source,
                          const CounterWatch& watch) {
  CounterList list(listing, source);
  std::string head;
  if (!listing.porcelain && !listing.json) {
    head = std::string("Listing configured counters\n") + kRuler;
  }
  for (const CounterConfig& config : watch.All()) {
    const std::string& path = config.wish.path;
    list.Add(path,
             config.name + "," + path + "," +
                 (listing.validate && listing.porcelain ? list.Validate(path) : ""),
             config.name + " = " + path);
  }
  const std::string hint =
      list.count() > 0 ? ""
                       : " No counters was found (perhaps you wanted the --all option to "
                         "make this a global query, the default is so only look in "
                         "configured counters).";
  return {0, head + list.Finish(hint)};
}

ExecAnswer LookUp(const std::string& text, const Result<std::string>& found,
                  bool porcelain, const char* failed) {
  if (!found.ok()) return {kCounterFailed, failed + found.status().message()};
  if (porcelain) return {0, *found};
  return {0, kLookupBegin + std::string("  | Index for '") + text + "' is " + *found +
                 "\n" + kLookupEnd};
}

Result<std::string> NameOfText(CounterSource& source, const std::string& machine,
                               const std::string& text) {
  uint32_t index = 0;
  const char* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, index);
  if (error != std::errc() || end != last) {
    return Status::InvalidArgument("'" + text + "' is no index: write a number");
  }
  return source.NameOf(machine, index);
}

// Of the local names, then of the English ones.
Result<std::string> IndexOfText(CounterSource& source, const std::string& machine,
                                const std::string& text) {
  const auto index = source.IndexOf(machine, text);
  if (index.ok()) return std::to_string(*index);
  const auto english = source.EnglishIndexes();
  if (!english.ok()) return index.status();
  const auto found = english->find(ToLowerAscii(text));
  if (found == english->end()) return index.status();
  return std::to_string(found->second);
}

ExecAnswer ExpandText(CounterSource& source, const std::string& text, bool porcelain) {
  const auto paths = source.Expand(text);
  if (!paths.ok()) {
    return {kCounterFailed, "Failed to lookup index: " + paths.status().message()};
  }
  std::string answer = porcelain ? "" : kLookupBegin;
  for (const std::string& path : *paths) {
    answer += (porcelain ? "" : "  | Found ") + path + "\n";
  }
  return {0, porcelain ? answer : answer + kLookupEnd};
}

// The counter that every Windows has.
ExecAnswer CheckThatCountersWork(CounterSource& source) {
  CounterList list({}, source);
  const std::string found = list.Validate("\\System\\System Up Time");
  if (found != "ok") return {kCounterFailed, "Performance counters fail: " + found};
  return {0, "Performance counters work."};
}

}  // namespace

sdk::ExecAnswer RunCounterCommand(std::vector<std::string> words, CounterSource& source,
                                  const CounterWatch& watch,
                                  const std::function<bool()>& cancelled) {
  const auto line = CommandLine::Parse(CounterOptions(), JoinValues(words));
  if (!line.ok()) {
    return {kCounterFailed,
            "Invalid command line: " + line.status().message() + "\n" + CounterUsage()};
  }
  if (line->Has("help")) return {0, CounterUsage()};
  if (line->Has("user") || line->Has("password")) {
    return {kCounterFailed,
            "Counters are read in the agent's own name: run it as a user that may read "
            "those of the other computer, and leave --user and --password out"};
  }
  const std::string machine = line->Find("computer").value_or("");
  const bool porcelain = line->Has("porcelain");
  if (const auto text = line->Find("lookup-index")) {
    return LookUp(*text, IndexOfText(source, machine, *text), porcelain,
                  "Index not found: ");
  }
  if (const auto text = line->Find("lookup-name")) {
    return LookUp(*text, NameOfText(source, machine, *text), porcelain,
                  "Failed to lookup index: ");
  }
  if (const auto text = line->Find("expand-path")) {
    return ExpandText(source, *text, porcelain);
  }
  if (line->Has("check")) return CheckThatCountersWork(source);
  if (!line->Has("list") && !line->Has("validate")) {
    return {kCounterFailed, CounterUsage()};
  }
  Listing listing;
  listing.porcelain = porcelain;
  listing.json = line->Has("json");
  listing.validate = line->Has("validate");
  for (const char* name : {"filter", "list", "validate"}) {
    if (listing.filter.empty()) listing.filter = line->Find(name).value_or("");
  }
  const bool is_system = line->Has("all") || line->Has("counter") || !machine.empty();
  return is_system ? ListSystem(*line, listing, source, cancelled)
                   : ListConfigured(listing, source, watch);
}

}  // namespace nscp::check_system
