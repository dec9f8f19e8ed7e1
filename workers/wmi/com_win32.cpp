#include "workers/wmi/com_win32.h"

#include <objbase.h>

#include "proto/cpp/windows_win32.h"
#include "workers/wmi/wbem_error.h"

namespace nscp::wmi {
namespace {

// Once in a process, and again after its last thread has left COM. That somebody was
// faster is as good.
HRESULT AllowImpersonation() {
  const HRESULT set =
      ::CoInitializeSecurity(nullptr, -1, nullptr, nullptr, RPC_C_AUTHN_LEVEL_DEFAULT,
                             RPC_C_IMP_LEVEL_IMPERSONATE, nullptr, EOAC_NONE, nullptr);
  return set == RPC_E_TOO_LATE ? S_OK : set;
}

}  // namespace

Result<Apartment> Apartment::Enter() {
  const HRESULT entered = ::CoInitializeEx(nullptr, COINIT_MULTITHREADED);
  // In another kind of apartment calls work as well; only this one is not ours to leave.
  if (FAILED(entered) && entered != RPC_E_CHANGED_MODE) {
    return ComStatus("Starting COM", entered);
  }
  Apartment apartment;
  apartment.entered_ = SUCCEEDED(entered);
  const HRESULT secured = AllowImpersonation();
  if (FAILED(secured)) return ComStatus("Setting the security of COM", secured);
  return apartment;
}

void Apartment::Leave() {
  if (std::exchange(entered_, false)) ::CoUninitialize();
}

Bstr::Bstr(std::string_view utf8) {
  const std::wstring wide = Wide(utf8);
  if (!wide.empty()) {
    text_ = ::SysAllocStringLen(wide.data(), static_cast<UINT>(wide.size()));
  }
}

BSTR* Bstr::Receive() {
  ::SysFreeString(std::exchange(text_, nullptr));
  return &text_;
}

std::string Bstr::text() const { return TextOf(text_); }

Variant::Variant(std::string_view utf8) {
  ::VariantInit(&value_);
  if (utf8.empty()) return;
  const std::wstring wide = Wide(utf8);
  value_.vt = VT_BSTR;
  value_.bstrVal = ::SysAllocStringLen(wide.data(), static_cast<UINT>(wide.size()));
}

Variant::Variant(long number) {
  ::VariantInit(&value_);
  value_.vt = VT_I4;
  value_.lVal = number;
}

VARIANT* Variant::Receive() {
  ::VariantClear(&value_);
  return &value_;
}

std::string TextOf(BSTR text) {
  return text == nullptr ? std::string() : Utf8({text, ::SysStringLen(text)});
}

Status ComStatus(const std::string& doing, HRESULT result) {
  const Status known = WbemStatus(doing, static_cast<uint32_t>(result));
  return known.ok() ? WindowsStatus(doing, static_cast<unsigned long>(result)) : known;
}

}  // namespace nscp::wmi
