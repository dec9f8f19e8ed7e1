#include "workers/check_system/registry_walk.h"

#include <deque>

#include "proto/cpp/text.h"

namespace nscp::check_system {

RegistryWalk::RegistryWalk(RegistrySource& registry, const RegistryWish& wish,
                           const checks::Environment& environment)
    : registry_(registry), wish_(wish), environment_(environment) {}

bool RegistryWalk::IsExcluded(const std::string& name) const {
  return wish_.exclude.count(ToLowerAscii(name)) != 0;
}

// Level by level, so that a bound cuts the deepest keys off.
Status RegistryWalk::Walk(const Visit& visit) {
  struct Place {
    RegistryPath path;
    int64_t depth;
  };
  std::deque<Place> places;
  for (const RegistryPath& key : wish_.keys) places.push_back({key, 0});
  size_t seen = places.size();
  while (!places.empty()) {
    if (environment_.cancelled && environment_.cancelled()) {
      return Status::Cancelled("The check was stopped while it read the registry");
    }
    const Place place = std::move(places.front());
    places.pop_front();
    const auto facts = registry_.Key(place.path, wish_.view);
    if (!facts.ok() && place.depth > 0) {
      environment_.Write(sdk::LogLevel::kDebug, facts.status().message());
      continue;
    }
    if (!facts.ok() && facts.status().code() != Code::kNotFound) return facts.status();
    ASSIGN_OR_RETURN(const bool goes_on, visit(place.path, place.depth, facts));
    if (!goes_on) return Status::Ok();
    if (!facts.ok() || place.depth == wish_.depth) continue;
    ASSIGN_OR_RETURN(const auto names, registry_.SubKeys(place.path, wish_.view));
    for (const std::string& name : names) {
      if (IsExcluded(name)) continue;
      if (++seen > kMaxRegistryKeys) {
        return Status::ResourceExhausted(
            "There are more than " + std::to_string(kMaxRegistryKeys) +
            " keys below: name a key further down, or use max-depth or exclude");
      }
      places.push_back({place.path.Below(name), place.depth + 1});
    }
  }
  return Status::Ok();
}

Status RegistryWalk::Keys(const std::function<bool(RegistryKeyRow)>& add) {
  return Walk([&](const RegistryPath& path, int64_t depth,
                  const Result<RegistryKeyFacts>& facts) -> Result<bool> {
    RegistryKeyRow row;
    row.path = path;
    row.text = path.Text();
    row.name = path.Name();
    row.parent = path.Parent();
    row.exists = facts.ok();
    row.depth = depth;
    if (facts.ok()) row.facts = *facts;
    return add(std::move(row));
  });
}

Result<RegistryValueRow> RegistryWalk::ReadValue(const RegistryPath& path,
                                                 const std::string& name,
                                                 const Result<RegistryKeyFacts>& facts) {
  RegistryValueRow row;
  row.key = path.Text();
  row.hive = HiveName(path.hive);
  row.name = name.empty() ? "(default)" : name;
  row.path = row.key + "\\" + row.name;
  row.type = "unknown";
  if (!facts.ok()) return row;
  row.written = facts->written;
  const auto data = registry_.Value(path, name, wish_.view);
  if (!data.ok() && data.status().code() != Code::kNotFound) return data.status();
  if (!data.ok()) return row;
  row.exists = true;
  row.type = RegistryTypeName(data->type);
  row.text = RegistryText(*data);
  row.integer = RegistryInteger(*data);
  row.size = data->size;
  return row;
}

Status RegistryWalk::Values(const std::vector<std::string>& names,
                            const std::function<bool(RegistryValueRow)>& add) {
  const bool wants_all = names.empty() || (names.size() == 1 && names[0] == "*");
  return Walk([&](const RegistryPath& path, int64_t depth,
                  const Result<RegistryKeyFacts>& facts) -> Result<bool> {
    std::vector<std::string> wanted = names;
    if (wants_all && facts.ok()) {
      ASSIGN_OR_RETURN(wanted, registry_.ValueNames(path, wish_.view));
    }
    for (const std::string& word : wanted) {
      const std::string name = EqualsIgnoreCase(word, "(default)") ? "" : word;
      if (IsExcluded(word)) continue;
      ASSIGN_OR_RETURN(RegistryValueRow row, ReadValue(path, name, facts));
      // Below the keys that were asked for, a name is looked for, not missed.
      if (depth > 0 && !row.exists) continue;
      if (!add(std::move(row))) return false;
    }
    return true;
  });
}

}  // namespace nscp::check_system
