// Objects that a user names in the settings: users, targets, schedules, filters. Below a
// path P the object N is a section `[P/N]` with a key for each property, or a line
// `N = value` in [P], or both. A section may name a `parent` (without one: "default"),
// whose properties it has where it sets none of its own; may be a template
// (`is template`), which lends its properties and is no object itself, as "default"
// always is; and may be called otherwise than its section (`alias`).
//
// Pure functions over a snapshot of the settings; any thread. Names and keys are compared
// without case. Source: the settings' specification B.10.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "workers/sdk/module.h"

namespace nscp::sdk {

inline constexpr std::string_view kDefaultObject = "default";
// Objects of one path, templates too.
inline constexpr size_t kMaxObjects = 10000;
// Sections that one object inherits from, one above the other.
inline constexpr size_t kMaxObjectParents = 16;

struct Property {
  std::string key;
  std::string value;
};

struct SettingsObject {
  std::string name;   // of the section or the line, as spelled
  std::string alias;  // what it is called: the name without an alias of its own
  std::string value;  // of the line; empty without one
  // Own ones, then those of the parent, and so on: each key once, none with an empty
  // value. `parent`, `is template` and `alias` are not among them.
  std::vector<Property> properties;

  std::string Get(std::string_view key, std::string_view otherwise = "") const;
};

struct ObjectList {
  // Without templates; sections in the file's order, then what has a line alone.
  std::vector<SettingsObject> objects;
  // Circles, chains of parents that are too long, objects beyond the bound: for the log.
  // Such an object has what it got before.
  std::vector<std::string> problems;
};

// A parent that has no section is a template without properties of its own.
ObjectList ReadObjects(const Settings& settings, std::string_view path);

}  // namespace nscp::sdk
