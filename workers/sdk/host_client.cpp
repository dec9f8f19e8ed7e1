#include "workers/sdk/host_client.h"

#include "proto/cpp/utf8.h"
#include "workers/sdk/convert.h"
#include "workers/sdk/request_scope.h"
#include "workers/sdk/sockets.h"

namespace nscp::sdk {
namespace {

v1::LogLevel LevelOf(LogLevel level) {
  switch (level) {
    case LogLevel::kCritical:
      return v1::LOG_CRITICAL;
    case LogLevel::kError:
      return v1::LOG_ERROR;
    case LogLevel::kWarning:
      return v1::LOG_WARNING;
    case LogLevel::kInfo:
      return v1::LOG_INFO;
    case LogLevel::kDebug:
      return v1::LOG_DEBUG;
    case LogLevel::kTrace:
      return v1::LOG_TRACE;
  }
  return v1::LOG_ERROR;
}

int64_t NowMs() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

HostClient::HostClient(std::unique_ptr<KernelClient> kernel)
    : kernel_(std::move(kernel)), writer_([this] { WriteLoop(); }) {}

HostClient::~HostClient() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  writer_.join();
  for (const auto& [name, descriptor] : descriptors_) CloseSocket(descriptor);
}

void HostClient::Log(LogLevel level, std::string_view message) {
  v1::LogEntry entry;
  entry.set_level(LevelOf(level));
  entry.set_time_ms(NowMs());
  entry.set_message(CutUtf8(message, kMaxLine));
  entry.set_request_id(RequestScope::Current());
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (lines_.size() >= kMaxQueuedLines) {
      ++dropped_;
      return;
    }
    lines_.push_back(std::move(entry));
  }
  changed_.notify_all();
}

void HostClient::WriteLoop() {
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stopping_ || !lines_.empty(); });
    if (lines_.empty()) return;
    v1::WriteLogsRequest batch;
    for (v1::LogEntry& entry : lines_) *batch.add_entries() = std::move(entry);
    lines_.clear();
    if (dropped_ > 0) {
      v1::LogEntry& entry = *batch.add_entries();
      entry.set_level(v1::LOG_WARNING);
      entry.set_time_ms(NowMs());
      entry.set_message(std::to_string(dropped_) +
                        " log lines were dropped: too many at once");
      dropped_ = 0;
    }
    lock.unlock();
    // A kernel that does not take the lines is gone or dying: there is nobody to tell.
    if (const Status lost = kernel_->WriteLogs(batch, {kCallTimeout, ""}); !lost.ok()) {
    }
    lock.lock();
  }
}

Status HostClient::SetNames(std::vector<DynamicName> names) {
  v1::RegisterRequest request;
  for (DynamicName& name : names) {
    v1::RegisterRequest::Name& to = *request.add_names();
    switch (name.kind) {
      case DynamicName::Kind::kQuery:
        to.set_kind(v1::DynamicClass::QUERY);
        break;
      case DynamicName::Kind::kAlias:
        to.set_kind(v1::DynamicClass::ALIAS);
        break;
      case DynamicName::Kind::kExec:
        to.set_kind(v1::DynamicClass::EXEC);
        break;
      case DynamicName::Kind::kChannel:
        to.set_kind(v1::DynamicClass::CHANNEL);
        break;
    }
    to.set_name(RepairUtf8(name.name));
    to.set_description(RepairUtf8(name.description));
    to.set_target(RepairUtf8(name.target));
  }
  const auto response = kernel_->Register(request, {kCallTimeout, ""});
  if (!response.ok()) return response.status().WithContext("registering names");
  for (const std::string& name : response->shadowed()) {
    Log(LogLevel::kInfo, "Duplicate command for command: " + name);
  }
  return Status::Ok();
}

Result<std::string> HostClient::ExpandPath(const std::string& path) {
  v1::ExpandPathRequest request;
  request.set_path(path);
  ASSIGN_OR_RETURN(const auto response, kernel_->ExpandPath(request, {kCallTimeout, ""}));
  return response.path();
}

Status HostClient::SaveSettings(const std::vector<Settings::Entry>& entries) {
  v1::UpdateSettingsRequest request;
  request.set_persist(true);
  for (const Settings::Entry& one : entries) {
    v1::SettingEntry& entry = *request.add_entries();
    entry.set_path(one.path);
    entry.set_key(one.key);
    entry.set_value(one.value);
  }
  return kernel_->UpdateSettings(request, {kCallTimeout, ""}).status();
}

Status HostClient::SetTag(const std::string& name, const std::string& value) {
  v1::SetTagRequest request;
  request.set_name(name);
  request.set_value(value);
  return kernel_->SetTag(request, {kCallTimeout, ""}).status();
}

void HostClient::CancelOwnCalls() {
  own_calls_.Cancel();
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    leaving_ = true;
  }
  changed_.notify_all();
}

bool HostClient::WaitReady(std::chrono::milliseconds limit) {
  constexpr std::chrono::milliseconds kLook{50};
  const auto end = std::chrono::steady_clock::now() + limit;
  for (;;) {
    const auto status = kernel_->GetHostStatus({}, {kCallTimeout, "", &own_calls_});
    if (status.ok() && status->ready()) return true;
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait_until(lock, std::min(end, std::chrono::steady_clock::now() + kLook),
                        [this] { return leaving_; });
    if (leaving_ || std::chrono::steady_clock::now() >= end) return false;
  }
}

CheckResult HostClient::Run(const Query& query, const std::string& call,
                            const CallOptions& options) {
  v1::ExecuteRequest request;
  request.set_command(query.command);
  for (const std::string& argument : query.arguments) request.add_arguments(argument);
  request.mutable_caller()->set_call(call);
  const auto response = kernel_->Execute(request, options);
  if (response.ok()) return FromMessage(response->result());
  return CheckResult::Unknown("Failed to execute command: " + query.command + " (" +
                              response.status().message() + ")");
}

CheckResult HostClient::Run(const Query& query, std::chrono::milliseconds limit) {
  return Run(query, "", {limit, RequestScope::Current(), &own_calls_});
}

SubmitAnswer HostClient::Submit(const Submission& submission, const std::string& call,
                                const CallOptions& options) {
  v1::SubmitRequest request = sdk::ToMessage(submission);
  request.mutable_caller()->set_call(call);
  const auto response = kernel_->Submit(request, options);
  if (!response.ok()) return {false, response.status().message()};
  return {response->accepted(), response->message()};
}

SubmitAnswer HostClient::Submit(const Submission& submission,
                                std::chrono::milliseconds limit) {
  return Submit(submission, "", {limit, RequestScope::Current(), &own_calls_});
}

Status HostClient::Emit(const std::vector<Event>& events) {
  v1::EmitEventsRequest request;
  for (const Event& event : events) *request.add_events() = sdk::ToMessage(event);
  return kernel_->EmitEvents(request, {kCallTimeout, ""}).status();
}

Status HostClient::Store(const std::string& context, const std::string& key,
                         const std::string& value) {
  v1::PutStorageRequest request;
  request.set_context(context);
  request.set_key(key);
  request.set_value(value);
  request.set_private_data(true);
  return kernel_->PutStorage(request, {kCallTimeout, ""}).status();
}

Result<std::map<std::string, std::string>> HostClient::Stored(
    const std::string& context) {
  v1::GetStorageRequest request;
  request.set_context(context);
  ASSIGN_OR_RETURN(const auto response, kernel_->GetStorage(request, {kCallTimeout, ""}));
  std::map<std::string, std::string> entries;
  for (const auto& entry : response.entries()) entries[entry.key()] = entry.value();
  return entries;
}

Result<int> HostClient::Listen(const std::string& name, const std::string& address,
                               uint16_t port, std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  v1::ListenRequest request;
  request.set_name(name);
  request.set_address(RepairUtf8(address));
  request.set_port(port);
  ASSIGN_OR_RETURN(const auto response, kernel_->Listen(request, {limit, ""}));
  if (response.bind_yourself()) return BindAndListen(address, port);
  std::unique_lock<std::mutex> lock(mutex_);
  if (!changed_.wait_until(lock, deadline,
                           [&] { return descriptors_.count(name) > 0 || stopping_; }) ||
      stopping_) {
    return Status::DeadlineExceeded("waiting for the socket \"" + name +
                                    "\" from the kernel: it did not come in time");
  }
  const int descriptor = descriptors_[name];
  descriptors_.erase(name);
  return descriptor;
}

void HostClient::Received(const std::string& name, int descriptor) {
  int old = -1;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto [it, added] = descriptors_.emplace(name, descriptor);
    if (!added) old = std::exchange(it->second, descriptor);
  }
  if (old >= 0) CloseSocket(old);
  changed_.notify_all();
}

}  // namespace nscp::sdk
