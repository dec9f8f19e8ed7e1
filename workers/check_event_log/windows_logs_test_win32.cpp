// The interfaces of Windows themselves. Under wine only the older one answers, and its
// logs are empty.
#include <windows.h>

#include <doctest/doctest.h>

#include <algorithm>

#include "proto/cpp/windows_win32.h"
#include "workers/check_event_log/commands.h"
#include "workers/check_event_log/event_registry_win32.h"
#include "workers/check_event_log/wevtapi_win32.h"
#include "workers/check_event_log/windows_logs_win32.h"

namespace nscp::check_event_log {
namespace {

// A source whose texts are those of the system's own errors.
class Source {
 public:
  explicit Source(const wchar_t* file) {
    ::RegSetKeyValueW(HKEY_LOCAL_MACHINE, kKey, L"EventMessageFile", REG_EXPAND_SZ, file,
                      static_cast<DWORD>((wcslen(file) + 1) * sizeof(wchar_t)));
  }
  ~Source() { ::RegDeleteTreeW(HKEY_LOCAL_MACHINE, kKey); }
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

 private:
  static constexpr wchar_t kKey[] =
      L"SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application\\NscpUnitTest";
};

TEST_CASE("the logs that Windows always has are found, and no others") {
  std::vector<std::string> logged;
  const auto logs = OpenEventLogs(
      {}, [&](sdk::LogLevel, std::string_view text) { logged.emplace_back(text); });
  REQUIRE(logs.ok());
  const auto names = (*logs)->List(EventLogs::Kind::kLogs);
  REQUIRE(names.ok());
  CHECK(std::count(names->begin(), names->end(), "Application") == 1);
  const auto ends = (*logs)->Ends("application");
  REQUIRE(ends.ok());
  CHECK(ends->oldest.record <= ends->newest.record);
  const auto none = (*logs)->Ends("NscpNoSuchLog");
  CHECK(none.status().code() == Code::kNotFound);
  CHECK(none.status().message().find("NscpNoSuchLog") != std::string::npos);
}

TEST_CASE("a log is read in both directions, and cancelled") {
  const auto logs = OpenEventLogs({}, {});
  REQUIRE(logs.ok());
  for (const bool newest_first : {true, false}) {
    ReadRequest request;
    request.log = "System";
    request.newest_first = newest_first;
    uint64_t last = newest_first ? UINT64_MAX : 0;
    bool ordered = true;
    size_t count = 0;
    const Status read = (*logs)->Read(request, {}, [&](const Event& event) {
      ordered = ordered && (newest_first ? event.record < last : event.record > last);
      last = event.record;
      return ++count < 1000;
    });
    CHECK_MESSAGE(read.ok(), read.message());
    CHECK(ordered);
  }
  ReadRequest request;
  request.log = "System";
  CHECK((*logs)->Read(request, [] { return true; }, {}).code() == Code::kCancelled);
}

TEST_CASE("who follows a log can be woken") {
  const auto logs = OpenEventLogs({}, {});
  REQUIRE(logs.ok());
  const auto signal = (*logs)->Follow({"Application", "NscpNoSuchLog"});
  REQUIRE(signal != nullptr);
  signal->Wait(std::chrono::milliseconds(0));
  signal->Wake();
  CHECK(signal->Wait(std::chrono::seconds(10)));
}

TEST_CASE("texts come out of the files that a source registered") {
  const Source source(L"%SystemRoot%\\nosuch.dll;%SystemRoot%\\system32\\kernelbase.dll");
  MessageFiles files;
  const auto text =
      files.Find("Application", "NscpUnitTest", MessageFiles::Kind::kEvents, 5);
  REQUIRE(text);
  CHECK(WindowsError(5).find(text->substr(0, 6)) == 0);
  CHECK_FALSE(
      files.Find("Application", "NscpUnitTest", MessageFiles::Kind::kEvents, 0x3fffffff));
  CHECK_FALSE(
      files.Find("Application", "NscpUnitTest", MessageFiles::Kind::kCategories, 5));
  CHECK_FALSE(files.Find("Application", "NscpNoSuch", MessageFiles::Kind::kEvents, 5));
  const auto sources = RegisteredSources("Application");
  CHECK(std::count(sources.begin(), sources.end(), "NscpUnitTest") == 1);
  CHECK(FindLog("aPPlication", false) == "Application");
  CHECK_FALSE(FindLog("NscpNoSuchLog", true));
}

TEST_CASE("an event is reported, and accounts have names") {
  NewEvent event;
  event.type = 4;
  event.strings = {"gr\u00fc\u00df", ""};
  const Status reported = ReportNewEvent(event);
  CHECK_MESSAGE(reported.ok(), reported.message());
  CHECK(AccountOf("S-1-5-18").find('\\') != std::string::npos);
  CHECK(AccountOf("S-1-5-21-1-2-3-4") == "S-1-5-21-1-2-3-4");
  CHECK(AccountOf("") == "");
  CHECK(AccountOf("nonsense") == "");
}

EVT_VARIANT Variant(DWORD type) {
  EVT_VARIANT value{};
  value.Type = type;
  return value;
}

TEST_CASE("values of the newer interface as numbers and texts") {
  EVT_VARIANT value = Variant(EvtVarTypeUInt16);
  value.UInt16Val = 7036;
  CHECK(EvtNumber(value) == 7036);
  CHECK(EvtText(value) == "7036");
  CHECK(EvtString(value) == "");
  value = Variant(EvtVarTypeHexInt64);
  value.UInt64Val = 0x8020000000000000;
  CHECK(EvtText(value) == "0x8020000000000000");
  value = Variant(EvtVarTypeInt32);
  value.Int32Val = -5;
  CHECK(EvtText(value) == "-5");
  value = Variant(EvtVarTypeString);
  value.StringVal = L"gr\u00fc\u00df";
  CHECK(EvtString(value) == "gr\u00fc\u00df");
  CHECK(EvtNumber(value) == 0);
  GUID guid = {0x54849625, 0x5478, 0x4994, {0xa5, 0xba, 0x3e, 0x3b, 3, 0x28, 0xc3, 0x0d}};
  value = Variant(EvtVarTypeGuid);
  value.GuidVal = &guid;
  CHECK(EvtText(value) == "{54849625-5478-4994-A5BA-3E3B0328C30D}");
  BYTE sid[] = {1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0};
  value = Variant(EvtVarTypeSid);
  value.SidVal = sid;
  CHECK(EvtText(value) == "S-1-5-18");
  CHECK(EvtText(Variant(EvtVarTypeNull)) == "");
  CHECK(EvtText(Variant(EvtVarTypeString)) == "");
}

}  // namespace
}  // namespace nscp::check_event_log
