#include "workers/check_docker/containers.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "proto/cpp/text.h"
#include "proto/cpp/utf8.h"
#include "workers/check_docker/fields.h"

namespace nscp::check_docker {
namespace {

constexpr size_t kMaxContainers = 10000;  // of a list
constexpr size_t kShortId = 12;
constexpr size_t kLongestId = 128;
constexpr size_t kMaxText = 4096;  // bytes of one text

std::string CutText(std::string text) {
  if (text.size() > kMaxText) text = CutUtf8(text, kMaxText);
  return text;
}

bool IsHex(const std::string& id) {
  return !id.empty() && id.size() <= kLongestId &&
         id.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
}

// "Up 2 hours (healthy)", "Up 1 second (health: starting)".
std::string HealthOf(const std::string& status) {
  for (const char* word : {"healthy", "unhealthy"}) {
    if (EndsWith(status, "(" + std::string(word) + ")")) return word;
  }
  return EndsWith(status, "(health: starting)") ? "starting" : "";
}

std::string PortText(const json::Value& port) {
  const std::string inner =
      std::to_string(CountOf(port, "PrivatePort")) + "/" + TextOf(port, "Type");
  const int64_t outer = CountOf(port, "PublicPort");
  if (outer == 0) return inner;
  std::string address = TextOf(port, "IP");
  if (address.find(':') != std::string::npos) address = "[" + address + "]";
  return address + ":" + std::to_string(outer) + "->" + inner;
}

std::string PortsOf(const json::Value& item) {
  std::vector<std::string> texts;
  for (const json::Value& port : FieldOf(item, "Ports").Items()) {
    texts.push_back(PortText(port));
  }
  std::sort(texts.begin(), texts.end());
  return CutText(Join(texts, ", "));
}

std::string AddressesOf(const json::Value& item) {
  std::vector<std::string> texts;
  const json::Value networks = FieldOf(FieldOf(item, "NetworkSettings"), "Networks");
  for (const auto& [name, network] : networks.Members()) {
    for (const char* field : {"IPAddress", "GlobalIPv6Address"}) {
      std::string address = TextOf(network, field);
      if (!address.empty()) texts.push_back(std::move(address));
    }
  }
  return CutText(Join(texts, ", "));
}

std::string LabelsOf(const json::Value& item) {
  std::vector<std::string> texts;
  for (const auto& [name, value] : FieldOf(item, "Labels").Members()) {
    texts.push_back(name + "=" + value.AsString());
  }
  std::sort(texts.begin(), texts.end());
  return CutText(Join(texts, ", "));
}

Container ParseContainer(const json::Value& item) {
  Container container;
  container.id = TextOf(item, "Id");
  for (const json::Value& name : FieldOf(item, "Names").Items()) {
    std::string text = name.AsString();
    if (StartsWith(text, "/")) text.erase(0, 1);
    container.all_names.push_back(std::move(text));
  }
  container.names = CutText(Join(container.all_names, ", "));
  if (container.names.empty()) container.names = container.id.substr(0, kShortId);
  container.image = TextOf(item, "Image");
  container.image_id = TextOf(item, "ImageID");
  container.command = CutText(TextOf(item, "Command"));
  container.state = ToLowerAscii(TextOf(item, "State"));
  container.status = TextOf(item, "Status");
  container.health = HealthOf(container.status);
  container.created = CountOf(item, "Created");
  container.ip = AddressesOf(item);
  container.ports = PortsOf(item);
  container.labels = LabelsOf(item);
  return container;
}

// ---- times

// Reads `size` digits at the beginning and takes them away; -1 where there are none.
int TakeDigits(std::string_view* text, size_t size) {
  int number = -1;
  if (text->size() < size) return -1;
  const auto read = std::from_chars(text->data(), text->data() + size, number);
  if (read.ec != std::errc() || read.ptr != text->data() + size) return -1;
  text->remove_prefix(size);
  return number;
}

bool TakeMark(std::string_view* text, char mark) {
  if (text->empty() || (*text)[0] != mark) return false;
  text->remove_prefix(1);
  return true;
}

// Days since 1970-01-01 in the Gregorian calendar (H. Hinnant, days_from_civil).
int64_t DaysOf(int64_t year, int64_t month, int64_t day) {
  year -= month <= 2 ? 1 : 0;
  const int64_t era = year / 400;
  const int64_t year_of_era = year - era * 400;
  const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

// "Z", "+01:00": seconds east; nothing for another text.
std::optional<int64_t> OffsetOf(std::string_view text) {
  if (text == "Z" || text == "z") return 0;
  const bool west = TakeMark(&text, '-');
  if (!west && !TakeMark(&text, '+')) return std::nullopt;
  const int hours = TakeDigits(&text, 2);
  const bool marked = TakeMark(&text, ':');
  const int minutes = TakeDigits(&text, 2);
  if (hours < 0 || minutes < 0 || !marked || !text.empty()) return std::nullopt;
  return (west ? -1 : 1) * (hours * 3600 + minutes * 60);
}

// ---- figures

double CpuPercent(const json::Value& stats) {
  const json::Value now = FieldOf(stats, "cpu_stats");
  const json::Value before = FieldOf(stats, "precpu_stats");
  const json::Value usage = FieldOf(now, "cpu_usage");
  const double busy = NumberOf(usage, "total_usage") -
                      NumberOf(FieldOf(before, "cpu_usage"), "total_usage");
  const double all =
      NumberOf(now, "system_cpu_usage") - NumberOf(before, "system_cpu_usage");
  double processors = NumberOf(now, "online_cpus");
  if (processors <= 0) {
    processors = static_cast<double>(FieldOf(usage, "percpu_usage").size());
  }
  return busy > 0 && all > 0 ? busy / all * std::max(processors, 1.0) * 100 : 0;
}

}  // namespace

bool Container::IsCalled(const std::string& name) const {
  const std::string_view wanted =
      StartsWith(name, "/") ? std::string_view(name).substr(1) : std::string_view(name);
  if (std::find(all_names.begin(), all_names.end(), wanted) != all_names.end()) {
    return true;
  }
  return wanted.size() >= kShortId && StartsWith(id, wanted);
}

Result<std::vector<Container>> ParseContainers(const json::Value& list) {
  if (!list.IsArray()) {
    return Status::InvalidArgument("the container engine's list of containers is none");
  }
  std::vector<Container> containers;
  for (const json::Value& item : list.Items()) {
    if (containers.size() >= kMaxContainers) {
      return Status::ResourceExhausted("there are more than " +
                                       std::to_string(kMaxContainers) + " containers");
    }
    Container container = ParseContainer(item);
    if (IsHex(container.id)) containers.push_back(std::move(container));
  }
  return containers;
}

Result<Details> ParseDetails(const json::Value& inspected) {
  const json::Value state = FieldOf(inspected, "State");
  if (!state.IsObject()) {
    return Status::InvalidArgument("the container engine tells no state");
  }
  Details details;
  details.restart_count = CountOf(inspected, "RestartCount");
  details.state = ToLowerAscii(TextOf(state, "Status"));
  details.oom_killed = FieldOf(state, "OOMKilled").AsBool();
  details.exit_code = FieldOf(state, "ExitCode").AsInt().value_or(0);
  details.started_at = ParseTime(TextOf(state, "StartedAt"));
  return details;
}

double Usage::MemoryPercent() const {
  if (memory_limit <= 0) return 0;
  return static_cast<double>(memory_used) * 100 / static_cast<double>(memory_limit);
}

Result<Usage> ParseUsage(const json::Value& stats) {
  const json::Value memory = FieldOf(stats, "memory_stats");
  if (!FieldOf(stats, "cpu_stats").IsObject()) {
    return Status::InvalidArgument("the container engine tells no figures");
  }
  Usage usage;
  usage.cpu_percent = CpuPercent(stats);
  usage.memory_used = CountOf(memory, "usage");
  usage.memory_limit = CountOf(memory, "limit");
  // What `docker stats` leaves out: with cgroups 2 the one, with cgroups 1 the other.
  const json::Value kinds = FieldOf(memory, "stats");
  const int64_t cache = kinds.Find("total_inactive_file")
                            ? CountOf(kinds, "total_inactive_file")
                            : CountOf(kinds, "inactive_file");
  if (cache < usage.memory_used) usage.memory_used -= cache;
  return usage;
}

int64_t ParseTime(const std::string& text) {
  std::string_view rest = text;
  std::array<int, 6> parts{};
  constexpr std::string_view kMarks = "--T::";
  for (size_t i = 0; i < parts.size(); ++i) {
    parts[i] = TakeDigits(&rest, i == 0 ? 4 : 2);
    if (parts[i] < 0 || (i < kMarks.size() && !TakeMark(&rest, kMarks[i]))) return -1;
  }
  if (TakeMark(&rest, '.')) {
    rest.remove_prefix(std::min(rest.find_first_not_of("0123456789"), rest.size()));
  }
  const auto offset = OffsetOf(rest);
  const auto& [year, month, day, hour, minute, second] = parts;
  if (!offset || month < 1 || month > 12 || day < 1 || day > 31) return -1;
  constexpr int64_t kDay = 86400;
  const int64_t seconds =
      DaysOf(year, month, day) * kDay + hour * 3600 + minute * 60 + second - *offset;
  return std::max<int64_t>(seconds, -1);
}

}  // namespace nscp::check_docker
