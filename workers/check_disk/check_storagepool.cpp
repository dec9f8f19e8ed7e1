#include "workers/check_disk/check_storagepool.h"

#include <algorithm>

#include "workers/checks/formats.h"

namespace nscp::check_disk {
namespace {

uint64_t FreeOf(const StoragePool& pool) {
  return pool.capacity - std::min(pool.used, pool.capacity);
}

std::optional<int64_t> PercentOfPool(uint64_t part, const StoragePool& pool) {
  if (pool.capacity == 0) return std::nullopt;
  return checks::RoundToInteger(100 * static_cast<double>(part) /
                                static_cast<double>(pool.capacity));
}

checks::Keywords<StoragePool> PoolKeywords() {
  checks::Keywords<StoragePool> k;
  k.Text("name", "Name of the pool",
         [](const StoragePool& pool) -> std::string_view { return pool.name; });
  k.Text("health_status", "Healthy, Warning, Unhealthy or Unknown",
         [](const StoragePool& pool) -> std::string_view {
           return HealthName(pool.health);
         });
  k.Text("operational_status", "What the pool does or suffers from: OK, Degraded ...",
         [](const StoragePool& pool) -> std::string_view { return pool.operation; });
  const auto bytes = [&](const char* name, const char* description, auto of) {
    k.Size(name, description, of)
        .Human([of](const StoragePool& pool) {
          return checks::FormatBytes(static_cast<double>(of(pool)));
        })
        .Perf("B", std::string("_") + name);
  };
  bytes("capacity", "Size of the pool in bytes",
        [](const StoragePool& pool) { return pool.capacity; });
  bytes("used", "Bytes that are given to virtual disks",
        [](const StoragePool& pool) { return pool.used; });
  bytes("free", "Bytes that are left", FreeOf);
  k.Percent("free_pct", "Free space in percent",
            [](const StoragePool& pool) { return PercentOfPool(FreeOf(pool), pool); })
      .NoValue("unknown")
      .Perf("%", "_free_pct");
  k.Percent("used_pct", "Used space in percent",
            [](const StoragePool& pool) { return PercentOfPool(pool.used, pool); })
      .NoValue("unknown")
      .Perf("%", "_used_pct");
  k.Integer("is_readonly", "1 when nothing can be written to the pool",
            [](const StoragePool& pool) { return pool.is_readonly; })
      .NoPerf();
  return k;
}

checks::Check<StoragePool> MakePoolCheck() {
  checks::FilterDefaults defaults;
  defaults.warning = {"health_status = 'Warning' or free_pct < 20"};
  defaults.critical = {"health_status = 'Unhealthy' or free_pct < 10"};
  defaults.empty_state = "ok";
  defaults.top_syntax = "${status}: ${list}";
  defaults.ok_syntax = "%(status): All storage pools are healthy.";
  defaults.empty_syntax = "%(status): No storage pools found";
  defaults.detail_syntax = "${name}: ${health_status}, ${used}/${capacity} used";
  defaults.perf_syntax = "${name}";
  return {checks::OptionTable(), defaults, PoolKeywords()};
}

}  // namespace

PoolCheck::PoolCheck() : check_(MakePoolCheck()) {}

sdk::CheckResult PoolCheck::Run(const std::vector<std::string>& arguments,
                                const checks::Environment& environment,
                                const Read& read) const {
  return check_.Run(
      arguments, environment,
      [&](const checks::Arguments&, checks::Sink<StoragePool>& sink) -> Status {
        ASSIGN_OR_RETURN(const std::vector<StoragePool> pools, read());
        for (const StoragePool& pool : pools) {
          if (!sink.Add(pool)) break;
        }
        return Status::Ok();
      });
}

}  // namespace nscp::check_disk
