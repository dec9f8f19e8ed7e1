// Changing the settings in memory, and the commands save, load and reload
// (rest-api.md 5.13; corrections 12).
#include "gateway/api/answer.h"
#include "gateway/api/context.h"
#include "gateway/api/resources.h"
#include "gateway/api/settings_path.h"
#include "json/value.h"

namespace nscp::gateway {
namespace {

constexpr std::chrono::milliseconds kStoreLimit{30000};

Response BadBody(const Status& status) {
  // 400 for the shapes that clients know, 422 for fields of the wrong type.
  return TextAnswer(status.code() == Code::kOutOfRange ? 422 : 400, status.message());
}

Status WrongField(const char* name, const char* what) {
  return {Code::kOutOfRange, std::string("The field \"") + name + "\" must be " + what};
}

// A string, or nothing when the field is absent.
Result<std::string> TextField(const json::Value& item, const char* name) {
  const auto field = item.Find(name);
  if (!field) return std::string();
  if (!field->IsString()) return WrongField(name, "a string");
  return field->AsString();
}

Result<std::string> ValueField(const json::Value& item) {
  const auto field = item.Find("value");
  if (!field) return std::string();
  switch (field->kind()) {
    case json::Value::Kind::kString:
      return field->AsString();
    case json::Value::Kind::kNumber:
      return field->NumberText();
    case json::Value::Kind::kBool:
      return std::string(field->AsBool() ? "true" : "false");
    default:
      return WrongField("value", "a string, a number or a boolean");
  }
}

// The body's objects, one or many.
Result<std::vector<json::Value>> ReadItems(const Context& context) {
  const auto body = json::Parse(context.request.body);
  if (!body.ok()) return Status::InvalidArgument("Problems parsing JSON");
  if (body->IsObject()) return std::vector<json::Value>{*body};
  if (!body->IsArray()) {
    return Status::InvalidArgument("Expected an object or an array of objects");
  }
  std::vector<json::Value> items = body->Items();
  for (const json::Value& item : items) {
    if (!item.IsObject())
      return Status::InvalidArgument("Expected an object in the array");
  }
  return items;
}

Result<v1::UpdateSettingsRequest> ReadUpdate(const Context& context) {
  ASSIGN_OR_RETURN(const auto items, ReadItems(context));
  v1::UpdateSettingsRequest request;
  for (const json::Value& item : items) {
    v1::SettingEntry& entry = *request.add_entries();
    ASSIGN_OR_RETURN(*entry.mutable_path(), TextField(item, "path"));
    if (entry.path().empty()) entry.set_path(SettingsPathOf(context));
    ASSIGN_OR_RETURN(*entry.mutable_key(), TextField(item, "key"));
    if (entry.key().empty()) return Status::InvalidArgument("Key is required");
    if (entry.path().empty())
      return WrongField("path", "given in the body or in the URL");
    ASSIGN_OR_RETURN(*entry.mutable_value(), ValueField(item));
  }
  return request;
}

Response PutSettings(const Context& context) {
  auto request = ReadUpdate(context);
  if (!request.ok()) return BadBody(request.status());
  context.SetCaller(request->mutable_caller());
  const ListingMemory::Change change(context.services.listings);
  const auto done = context.kernel().UpdateSettings(*request, context.Call());
  if (!done.ok()) return FailedCall(context, done.status());
  json::Writer out;
  out.BeginObject()
      .Field("status", "success")
      .Field("keys", static_cast<uint64_t>(done->keys()))
      .EndObject();
  return JsonAnswer(out);
}

Result<v1::DeleteSettingsRequest> ReadRemovals(const Context& context, bool recursive) {
  v1::DeleteSettingsRequest request;
  const std::string path = SettingsPathOf(context);
  const std::string key(context.request.Parameter1("key").value_or(""));
  if (!key.empty() || context.request.body.empty()) {
    if (path.empty() && key.empty()) {
      return Status::InvalidArgument(
          "DELETE requires a path; pass ?key= to remove a single key");
    }
    v1::DeleteSettingsRequest::Removal& removal = *request.add_removals();
    removal.set_path(path);
    removal.set_key(key);
    removal.set_recursive(recursive);
    return request;
  }
  ASSIGN_OR_RETURN(const auto items, ReadItems(context));
  for (const json::Value& item : items) {
    v1::DeleteSettingsRequest::Removal& removal = *request.add_removals();
    ASSIGN_OR_RETURN(*removal.mutable_path(), TextField(item, "path"));
    if (removal.path().empty()) removal.set_path(path);
    ASSIGN_OR_RETURN(*removal.mutable_key(), TextField(item, "key"));
    if (removal.path().empty() && removal.key().empty()) {
      return Status::InvalidArgument("DELETE entry requires either a path or a key");
    }
    removal.set_recursive(recursive);
  }
  return request;
}

Response DeleteSettings(const Context& context) {
  const bool recursive = context.request.Parameter1("recursive").value_or("") != "false";
  auto request = ReadRemovals(context, recursive);
  if (!request.ok()) return BadBody(request.status());
  context.SetCaller(request->mutable_caller());
  const ListingMemory::Change change(context.services.listings);
  const auto done = context.kernel().DeleteSettings(*request, context.Call());
  if (!done.ok()) return FailedCall(context, done.status());
  json::Writer out;
  out.BeginObject()
      .Field("status", "success")
      .Field("keys", static_cast<uint64_t>(done->keys()))
      .Field("recursive", recursive)
      .EndObject();
  return JsonAnswer(out);
}

Response Reload(const Context& context) {
  if (!AskForReload(context).ok()) return TextAnswer(500, "500 Query failed");
  json::Writer out;
  out.BeginObject().Field("status", "success").EndObject();
  return JsonAnswer(out);
}

Status SaveOrLoad(const Context& context, bool save) {
  const ListingMemory::Change change(context.services.listings);
  if (save) {
    v1::SaveSettingsRequest request;
    context.SetCaller(request.mutable_caller());
    return context.kernel().SaveSettings(request, context.Call(kStoreLimit)).status();
  }
  v1::LoadSettingsRequest request;
  context.SetCaller(request.mutable_caller());
  return context.kernel().LoadSettings(request, context.Call(kStoreLimit)).status();
}

Response CommandSettings(const Context& context) {
  const auto body = json::Parse(context.request.body);
  if (!body.ok()) return TextAnswer(400, "Problems parsing JSON");
  const auto field = body->Find("command");
  if (!field || !field->IsString()) {
    return TextAnswer(422, "The field \"command\" must be save, load or reload");
  }
  const std::string command = field->AsString();
  if (command == "reload") return Reload(context);
  if (command != "save" && command != "load") {
    return TextAnswer(404, "Unknown command: " + command);
  }
  const Status done = SaveOrLoad(context, command == "save");
  if (!done.ok()) return FailedCall(context, done);
  json::Writer out;
  out.BeginObject().Field("status", "success").EndObject();
  return JsonAnswer(out);
}

}  // namespace

void AddSettingsUpdates(Router& router) {
  router.Add(
      {"POST", "/settings/command", kBothVersions, "settings.put", CommandSettings});
  router.Add({"PUT", "/settings/{path...}", kBothVersions, "settings.put", PutSettings});
  router.Add({"DELETE", "/settings/{path...}", kBothVersions, "settings.delete",
              DeleteSettings});
}

}  // namespace nscp::gateway
