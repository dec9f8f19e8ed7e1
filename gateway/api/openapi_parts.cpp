// What the rows of the API's description refer to, but for the schemas.
#include "gateway/api/openapi.h"

namespace nscp::gateway {
namespace {

constexpr char kParameters[] = R"json({
"all":{"name":"all","in":"query","description":"true: also what is not loaded.",
 "schema":{"type":"boolean","default":false}},
"details":{"name":"details","in":"query","description":"true: also state, process, memory and calls.",
 "schema":{"type":"boolean","default":false}},
"moduleName":{"name":"name","in":"path","required":true,"description":"Name or alias.",
 "schema":{"type":"string","maxLength":128,"pattern":"^[A-Za-z0-9._-]+$"}},
"moduleCommand":{"name":"command","in":"path","required":true,
 "schema":{"type":"string","enum":["load","unload","enable","disable","reload"]}},
"queryName":{"name":"name","in":"path","required":true,"description":"In any case.",
 "schema":{"type":"string"}},
"queryCommand":{"name":"command","in":"path","required":true,
 "schema":{"type":"string","enum":["execute","execute_nagios"]}},
"arguments":{"name":"arguments","in":"query","style":"form","explode":true,
 "description":"The arguments of the check, as many as it takes.",
 "schema":{"type":"object","additionalProperties":{"type":"string"}}},
"timeout":{"name":"X-Nsc-Web-Timeout","in":"header",
 "description":"How long the client waits, in seconds.","schema":{"type":"string"}},
"page":{"name":"page","in":"query","schema":{"type":"integer","minimum":1,"default":1}},
"perPage":{"name":"per_page","in":"query",
 "schema":{"type":"integer","minimum":2,"maximum":500,"default":10}},
"level":{"name":"level","in":"query","description":"Levels with commas between them.",
 "schema":{"type":"string"}},
"since":{"name":"since","in":"query","description":"The X-Log-Index of the answer before.",
 "schema":{"type":"integer","default":0}},
"resume":{"name":"since","in":"query",
 "description":"An id of this stream or a bare index: what is kept behind it comes first.",
 "schema":{"type":"string"}},
"lastEventId":{"name":"Last-Event-ID","in":"header",
 "description":"The same, as EventSource sends it when it comes again; beats since.",
 "schema":{"type":"string"}},
"settingsPath":{"name":"path","in":"path","required":true,
 "description":"A path of the settings without its first slash.",
 "schema":{"type":"string"}},
"diffPath":{"name":"path","in":"query","schema":{"type":"string"}},
"recursive":{"name":"recursive","in":"query","schema":{"type":"boolean","default":true}},
"samples":{"name":"samples","in":"query","schema":{"type":"boolean","default":false}},
"settingsKey":{"name":"key","in":"query","description":"Only this key.",
 "schema":{"type":"string"}},
"password":{"name":"password","in":"query","schema":{"type":"string"}},
"token":{"name":"token","in":"query","schema":{"type":"string"}},
"consoleLine":{"name":"command","in":"query","schema":{"type":"string","default":"help"}},
"position":{"name":"pos","in":"query","schema":{"type":"integer","default":0}},
"scriptRuntime":{"name":"runtime","in":"path","required":true,
 "description":"ext, py, lua, or the name of a module.","schema":{"type":"string"}},
"allFiles":{"name":"all","in":"query","description":"true: files of the script folder.",
 "schema":{"type":"boolean","default":false}},
"script":{"name":"script","in":"path","required":true,
 "description":"A command, or a file as the list of files has it. Its slashes may be encoded.",
 "schema":{"type":"string","maxLength":256}},
"rest":{"name":"rest","in":"path","required":true,"schema":{"type":"string"}}
})json";

constexpr char kBodies[] = R"json({
"ModuleUpdate":{"required":true,"content":{
 "application/json":{"schema":{"$ref":"#/components/schemas/ModuleUpdate"}},
 "application/zip":{"schema":{"type":"string","format":"binary"}}}},
"NamedModuleUpdate":{"required":true,"content":{
 "application/json":{"schema":{"$ref":"#/components/schemas/NamedModuleUpdate"}}}},
"ProtobufMessage":{"required":true,"content":{
 "application/x-protobuf":{"schema":{"type":"string","format":"binary"}}}},
"Script":{"required":true,"description":"The file as it is.","content":{
 "application/octet-stream":{"schema":{"type":"string","format":"binary"}}}},
"LogEntry":{"required":true,"content":{
 "application/json":{"schema":{"$ref":"#/components/schemas/NewLogEntry"}}}},
"SettingsCommand":{"required":true,"content":{
 "application/json":{"schema":{"$ref":"#/components/schemas/SettingsCommand"}}}},
"SettingUpdates":{"required":true,"content":{"application/json":{"schema":{"oneOf":[
 {"$ref":"#/components/schemas/SettingUpdate"},
 {"type":"array","items":{"$ref":"#/components/schemas/SettingUpdate"}}]}}}},
"SettingRemovals":{"required":false,"content":{"application/json":{"schema":{"oneOf":[
 {"$ref":"#/components/schemas/SettingRemoval"},
 {"type":"array","items":{"$ref":"#/components/schemas/SettingRemoval"}}]}}}}
})json";

constexpr char kResponses[] = R"json({
"Forbidden":{"description":"Refused; the agent's log says why.",
 "content":{"text/plain":{"schema":{"type":"string","enum":["403 You're not allowed"]}}}},
"Text":{"description":"What became of it, or what went wrong.",
 "content":{"text/plain":{"schema":{"type":"string"}}}},
"ProtobufMessage":{"description":"The answering message of NSClient++.",
 "content":{"application/x-protobuf":{"schema":{"type":"string","format":"binary"}}}},
"EmptyJson":{"description":"Done; the body is empty."},
"Done":{"description":"Done.",
 "content":{"application/json":{"schema":{"$ref":"#/components/schemas/Status"}}}},
"Alive":{"description":"The state of the agent: ok or reload.",
 "content":{"application/json":{"schema":{"$ref":"#/components/schemas/Status"}}}},
"Ready":{"description":"Whether all modules have started.",
 "content":{"application/json":{"schema":{"$ref":"#/components/schemas/Ready"}}}},
"Page":{"description":"A page for a browser.",
 "content":{"text/html":{"schema":{"type":"string"}}}},
"File":{"description":"The file.","content":{
 "image/png":{"schema":{"type":"string","format":"binary"}},
 "application/javascript":{"schema":{"type":"string"}},
 "text/css":{"schema":{"type":"string"}}}},
"ApiVersions":{"description":"Links.",
 "content":{"application/json":{"schema":{"$ref":"#/components/schemas/ApiVersions"}}}},
"ApiResources":{"description":"Links.",
 "content":{"application/json":{"schema":{"$ref":"#/components/schemas/ApiResources"}}}},
"Login":{"description":"User and token.",
 "content":{"application/json":{"schema":{"$ref":"#/components/schemas/Login"}}}},
"Info":{"description":"The agent.",
 "content":{"application/json":{"schema":{"$ref":"#/components/schemas/Info"}}}},
"InfoVersion":{"description":"The version.",
 "content":{"application/json":{"schema":{"$ref":"#/components/schemas/InfoVersion"}}}},
"Modules":{"description":"Modules.","content":{"application/json":{"schema":
 {"type":"array","items":{"$ref":"#/components/schemas/Module"}}}}},
"Module":{"description":"A module.",
 "content":{"application/json":{"schema":{"$ref":"#/components/schemas/Module"}}}},
"ModuleCommand":{"description":"What became of it. Text under v1, and for clients whose Accept does not name application/json.",
 "content":{"application/json":{"schema":{"$ref":"#/components/schemas/ModuleCommand"}},
 "text/plain":{"schema":{"type":"string"}}}},
"Names":{"description":"Names of checks.","content":{"application/json":{"schema":
 {"type":"array","items":{"$ref":"#/components/schemas/Name"}}}}},
"Query":{"description":"A check.",
 "content":{"application/json":{"schema":{"$ref":"#/components/schemas/Query"}}}},
"CheckResult":{"description":"The result, whatever its state; as text only when it is OK.",
 "content":{"application/json":{"schema":{"$ref":"#/components/schemas/CheckResult"}},
 "text/plain":{"schema":{"type":"string"}}}},
"CheckText":{"description":"In text only: 202 WARNING, 500 CRITICAL, 503 UNKNOWN.",
 "content":{"text/plain":{"schema":{"type":"string"}}}},
"LogPage":{"description":"Entries.",
 "headers":{"Link":{"description":"next, last, first and prev, where they exist.",
 "schema":{"type":"string"}},
 "X-Pagination-Count":{"schema":{"type":"integer"}},
 "X-Pagination-Page":{"schema":{"type":"integer"}},
 "X-Pagination-Limit":{"schema":{"type":"integer"}}},
 "content":{"application/json":{"schema":
 {"type":"array","items":{"$ref":"#/components/schemas/LogEntry"}}}}},
"LogPageSince":{"description":"Entries.",
 "headers":{"Link":{"schema":{"type":"string"}},
 "X-Pagination-Count":{"schema":{"type":"integer"}},
 "X-Pagination-Page":{"schema":{"type":"integer"}},
 "X-Pagination-Limit":{"schema":{"type":"integer"}},
 "X-Log-Index":{"description":"The since of the next question.",
 "schema":{"type":"integer"}}},
 "content":{"application/json":{"schema":
 {"type":"array","items":{"$ref":"#/components/schemas/LogEntry"}}}}},
"LogCount":{"description":"Entries left.",
 "content":{"application/json":{"schema":{"$ref":"#/components/schemas/LogCount"}}}},
"LogStatus":{"description":"Errors so far.",
 "content":{"application/json":{"schema":{"$ref":"#/components/schemas/LogStatus"}}}},
"Metrics":{"description":"Values by name.",
 "content":{"application/json":{"schema":{"$ref":"#/components/schemas/Metrics"}}}},
"MetricTree":{"description":"Values in nested objects.",
 "content":{"application/json":{"schema":{"$ref":"#/components/schemas/MetricTree"}},
 "text/html":{"schema":{"type":"string"}}}},
"OpenMetrics":{"description":"Numbers by name; OpenMetrics for a client whose Accept names it.",
 "content":{"application/openmetrics-text":{"schema":{"type":"string"}},
 "text/plain":{"schema":{"type":"string"}}}},
"Events":{"description":"Events, oldest first.","content":{"application/json":{"schema":
 {"type":"array","items":{"$ref":"#/components/schemas/Event"}}}}},
"LogStream":{"description":"Events of the types log (a LogEntry) and lost (how many could not be given), each with an id; comments as heartbeats.",
 "content":{"text/event-stream":{"schema":{"type":"string"}}}},
"EventStream":{"description":"Events of the types event (an Event) and lost (how many could not be given), each with an id; comments as heartbeats.",
 "content":{"text/event-stream":{"schema":{"type":"string"}}}},
"Busy":{"description":"Too many listen already, or the agent cannot answer now.",
 "headers":{"Retry-After":{"description":"Seconds.","schema":{"type":"integer"}}},
 "content":{"text/plain":{"schema":{"type":"string"}}}},
"Tags":{"description":"Names and values.",
 "content":{"application/json":{"schema":{"$ref":"#/components/schemas/Tags"}}}},
"Metadata":{"description":"Links.","content":{"application/json":{"schema":
 {"type":"array","items":{"$ref":"#/components/schemas/Metadata"}}}}},
"Counters":{"description":"Counters; none where the system has no such thing.",
 "content":{"application/json":{"schema":{"type":"array","items":{}}}}},
"Channels":{"description":"Channels and who serves them.","content":{"application/json":
 {"schema":{"type":"array","items":{"$ref":"#/components/schemas/Channel"}}}}},
"ScriptRuntimes":{"description":"Modules that run scripts.","content":{"application/json":
 {"schema":{"type":"array","items":{"$ref":"#/components/schemas/ScriptRuntime"}}}}},
"ScriptNames":{"description":"Commands, or files with / between folders.",
 "content":{"application/json":{"schema":{"type":"array","items":{"type":"string"}}}}},
"Settings":{"description":"Keys that are set.","content":{"application/json":{"schema":
 {"type":"array","items":{"$ref":"#/components/schemas/Setting"}}}}},
"SettingDescriptions":{"description":"Sections and keys.","content":{"application/json":
 {"schema":{"type":"array","items":{"$ref":"#/components/schemas/SettingDescription"}}}}},
"SettingsStatus":{"description":"The store.",
 "content":{"application/json":{"schema":{"$ref":"#/components/schemas/SettingsStatus"}}}},
"SettingsDiff":{"description":"Differences.",
 "content":{"application/json":{"schema":{"$ref":"#/components/schemas/SettingsDiff"}}}},
"SettingsChanged":{"description":"How many keys were set.",
 "content":{"application/json":{"schema":{"$ref":"#/components/schemas/SettingsChanged"}}}},
"SettingsRemoved":{"description":"How many keys were removed.",
 "content":{"application/json":{"schema":{"$ref":"#/components/schemas/SettingsRemoved"}}}},
"OpenApi":{"description":"The description of this API.",
 "content":{"application/json":{"schema":{"$ref":"#/components/schemas/OpenApi"}}}},
"LegacyResult":{"description":"One payload, whatever its state.",
 "content":{"application/json":{"schema":{"$ref":"#/components/schemas/LegacyResult"}}}},
"LegacyToken":{"description":"The token, empty after a logout.",
 "headers":{"__TOKEN":{"schema":{"type":"string"}}},
 "content":{"application/json":{"schema":{"$ref":"#/components/schemas/LegacyToken"}}}},
"Gone":{"description":"Not for this user agent.",
 "content":{"application/json":{"schema":{"$ref":"#/components/schemas/Gone"}}}},
"LegacyLogStatus":{"description":"Errors so far.",
 "content":{"application/json":{"schema":{"$ref":"#/components/schemas/LegacyLogStatus"}}}},
"LegacyLog":{"description":"Entries, and where to go on.",
 "content":{"application/json":{"schema":{"$ref":"#/components/schemas/LegacyLog"}}}}
})json";

constexpr char kSecurity[] = R"json({
"basic":{"type":"http","scheme":"basic"},
"bearer":{"type":"http","scheme":"bearer","description":"A token of GET /api/v2/login."},
"passwordHeader":{"type":"apiKey","in":"header","name":"password",
 "description":"The password of the user admin."},
"tokenHeader":{"type":"apiKey","in":"header","name":"TOKEN"},
"authTokenHeader":{"type":"apiKey","in":"header","name":"X-Auth-Token"},
"tokenParameter":{"type":"apiKey","in":"query","name":"TOKEN",
 "description":"Only for user agents named under 'legacy query auth user agents'; __TOKEN is the same."}
})json";

}  // namespace

OpenApiComponents ApiComponents() {
  return {ApiSchemas(), kParameters, kBodies, kResponses, kSecurity};
}

}  // namespace nscp::gateway
