#include "workers/check_system/systemd_session_posix.h"

#include <algorithm>
#include <cstring>
#include <deque>

#include "proto/cpp/text.h"

namespace nscp::check_system {
namespace {

constexpr char kService[] = "org.freedesktop.systemd1";
constexpr char kManagerPath[] = "/org/freedesktop/systemd1";
constexpr char kManager[] = "org.freedesktop.systemd1.Manager";
constexpr char kProperties[] = "org.freedesktop.DBus.Properties";
// Questions on their way at a time; the bus refuses too many of them.
constexpr size_t kMaxAsked = 64;
// How soon a caller that has gone is noticed.
constexpr std::chrono::milliseconds kLook{100};

// What systemd says of a unit, or of a property, that there is not.
bool MeansMissing(const sd_bus_error& error) {
  for (const char* name : {SD_BUS_ERROR_UNKNOWN_OBJECT, SD_BUS_ERROR_UNKNOWN_PROPERTY,
                           SD_BUS_ERROR_UNKNOWN_INTERFACE, SD_BUS_ERROR_UNKNOWN_METHOD,
                           "org.freedesktop.systemd1.NoSuchUnit"}) {
    if (sd_bus_error_has_name(&error, name) > 0) return true;
  }
  return false;
}

}  // namespace

Status SystemdSession::Broken(int error) const {
  return Status::Unavailable("Failed to ask systemd over " + address_ + ": " +
                             std::strerror(-error) +
                             " (check_service needs systemd and its D-Bus)");
}

Status SystemdSession::Late() const {
  return Status::DeadlineExceeded("Failed to ask systemd over " + address_ +
                                  ": it did not answer in time");
}

Status SystemdSession::Open() {
  if (!StartsWith(address_, "unix:")) {
    return Status::InvalidArgument("Failed to ask systemd: the bus address \"" +
                                   address_ +
                                   "\" must begin with unix: (such as unix:path=/run/"
                                   "dbus/system_bus_socket)");
  }
  sd_bus* bus = nullptr;
  int result = sd_bus_new(&bus);
  if (result < 0) return Broken(result);
  bus_.reset(bus);
  result = sd_bus_set_address(bus, address_.c_str());
  if (result >= 0) result = sd_bus_set_bus_client(bus, 1);
  if (result >= 0) result = sd_bus_start(bus);
  return result < 0 ? Broken(result) : Status::Ok();
}

Status SystemdSession::Step() {
  if (wish_.cancelled && wish_.cancelled()) {
    return Status::Cancelled("Asking systemd was stopped: nobody waits for it");
  }
  const auto now = Clock::now();
  if (now >= end_ || now >= silent_since_ + kSilenceLimit) return Late();
  int result = sd_bus_process(bus_.get(), nullptr);
  if (result == 0) {
    const auto wait = std::chrono::duration_cast<std::chrono::microseconds>(
        std::min<Clock::duration>(kLook, end_ - now));
    result = sd_bus_wait(bus_.get(), static_cast<uint64_t>(wait.count()));
    if (result == -EINTR) result = 0;
  }
  return result < 0 ? Broken(result) : Status::Ok();
}

Status SystemdSession::WaitFor(size_t asked) {
  while (asked_ > asked && failure_.ok()) RETURN_IF_ERROR(Step());
  return failure_;
}

void SystemdSession::Fail(int error) {
  if (failure_.ok()) failure_ = Broken(error);
}

bool SystemdSession::IsAnswer(sd_bus_message* message, UnitEntry* entry) {
  --asked_;
  silent_since_ = Clock::now();
  const sd_bus_error* error = sd_bus_message_get_error(message);
  if (error == nullptr) return true;
  if (entry != nullptr && MeansMissing(*error)) {
    if (sd_bus_error_has_name(error, SD_BUS_ERROR_UNKNOWN_OBJECT) > 0 ||
        sd_bus_error_has_name(error, "org.freedesktop.systemd1.NoSuchUnit") > 0) {
      entry->is_gone = true;
    }
    return false;
  }
  if (failure_.ok()) {
    const std::string name = error->name == nullptr ? "" : error->name;
    failure_ = Status::Unavailable(
        "Failed to ask systemd over " + address_ + ": " +
        (error->message == nullptr ? name : error->message + (" (" + name + ")")));
  }
  return false;
}

int SystemdSession::TakeList(sd_bus_message* message, void* session, sd_bus_error*) {
  auto& self = *static_cast<SystemdSession*>(session);
  if (!self.IsAnswer(message, nullptr)) return 0;
  const int result = self.ReadList(message);
  if (result < 0) self.Fail(result);
  return 0;
}

int SystemdSession::ReadList(sd_bus_message* message) {
  int result = sd_bus_message_enter_container(message, 'a', "(ssssssouso)");
  while (result >= 0) {
    const char *id, *description, *load, *active, *sub, *following, *path, *job_type;
    const char* job_path;
    uint32_t job;
    result =
        sd_bus_message_read(message, "(ssssssouso)", &id, &description, &load, &active,
                            &sub, &following, &path, &job, &job_type, &job_path);
    if (result <= 0) break;
    if (!EndsWith(id, ".service")) continue;
    if (list_->size() == kMaxUnits) {
      failure_ = Status::ResourceExhausted(
          "Failed to list services: there are more than " + std::to_string(kMaxUnits));
      break;
    }
    UnitEntry entry;
    entry.unit.id = id;
    entry.unit.description = description;
    entry.unit.load = load;
    entry.unit.active = active;
    entry.unit.sub = sub;
    entry.path = path;
    list_->push_back(std::move(entry));
  }
  return result;
}

Status SystemdSession::List(std::vector<UnitEntry>& entries) {
  list_ = &entries;
  const int result =
      sd_bus_call_method_async(bus_.get(), nullptr, kService, kManagerPath, kManager,
                               "ListUnits", &SystemdSession::TakeList, this, "");
  if (result < 0) return Broken(result);
  ++asked_;
  return WaitFor(0);
}

int SystemdSession::TakeProperty(sd_bus_message* message, void* question, sd_bus_error*) {
  const auto& [session, entry, property] = *static_cast<const Question*>(question);
  if (!session->IsAnswer(message, entry)) return 0;
  int result = sd_bus_message_enter_container(message, 'v', property->type);
  if (result > 0) result = property->take(message, entry->unit);
  if (result < 0) session->Fail(result);
  return 0;
}

Status SystemdSession::Ask(Question& question) {
  RETURN_IF_ERROR(WaitFor(kMaxAsked - 1));
  if (question.entry->is_gone) return Status::Ok();
  const int result = sd_bus_call_method_async(
      bus_.get(), nullptr, kService, question.entry->path.c_str(), kProperties, "Get",
      &SystemdSession::TakeProperty, &question, "ss", question.property->interface,
      question.property->name);
  if (result < 0) return Broken(result);
  ++asked_;
  return Status::Ok();
}

Status SystemdSession::Read(std::vector<UnitEntry>& entries,
                            const std::vector<const UnitProperty*>& properties) {
  std::deque<Question> questions;  // stay where they are until they are answered
  for (UnitEntry& entry : entries) {
    for (const UnitProperty* property : properties) {
      questions.push_back({this, &entry, property});
      RETURN_IF_ERROR(Ask(questions.back()));
    }
  }
  return WaitFor(0);
}

}  // namespace nscp::check_system
