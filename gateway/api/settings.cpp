// Reading the settings: values, descriptions, status and differences (rest-api.md 5.13;
// corrections 14 and 61). The kernel masks what is sensitive.
#include "gateway/api/answer.h"
#include "gateway/api/context.h"
#include "gateway/api/resources.h"
#include "gateway/api/settings_path.h"

namespace nscp::gateway {
namespace {

constexpr char kMasked[] = "***";

// `name` is true unless the client says false.
bool IsTrueUnlessFalse(const Context& context, std::string_view name) {
  return context.request.Parameter1(name).value_or("") != "false";
}

Response ListSettings(const Context& context) {
  v1::GetSettingsRequest request;
  request.set_path(SettingsPathOf(context));
  request.set_recursive(true);
  context.SetCaller(request.mutable_caller());
  const auto found = context.kernel().GetSettings(request, context.Call());
  if (!found.ok()) return FailedCall(context, found.status());
  json::Writer out;
  out.BeginArray();
  for (const v1::SettingEntry& entry : found->entries()) {
    out.BeginObject()
        .Field("path", entry.path())
        .Field("key", entry.key())
        .Field("value", entry.value())
        .EndObject();
  }
  out.EndArray();
  return JsonAnswer(out);
}

void WriteDescription(const v1::SettingDescription& item, json::Writer& out) {
  const v1::SettingsKey& about = item.description();
  const std::string standard = ShownDefault(item);
  out.BeginObject().Field("path", item.path()).Field("key", item.key());
  if (!item.key().empty()) out.Field("value", item.has_value() ? item.value() : standard);
  out.Field("type", TypeWord(item))
      .Field("title", about.title())
      .Field("description", about.description())
      .Field("icon", "")
      .Field("sample_usage", "")
      .Field("default_value", standard)
      .Field("is_advanced_key", about.advanced() || !item.registered())
      .Field("is_sample_key", item.sample())
      .Field("is_template_key", false)
      .Field("is_object", item.object());
  out.Key("plugins").BeginArray();
  for (const std::string& module : item.modules()) out.String(module);
  out.EndArray().EndObject();
}

Response DescribeSettings(const Context& context) {
  v1::DescribeSettingsRequest request;
  request.set_path(SettingsPathOf(context));
  request.set_recursive(IsTrueUnlessFalse(context, "recursive"));
  request.set_samples(context.IsTrue("samples"));
  const auto found = context.kernel().DescribeSettings(request, context.Call());
  const bool missing = found.ok() ? found->descriptions_size() == 0
                                  : found.status().code() == Code::kNotFound;
  if (missing) return TextAnswer(404, "Key not found: " + request.path());
  if (!found.ok()) return FailedCall(context, found.status());
  json::Writer out;
  out.BeginArray();
  for (const v1::SettingDescription& item : found->descriptions()) {
    WriteDescription(item, out);
  }
  out.EndArray();
  return JsonAnswer(out);
}

Response GetSettingsStatus(const Context& context) {
  const auto status = context.kernel().GetSettingsStatus({}, context.Call());
  if (!status.ok()) return FailedCall(context, status.status());
  json::Writer out;
  out.BeginObject()
      .Field("context", status->context())
      .Field("type", status->type())
      .Field("has_changed", status->has_changed())
      .EndObject();
  return JsonAnswer(out);
}

const char* ChangeWord(v1::SettingDifference::Change change) {
  switch (change) {
    case v1::SettingDifference::ADDED:
      return "added";
    case v1::SettingDifference::REMOVED:
      return "removed";
    case v1::SettingDifference::PATH_ADDED:
      return "path_added";
    case v1::SettingDifference::PATH_REMOVED:
      return "path_removed";
    default:
      return "modified";
  }
}

Response DiffSettings(const Context& context) {
  v1::DiffSettingsRequest request;
  request.set_path(std::string(context.request.Parameter1("path").value_or("")));
  request.set_recursive(IsTrueUnlessFalse(context, "recursive"));
  const auto diff = context.kernel().DiffSettings(request, context.Call());
  if (!diff.ok()) return FailedCall(context, diff.status());
  json::Writer out;
  out.BeginObject().Key("entries").BeginArray();
  for (const v1::SettingDifference& item : diff->differences()) {
    out.BeginObject()
        .Field("path", item.path())
        .Field("key", item.key())
        .Field("old_value", item.old_value())
        .Field("new_value", item.new_value())
        .Field("change_type", ChangeWord(item.change()))
        .Field("is_sensitive", item.sensitive())
        .EndObject();
  }
  out.EndArray().Field("count", diff->differences_size()).EndObject();
  return JsonAnswer(out);
}

}  // namespace

const char* TypeWord(const v1::SettingDescription& item) {
  if (item.key().empty()) return "folder";
  if (!item.registered()) return "";
  switch (item.description().type()) {
    case v1::INT:
      return "int";
    case v1::BOOL:
      return "bool";
    case v1::FILE:
      return "file";
    case v1::PASSWORD:
      return "password";
    default:
      return "string";
  }
}

bool IsSensitive(const v1::SettingDescription& item) {
  return item.description().sensitive() || item.description().type() == v1::PASSWORD;
}

std::string ShownDefault(const v1::SettingDescription& item) {
  const std::string& standard = item.description().default_value();
  return IsSensitive(item) && !standard.empty() ? kMasked : standard;
}

std::string SettingsPathOf(const Context& context) {
  const std::string& path = context.Get("path");
  return path.empty() ? std::string() : "/" + path;
}

void AddSettings(Router& router) {
  // The words win over a tree path of the same name.
  router.Add({"GET", "/settings/descriptions/{path...}", kBothVersions, "settings.get",
              DescribeSettings});
  router.Add(
      {"GET", "/settings/status", kBothVersions, "settings.get", GetSettingsStatus});
  router.Add({"GET", "/settings/diff", kBothVersions, "settings.get", DiffSettings});
  router.Add({"GET", "/settings/{path...}", kBothVersions, "settings.get", ListSettings});
}

}  // namespace nscp::gateway
