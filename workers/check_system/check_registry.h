// check_registry_key and check_registry_value: whether keys and values of the registry
// are there, and what they hold. Any thread.
#pragma once

#include <string>
#include <vector>

#include "workers/check_system/registry_source.h"
#include "workers/checks/check.h"
#include "workers/checks/time_zone.h"

namespace nscp::check_system {

struct RegistryKeyRow {
  RegistryPath path;
  std::string text;  // of the path
  std::string name;
  std::string parent;
  bool exists = false;
  int64_t depth = 0;
  RegistryKeyFacts facts;
  int64_t now = 0;
  const checks::TimeZone* zone = nullptr;
};

struct RegistryValueRow {
  std::string key;
  std::string hive;
  std::string name;
  std::string path;
  bool exists = false;
  std::string type;
  std::string text;
  int64_t integer = 0;
  int64_t size = 0;
  int64_t written = 0;  // of its key
  int64_t now = 0;
  const checks::TimeZone* zone = nullptr;
};

// Keys that one call walks through, and how deep.
constexpr size_t kMaxRegistryKeys = 100000;
constexpr int64_t kMaxRegistryDepth = 512;

class RegistryKeyCheck {
 public:
  RegistryKeyCheck();
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment, const OpenRegistry& open,
                       const checks::TimeZone& zone) const;

 private:
  checks::Check<RegistryKeyRow> check_;
};

class RegistryValueCheck {
 public:
  RegistryValueCheck();
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment, const OpenRegistry& open,
                       const checks::TimeZone& zone) const;

 private:
  checks::Check<RegistryValueRow> check_;
};

}  // namespace nscp::check_system
