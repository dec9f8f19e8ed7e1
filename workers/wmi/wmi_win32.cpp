#include "workers/wmi/wmi.h"

#include <windows.h>
// It needs windows.h before it.
#include <wbemidl.h>

#include <algorithm>

#include "proto/cpp/text.h"
#include "proto/cpp/utf8.h"
#include "proto/cpp/windows_win32.h"
#include "workers/wmi/com_win32.h"

namespace nscp::wmi {
namespace {

using Clock = std::chrono::steady_clock;

// Bytes of a query that an error repeats.
constexpr size_t kMaxShown = 200;
// Rows that one step asks for: a remote step costs a way there and back.
constexpr ULONG kBatch = 16;

// The account as COM wants it; points into itself, so it stays where it is.
class Identity {
 public:
  Identity(const std::string& user, const std::string& password)
      : password_(Wide(password)) {
    const size_t backslash = user.find('\\');
    const bool has_domain = backslash != std::string::npos;
    domain_ = has_domain ? Wide(user.substr(0, backslash)) : L"";
    user_ = Wide(has_domain ? user.substr(backslash + 1) : user);
    identity_.User = Words(user_);
    identity_.UserLength = static_cast<ULONG>(user_.size());
    identity_.Domain = Words(domain_);
    identity_.DomainLength = static_cast<ULONG>(domain_.size());
    identity_.Password = Words(password_);
    identity_.PasswordLength = static_cast<ULONG>(password_.size());
    identity_.Flags = SEC_WINNT_AUTH_IDENTITY_UNICODE;
  }
  ~Identity() {
    ::SecureZeroMemory(password_.data(), password_.size() * sizeof(wchar_t));
  }
  Identity(const Identity&) = delete;
  Identity& operator=(const Identity&) = delete;

  COAUTHIDENTITY* get() { return &identity_; }

 private:
  static USHORT* Words(std::wstring& text) {
    return reinterpret_cast<USHORT*>(text.data());
  }
  std::wstring user_;
  std::wstring domain_;
  std::wstring password_;
  COAUTHIDENTITY identity_{};
};

// Calls through `proxy` go in the name of the place's account.
Status SetAccount(IUnknown* proxy, const Place& place, Identity& identity) {
  // Another account than the agent's is for other computers, where it can be refused;
  // here it is that already.
  if (place.computer.empty()) return Status::Ok();
  const HRESULT set = ::CoSetProxyBlanket(
      proxy, RPC_C_AUTHN_DEFAULT, RPC_C_AUTHZ_DEFAULT, COLE_DEFAULT_PRINCIPAL,
      RPC_C_AUTHN_LEVEL_PKT_PRIVACY, RPC_C_IMP_LEVEL_IMPERSONATE,
      place.user.empty() ? nullptr : identity.get(), EOAC_NONE);
  if (FAILED(set)) return ComStatus("Setting the account for WMI", set);
  return Status::Ok();
}

std::string AskingFor(const std::string& wql) {
  return "Asking " + CutUtf8(RepairUtf8(wql), kMaxShown);
}

std::string PathOf(const Place& place) {
  const std::string name =
      place.name_space.empty() ? kDefaultNamespace : place.name_space;
  return place.computer.empty() ? name : "\\\\" + place.computer + "\\" + name;
}

// One connection to a namespace, for one thread.
class Session {
 public:
  Session(const Place& place, const Limits& limits)
      : place_(place), limits_(limits), identity_(place.user, place.password) {}

  Status Open(const Apartment&) {
    const std::string doing = "Connecting to " + PathOf(place_);
    ComPtr<IWbemLocator> locator;
    HRESULT result = ::CoCreateInstance(CLSID_WbemLocator, nullptr, CLSCTX_INPROC_SERVER,
                                        IID_IWbemLocator, locator.ReceiveAny());
    if (FAILED(result)) return ComStatus(doing, result);
    const Bstr path(PathOf(place_));
    const Bstr user(place_.user);
    const Bstr password(place_.password);
    result = locator->ConnectServer(path.get(), user.get(), password.get(), nullptr,
                                    WBEM_FLAG_CONNECT_USE_MAX_WAIT, nullptr, nullptr,
                                    services_.Receive());
    if (FAILED(result)) return ComStatus(doing, result);
    return SetAccount(services_.get(), place_, identity_);
  }

  Result<ComPtr<IEnumWbemClassObject>> Ask(const std::string& wql, long flags) {
    const Bstr language("WQL");
    const Bstr query(wql);
    ComPtr<IEnumWbemClassObject> rows;
    const HRESULT asked = services_->ExecQuery(
        language.get(), query.get(),
        flags | WBEM_FLAG_FORWARD_ONLY | WBEM_FLAG_RETURN_IMMEDIATELY, nullptr,
        rows.Receive());
    if (FAILED(asked)) return ComStatus(AskingFor(wql), asked);
    RETURN_IF_ERROR(SetAccount(rows.get(), place_, identity_));
    return rows;
  }

  Result<ComPtr<IEnumWbemClassObject>> AskClasses(const std::string& parent) {
    const Bstr name(parent);
    ComPtr<IEnumWbemClassObject> rows;
    const HRESULT asked = services_->CreateClassEnum(
        name.get(),
        WBEM_FLAG_DEEP | WBEM_FLAG_FORWARD_ONLY | WBEM_FLAG_RETURN_IMMEDIATELY, nullptr,
        rows.Receive());
    if (FAILED(asked)) return ComStatus("Listing the classes", asked);
    RETURN_IF_ERROR(SetAccount(rows.get(), place_, identity_));
    return rows;
  }

  Result<ComPtr<IWbemClassObject>> Class(const std::string& name) {
    const Bstr path(name);
    ComPtr<IWbemClassObject> object;
    const HRESULT got =
        services_->GetObject(path.get(), 0, nullptr, object.Receive(), nullptr);
    if (FAILED(got)) return ComStatus("Looking for the class " + name, got);
    return object;
  }

  // Hands every object to `take` until it says false or there are no more.
  template <class Take>
  Status Each(IEnumWbemClassObject* rows, const std::string& doing, Take take) {
    while (true) {
      RETURN_IF_ERROR(StillWanted(doing));
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
          limits_.deadline - Clock::now());
      const long wait = static_cast<long>(
          std::clamp<int64_t>(left.count(), 1, std::chrono::milliseconds(kPoll).count()));
      IWbemClassObject* batch[kBatch] = {};
      ULONG count = 0;
      const HRESULT next = rows->Next(wait, kBatch, batch, &count);
      bool wanted = true;
      Status taken;
      for (ULONG i = 0; i < count; ++i) {
        ComPtr<IWbemClassObject> object;
        *object.Receive() = batch[i];
        if (!wanted || !taken.ok()) continue;  // let go of the rest
        auto more = take(*object.get());
        if (more.ok()) {
          wanted = *more;
        } else {
          taken = more.status();
        }
      }
      RETURN_IF_ERROR(taken);
      if (FAILED(next)) return ComStatus(doing, next);
      if (!wanted || next == WBEM_S_FALSE) return Status::Ok();
    }
  }

 private:
  Status StillWanted(const std::string& doing) const {
    if (limits_.cancelled && limits_.cancelled()) {
      return Status::Cancelled(doing + ": nobody waits for the answer any more");
    }
    if (Clock::now() >= limits_.deadline) {
      return Status::DeadlineExceeded(
          doing + ": WMI did not answer in time: ask for less, or allow more time");
    }
    return Status::Ok();
  }

  const Place& place_;
  const Limits& limits_;
  Identity identity_;
  ComPtr<IWbemServices> services_;
};

// An embedded object as WMI writes it, on one line.
std::string ObjectText(IUnknown* unknown) {
  ComPtr<IWbemClassObject> object;
  if (unknown == nullptr ||
      FAILED(unknown->QueryInterface(IID_IWbemClassObject, object.ReceiveAny()))) {
    return "";
  }
  Bstr text;
  if (FAILED(object->GetObjectText(0, text.Receive()))) return "";
  return std::string(Trim(ReplaceAll(ReplaceAll(text.text(), "\r", ""), "\n", " ")));
}

Raw RawOf(const VARIANT& value) {
  switch (value.vt) {
    case VT_I1:
      return int64_t{value.cVal};
    case VT_UI1:
      return int64_t{value.bVal};
    case VT_I2:
      return int64_t{value.iVal};
    case VT_UI2:
      return int64_t{value.uiVal};
    case VT_I4:
    case VT_INT:
      return int64_t{value.lVal};
    case VT_UI4:
    case VT_UINT:
      return int64_t{value.ulVal};
    case VT_I8:
      return int64_t{value.llVal};
    case VT_UI8:
      return std::to_string(value.ullVal);
    case VT_R4:
      return static_cast<double>(value.fltVal);
    case VT_R8:
      return value.dblVal;
    case VT_BOOL:
      return value.boolVal != VARIANT_FALSE;
    case VT_BSTR:
      return TextOf(value.bstrVal);
    case VT_UNKNOWN:
      return ObjectText(value.punkVal);
    default:
      return std::monostate();
  }
}

Value ListOf(int cim_type, const VARIANT& value) {
  LONG first = 0;
  LONG last = -1;
  VARTYPE type = VT_EMPTY;
  if (FAILED(::SafeArrayGetLBound(value.parray, 1, &first)) ||
      FAILED(::SafeArrayGetUBound(value.parray, 1, &last)) ||
      FAILED(::SafeArrayGetVartype(value.parray, &type))) {
    return Value();
  }
  const size_t total = last < first ? 0 : static_cast<size_t>(last - first) + 1;
  std::vector<Raw> elements;
  for (size_t i = 0; i < std::min(total, kMaxElements); ++i) {
    LONG index = first + static_cast<LONG>(i);
    Variant element;
    VARIANT* held = element.Receive();
    void* place = type == VT_VARIANT ? static_cast<void*>(held) : &held->llVal;
    if (FAILED(::SafeArrayGetElement(value.parray, &index, place))) break;
    if (type != VT_VARIANT) held->vt = type;
    elements.push_back(RawOf(*held));
  }
  return MakeList(cim_type, elements, total);
}

Value ValueOf(int cim_type, const VARIANT& value) {
  if ((value.vt & VT_ARRAY) != 0) return ListOf(cim_type, value);
  return MakeValue(cim_type, RawOf(value));
}

Result<std::vector<std::string>> NamesOf(IWbemClassObject& object) {
  SAFEARRAY* names = nullptr;
  const HRESULT got = object.GetNames(
      nullptr, WBEM_FLAG_ALWAYS | WBEM_FLAG_NONSYSTEM_ONLY, nullptr, &names);
  if (FAILED(got)) return ComStatus("Reading the columns", got);
  Variant owner;
  VARIANT* held = owner.Receive();
  held->vt = VT_ARRAY | VT_BSTR;
  held->parray = names;
  LONG first = 0;
  LONG last = -1;
  ::SafeArrayGetLBound(names, 1, &first);
  ::SafeArrayGetUBound(names, 1, &last);
  std::vector<std::string> found;
  for (LONG i = first; i <= last && found.size() < kMaxColumns; ++i) {
    Bstr name;
    if (SUCCEEDED(::SafeArrayGetElement(names, &i, name.Receive()))) {
      found.push_back(name.text());
    }
  }
  return found;
}

// Takes objects and makes them columns and rows, within the limits.
class Collector {
 public:
  explicit Collector(size_t rows) : max_rows_(rows) {}

  // False: it has enough.
  Result<bool> Take(IWbemClassObject& object) {
    if (table_.rows.size() >= max_rows_ || bytes_ >= kMaxBytes) {
      table_.cut = true;
      return false;
    }
    Row row;
    RETURN_IF_ERROR(Read(object, &row));
    table_.rows.push_back(std::move(row));
    return true;
  }
  // Of an object that stands for all, its columns alone.
  Result<bool> TakeColumns(IWbemClassObject& object) {
    Row none;
    RETURN_IF_ERROR(Read(object, &none));
    return false;
  }

  Table&& table() { return std::move(table_); }
  bool empty() const { return table_.rows.empty(); }
  bool has_columns() const { return !table_.columns.empty(); }

 private:
  Status Read(IWbemClassObject& object, Row* row) {
    ASSIGN_OR_RETURN(const std::vector<std::string> names, NamesOf(object));
    for (const std::string& name : names) {
      Variant value;
      CIMTYPE type = 0;
      const HRESULT got =
          object.Get(Wide(name).c_str(), 0, value.Receive(), &type, nullptr);
      if (FAILED(got)) return ComStatus("Reading the column " + name, got);
      const auto place = PlaceOf(name, static_cast<int>(type));
      if (!place) continue;
      if (row->size() <= *place) row->resize(*place + 1);
      (*row)[*place] = ValueOf(static_cast<int>(type), value.get());
      bytes_ += (*row)[*place].text.size();
      NoteInterval(*place, (*row)[*place]);
    }
    return Status::Ok();
  }

  // Objects of a class and of its descendants have different columns.
  std::optional<size_t> PlaceOf(const std::string& name, int type) {
    const size_t likely = next_ < table_.columns.size() ? next_ : 0;
    if (likely < table_.columns.size() && table_.columns[likely].name == name) {
      next_ = likely + 1;
      return likely;
    }
    if (const auto found = table_.Find(name)) {
      next_ = *found + 1;
      return found;
    }
    if (table_.columns.size() >= kMaxColumns) return std::nullopt;
    table_.columns.push_back({name, KindOf(type)});
    next_ = table_.columns.size();
    return table_.columns.size() - 1;
  }

  void NoteInterval(size_t column, const Value& value) {
    if (table_.columns[column].kind == Kind::kDate && IsInterval(value.text)) {
      table_.columns[column].kind = Kind::kInterval;
    }
  }

  const size_t max_rows_;
  Table table_;
  size_t bytes_ = 0;
  size_t next_ = 0;  // where the next column most likely stands
};

// The columns of an answer without a row. A prototype knows them, where the provider has
// one; else those of the class do.
Status LearnColumns(Session& session, const std::string& wql, Collector& collector) {
  const auto take = [&](IWbemClassObject& object) {
    return collector.TakeColumns(object);
  };
  const auto prototype = session.Ask(wql, WBEM_FLAG_PROTOTYPE);
  if (prototype.ok()) {
    const Status known = session.Each(prototype->get(), AskingFor(wql), take);
    if (known.code() == Code::kCancelled || collector.has_columns()) return known;
  }
  const std::string name = ClassOf(wql);
  // Classes are asked of a word that is no class.
  if (name.empty() || EqualsIgnoreCase(name, "meta_class")) return Status::Ok();
  ASSIGN_OR_RETURN(const auto object, session.Class(name));
  return collector.TakeColumns(*object.get()).status();
}

}  // namespace

Result<Table> Query(const Place& place, const std::string& wql, const Limits& limits) {
  if (wql.size() > kMaxQuery) {
    return Status::InvalidArgument("the query has more than " +
                                   std::to_string(kMaxQuery) + " bytes");
  }
  ASSIGN_OR_RETURN(const Apartment apartment, Apartment::Enter());
  Session session(place, limits);
  RETURN_IF_ERROR(session.Open(apartment));
  const std::string doing = AskingFor(wql);
  Collector collector(limits.rows);
  {
    ASSIGN_OR_RETURN(const auto rows, session.Ask(wql, 0));
    RETURN_IF_ERROR(session.Each(rows.get(), doing, [&](IWbemClassObject& object) {
      return collector.Take(object);
    }));
  }
  if (collector.empty()) RETURN_IF_ERROR(LearnColumns(session, wql, collector));
  Table table = collector.table();
  SpellAsAsked(wql, table.columns);
  return table;
}

Result<std::vector<std::string>> Classes(const Place& place, const std::string& parent,
                                         const Limits& limits) {
  ASSIGN_OR_RETURN(const Apartment apartment, Apartment::Enter());
  Session session(place, limits);
  RETURN_IF_ERROR(session.Open(apartment));
  ASSIGN_OR_RETURN(const auto classes, session.AskClasses(parent));
  std::vector<std::string> names;
  RETURN_IF_ERROR(session.Each(
      classes.get(), "Listing the classes",
      [&](IWbemClassObject& object) -> Result<bool> {
        Variant name;
        if (SUCCEEDED(object.Get(L"__CLASS", 0, name.Receive(), nullptr, nullptr)) &&
            name.get().vt == VT_BSTR) {
          names.push_back(TextOf(name.get().bstrVal));
        }
        return names.size() < limits.rows;
      }));
  return names;
}

}  // namespace nscp::wmi
