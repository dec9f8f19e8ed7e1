#include "workers/check_wmi/targets.h"

#include "proto/cpp/text.h"
#include "workers/sdk/objects.h"

namespace nscp::check_wmi {
namespace {

constexpr char kTargets[] = "/settings/wmi/targets";
constexpr size_t kMaxComputerName = 255;

bool IsThisComputer(std::string_view name) {
  return name.empty() || name == "." || EqualsIgnoreCase(name, "localhost");
}

// It becomes a part of a path.
bool CanBeComputer(std::string_view name) {
  if (name.size() > kMaxComputerName) return false;
  for (const char c : name) {
    if (static_cast<unsigned char>(c) <= ' ' || c == '\\' || c == '/') return false;
  }
  return true;
}

wmi::Place PlaceOf(const sdk::SettingsObject& object) {
  wmi::Place place;
  place.computer = object.Get("hostname");
  if (place.computer.empty()) place.computer = object.value;
  if (place.computer.empty()) place.computer = object.alias;
  place.user = object.Get("username");
  place.password = object.Get("password");
  place.name_space.clear();
  return place;
}

}  // namespace

Targets ReadTargets(const sdk::Settings& settings) {
  sdk::ObjectList list = sdk::ReadObjects(settings, kTargets);
  Targets targets;
  targets.problems = std::move(list.problems);
  for (const sdk::SettingsObject& object : list.objects) {
    targets.places[ToLowerAscii(object.alias)] = PlaceOf(object);
  }
  return targets;
}

Result<wmi::Place> Targets::Resolve(const Login& login) const {
  wmi::Place place;
  const auto known = places.find(ToLowerAscii(login.target));
  if (known != places.end()) {
    place = known->second;
  } else {
    place.computer = login.target;
  }
  if (StartsWith(place.computer, "\\\\")) place.computer.erase(0, 2);
  if (!CanBeComputer(place.computer)) {
    return Status::InvalidArgument(
        "\"" + place.computer +
        "\" is no computer: write its name or address, or a name of " + kTargets);
  }
  if (IsThisComputer(place.computer)) place.computer.clear();
  if (!login.user.empty()) {
    // A password of the settings belongs to the user of the settings.
    place.user = login.user;
    place.password = login.password;
  } else if (!login.password.empty()) {
    place.password = login.password;
  }
  place.name_space = login.name_space.empty() ? wmi::kDefaultNamespace : login.name_space;
  return place;
}

}  // namespace nscp::check_wmi
