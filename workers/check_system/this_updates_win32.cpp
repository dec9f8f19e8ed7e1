// Before the headers of COM, for those that need windows.h.
#include "workers/wmi/com_win32.h"
// After it.
#include <wuapi.h>

#include <algorithm>
#include <thread>

#include "workers/check_system/package_updates.h"

namespace nscp::check_system {
namespace {

using wmi::Bstr;
using wmi::ComPtr;

// No library of mingw-w64 has these (wuapi.idl).
constexpr GUID kSessionClass = {
    0x4cb43d7f, 0x7eee, 0x4906, {0x86, 0x98, 0x60, 0xda, 0x1c, 0x38, 0xf2, 0xfe}};
constexpr GUID kSessionInterface = {
    0x816858a4, 0x260d, 0x4260, {0x93, 0x3a, 0x25, 0x85, 0xf1, 0xab, 0xc7, 0x6b}};
constexpr GUID kCallbackInterface = {
    0x88aee058, 0xd4b0, 0x4725, {0xa2, 0xf1, 0x81, 0x4a, 0x67, 0xae, 0x96, 0x4c}};

constexpr char kWanted[] = "IsInstalled=0 and IsHidden=0 and Type='Software'";
// The category of updates that mend a hole, whatever Windows' language.
constexpr std::string_view kSecurity = "0fa1201d-4330-4fa8-8ae9-b877473b6441";
constexpr LONG kMaxUpdates = 10000;
constexpr std::chrono::milliseconds kLook{100};

// What BeginSearch tells when it is done, which is asked for here and not waited for.
// Never deleted: a search that was given up may still tell it.
class Callback final : public IUnknown {
 public:
  HRESULT STDMETHODCALLTYPE QueryInterface(REFIID id, void** object) override {
    const bool is_known =
        ::IsEqualGUID(id, IID_IUnknown) || ::IsEqualGUID(id, kCallbackInterface);
    *object = is_known ? this : nullptr;
    return is_known ? S_OK : E_NOINTERFACE;
  }
  ULONG STDMETHODCALLTYPE AddRef() override { return 1; }
  ULONG STDMETHODCALLTYPE Release() override { return 1; }
  virtual HRESULT STDMETHODCALLTYPE Invoke(IUnknown*, IUnknown*) { return S_OK; }
};

Status Failed(HRESULT result) {
  return wmi::ComStatus("Failed to ask Windows Update for updates", result);
}

bool IsSecurity(IUpdate* update) {
  ComPtr<ICategoryCollection> categories;
  LONG count = 0;
  if (FAILED(update->get_Categories(categories.Receive())) ||
      FAILED(categories->get_Count(&count))) {
    return false;
  }
  for (LONG i = 0; i < std::min(count, kMaxUpdates); ++i) {
    ComPtr<ICategory> category;
    Bstr id;
    if (SUCCEEDED(categories->get_Item(i, category.Receive())) &&
        SUCCEEDED(category->get_CategoryID(id.Receive())) && id.text() == kSecurity) {
      return true;
    }
  }
  return false;
}

Result<Updates> ReadUpdates(ISearchResult* result) {
  ComPtr<IUpdateCollection> found;
  LONG count = 0;
  HRESULT done = result->get_Updates(found.Receive());
  if (SUCCEEDED(done)) done = found->get_Count(&count);
  if (FAILED(done)) return Failed(done);
  Updates updates;
  updates.manager = "Windows Update";
  for (LONG i = 0; i < std::min(count, kMaxUpdates); ++i) {
    ComPtr<IUpdate> update;
    Bstr title;
    if (FAILED(found->get_Item(i, update.Receive())) ||
        FAILED(update->get_Title(title.Receive()))) {
      continue;
    }
    updates.packages.push_back(title.text());
    if (IsSecurity(update.get())) ++updates.security;
  }
  return updates;
}

// Until the search is done; a search that is given up goes on without us for a moment.
Status WaitFor(ISearchJob* job, const std::function<bool()>& stopping) {
  const auto end = std::chrono::steady_clock::now() + kUpdatesLimit;
  for (;;) {
    VARIANT_BOOL is_done = VARIANT_FALSE;
    const HRESULT asked = job->get_IsCompleted(&is_done);
    if (FAILED(asked)) return Failed(asked);
    if (is_done != VARIANT_FALSE) return Status::Ok();
    if (stopping() || std::chrono::steady_clock::now() > end) {
      job->RequestAbort();
      return Status::Unavailable(
          "Windows Update was asked for updates and did not answer in time");
    }
    std::this_thread::sleep_for(kLook);
  }
}

}  // namespace

// What Windows Update found when it looked the last time: asking its servers may take an
// hour and is its own business.
Result<Updates> AskThisSystem(const RunTool&, const std::function<bool()>& stopping) {
  static Callback callback;
  ASSIGN_OR_RETURN(const wmi::Apartment apartment, wmi::Apartment::Enter());
  ComPtr<IUpdateSession> session;
  ComPtr<IUpdateSearcher> searcher;
  ComPtr<ISearchJob> job;
  ComPtr<ISearchResult> result;
  HRESULT done = ::CoCreateInstance(kSessionClass, nullptr, CLSCTX_INPROC_SERVER,
                                    kSessionInterface, session.ReceiveAny());
  if (SUCCEEDED(done)) done = session->CreateUpdateSearcher(searcher.Receive());
  if (SUCCEEDED(done)) done = searcher->put_Online(VARIANT_FALSE);
  if (FAILED(done)) return Failed(done);
  const Bstr wanted(kWanted);
  const wmi::Variant state;
  done = searcher->BeginSearch(wanted.get(), &callback, state.get(), job.Receive());
  if (FAILED(done)) return Failed(done);
  RETURN_IF_ERROR(WaitFor(job.get(), stopping));
  done = searcher->EndSearch(job.get(), result.Receive());
  if (FAILED(done)) return Failed(done);
  return ReadUpdates(result.get());
}

}  // namespace nscp::check_system
