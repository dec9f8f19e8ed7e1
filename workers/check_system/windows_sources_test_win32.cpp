// The real registry and the real counters, under wine too.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "workers/check_system/counter_reader.h"
#include "workers/check_system/pdh_source_win32.h"
#include "workers/check_system/registry_source_win32.h"

namespace nscp::check_system {
namespace {

TEST_CASE("the registry of Windows is read") {
  const auto registry = OpenWindowsRegistry("");
  REQUIRE(registry.ok());
  const auto path = ParseRegistryPath("HKLM\\Software\\Microsoft\\Windows NT");
  const auto names = (*registry)->SubKeys(*path, RegistryView::k64);
  REQUIRE(names.ok());
  CHECK(std::find(names->begin(), names->end(), "CurrentVersion") != names->end());
  const RegistryPath version = path->Below("CurrentVersion");
  const auto facts = (*registry)->Key(version, RegistryView::k64);
  REQUIRE(facts.ok());
  CHECK(facts->written > 0);
  const auto data = (*registry)->Value(version, "CurrentVersion", RegistryView::k64);
  REQUIRE(data.ok());
  CHECK(RegistryTypeName(data->type) == "REG_SZ");
  CHECK(RegistryText(*data).find('.') != std::string::npos);
  const auto values = (*registry)->ValueNames(version, RegistryView::k64);
  REQUIRE(values.ok());
  CHECK(static_cast<int64_t>(values->size()) == facts->values);
  CHECK((*registry)->Value(version, "no such value", RegistryView::k64).status().code() ==
        Code::kNotFound);
  CHECK((*registry)->Key(path->Below("none"), RegistryView::k64).status().code() ==
        Code::kNotFound);
}

TEST_CASE("the two counters that every Windows has are read") {
  const auto source = MakePdhSource();
  CounterWish up;
  up.alias = "up";
  up.path = "\\System\\System Up Time";
  CounterWish load;
  load.alias = "load";
  load.path = "\\Processor(_Total)\\% Processor Time";
  load.format.type = CounterType::kDouble;
  CounterWish none;
  none.path = "\\No Such\\Counter";
  const auto readings = ReadCounters(
      *source, {up, load, none},
      {false, [](int milliseconds) {
         std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
         return true;
       }});
  REQUIRE(readings.ok());
  REQUIRE(readings->size() == 3);
  CHECK((*readings)[0].value.value_or(0) > 0);
  CHECK((*readings)[1].value.ok());
  CHECK((*readings)[2].value.status().code() == Code::kNotFound);
}

TEST_CASE("counters are listed, or it is said that this Windows cannot") {
  const auto source = MakePdhSource();
  const auto objects = source->Objects("");
  if (objects.ok()) {
    CHECK(source->Object("", "System").ok());
  } else {
    CHECK(objects.status().code() == Code::kUnimplemented);
    CHECK(source->Object("", "System").status().code() == Code::kUnimplemented);
  }
}

}  // namespace
}  // namespace nscp::check_system
