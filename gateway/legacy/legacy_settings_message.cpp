// POST /settings/query.pb (rest-api.md 6; plugin-protocol.md 1.2): the settings in
// NSClient++'s own message. What it may ask and change is what the REST routes of the
// settings may; the kernel masks what is sensitive.
#include <limits>

#include "gateway/api/answer.h"
#include "gateway/api/context.h"
#include "gateway/legacy/legacy.h"
#include "gateway/legacy/settings_message.h"

namespace nscp::gateway {
namespace {

using Ask = wire::SettingsRequestMessage::Request;
using Tell = wire::SettingsResponseMessage::Response;

// Requests in one message.
constexpr int kMaxSettingsRequests = 256;

Status AnswerQuery(const Context& context, const Ask::Query& ask, Tell& tell) {
  v1::GetSettingsRequest request;
  request.set_path(ask.node().path());
  request.set_key(ask.node().key());
  request.set_recursive(ask.node().key().empty());
  context.SetCaller(request.mutable_caller());
  ASSIGN_OR_RETURN(const auto found,
                   context.kernel().GetSettings(request, context.Call()));
  FillQuery(ask, found, *tell.mutable_query());
  return Status::Ok();
}

Status AnswerUpdate(const Context& context, const Ask::Update& ask, Tell& tell) {
  if (ask.node().path().empty() || ask.node().key().empty()) {
    return Status::InvalidArgument(
        "an update needs a path and a key; whole paths are removed by DELETE "
        "/api/v2/settings");
  }
  v1::UpdateSettingsRequest request;
  v1::SettingEntry& entry = *request.add_entries();
  entry.set_path(ask.node().path());
  entry.set_key(ask.node().key());
  entry.set_value(ask.node().value());
  context.SetCaller(request.mutable_caller());
  const ListingMemory::Change change(context.services.listings);
  tell.mutable_update();
  return context.kernel().UpdateSettings(request, context.Call()).status();
}

Status AnswerInventory(const Context& context, const Ask::Inventory& ask, Tell& tell) {
  v1::DescribeSettingsRequest request;
  request.set_path(ask.node().path());
  request.set_recursive(ask.recursive_fetch());
  request.set_samples(ask.fetch_samples());
  const auto found = context.kernel().DescribeSettings(request, context.Call());
  // Nothing there is an empty list.
  if (found.status().code() == Code::kNotFound) return Status::Ok();
  RETURN_IF_ERROR(found.status());
  FillInventory(ask, *found, tell);
  return Status::Ok();
}

Status AnswerControl(const Context& context, const Ask::Control& ask, Tell& tell) {
  if (!ask.context().empty()) {
    return Status::InvalidArgument(
        "moving the settings to another store is done by nscp settings, on the host");
  }
  tell.mutable_control();
  const ListingMemory::Change change(context.services.listings);
  if (ask.command() == wire::SAVE) {
    v1::SaveSettingsRequest request;
    context.SetCaller(request.mutable_caller());
    return context.kernel().SaveSettings(request, context.Call()).status();
  }
  if (ask.command() == wire::LOAD) {
    v1::LoadSettingsRequest request;
    context.SetCaller(request.mutable_caller());
    return context.kernel().LoadSettings(request, context.Call()).status();
  }
  if (ask.command() == wire::RELOAD) return AskForReload(context);
  return Status::InvalidArgument("the command must be LOAD, SAVE or RELOAD");
}

Status AnswerStatus(const Context& context, Tell& tell) {
  ASSIGN_OR_RETURN(const auto status,
                   context.kernel().GetSettingsStatus({}, context.Call()));
  tell.mutable_status()->set_context(status.context());
  tell.mutable_status()->set_type(status.type());
  tell.mutable_status()->set_has_changed(status.has_changed());
  return Status::Ok();
}

Status AnswerOne(const Context& context, const Ask& ask, Tell& tell) {
  if (ask.has_query()) return AnswerQuery(context, ask.query(), tell);
  if (ask.has_update()) return AnswerUpdate(context, ask.update(), tell);
  if (ask.has_inventory()) return AnswerInventory(context, ask.inventory(), tell);
  if (ask.has_control()) return AnswerControl(context, ask.control(), tell);
  if (ask.has_status()) return AnswerStatus(context, tell);
  return Status::InvalidArgument(
      "a request must be a query, an update, an inventory, a control or a status");
}

void SetOutcome(const Status& status, Tell& tell) {
  wire::Outcome& outcome = *tell.mutable_result();
  outcome.set_code(status.ok() ? wire::Outcome::STATUS_OK : wire::Outcome::STATUS_ERROR);
  if (!status.ok()) outcome.set_message("Settings error: " + status.message());
}

Status ReadRequests(std::string_view body, wire::SettingsRequestMessage& message) {
  if (body.size() > static_cast<size_t>(std::numeric_limits<int>::max()) ||
      !message.ParseFromArray(body.data(), static_cast<int>(body.size()))) {
    return Status::InvalidArgument("the body is not a SettingsRequestMessage");
  }
  if (message.payload_size() == 0) {
    return Status::InvalidArgument("the SettingsRequestMessage holds no request");
  }
  if (message.payload_size() > kMaxSettingsRequests) {
    return Status::InvalidArgument("the SettingsRequestMessage holds more than " +
                                   std::to_string(kMaxSettingsRequests) + " requests");
  }
  return Status::Ok();
}

Response RunSettingsMessage(const Context& context) {
  wire::SettingsRequestMessage requests;
  if (const Status read = ReadRequests(context.request.body, requests); !read.ok()) {
    context.Log(sdk::LogLevel::kError,
                "request " + context.request.request_id + " from " +
                    context.request.remote_address +
                    ": POST /settings/query.pb failed: " + read.message());
    return TextAnswer(500, "500 Query failed");
  }
  wire::SettingsResponseMessage answers;
  if (!requests.header().message_id().empty()) {
    answers.mutable_header()->set_message_id(requests.header().message_id());
  }
  for (const Ask& ask : requests.payload()) {
    Tell& tell = *answers.add_payload();
    tell.set_id(ask.id());
    SetOutcome(AnswerOne(context, ask, tell), tell);
  }
  Response response;
  response.content_type = kProtobuf;
  response.body = answers.SerializeAsString();
  return response;
}

}  // namespace

void AddLegacySettingsMessage(Router& router) {
  router.Add({"POST", "/settings/query.pb", kUnversioned, "legacy", RunSettingsMessage});
}

}  // namespace nscp::gateway
