#include "workers/check_system/pdh_source_win32.h"

#include <windows.h>
//
#include <pdh.h>
#include <pdhmsg.h>

#include <algorithm>
#include <functional>

#include "proto/cpp/windows_win32.h"

namespace nscp::check_system {
namespace {

constexpr size_t kMaxListBytes = 64 * 1024 * 1024;
constexpr int kListTries = 4;  // a list may grow between asking for its size and for it
constexpr wchar_t kEnglishNames[] =
    L"SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Perflib\\009";

uint32_t CodeOf(PDH_STATUS status) { return static_cast<uint32_t>(status); }

// The parts of a text that ends with an empty one.
std::vector<std::string> Parts(const std::wstring& text) {
  std::vector<std::string> parts;
  size_t begin = 0;
  while (begin < text.size() && text[begin] != L'\0') {
    const size_t end = std::min(text.find(L'\0', begin), text.size());
    parts.push_back(Utf8({text.data() + begin, end - begin}));
    begin = end + 1;
  }
  return parts;
}

// Gives `fill` a buffer of `size` characters, a larger one as long as it asks for that.
PDH_STATUS FillList(std::wstring& text,
                    const std::function<PDH_STATUS(wchar_t*, DWORD*)>& fill) {
  DWORD size = 0;
  PDH_STATUS status = fill(nullptr, &size);
  for (int i = 0; i < kListTries && CodeOf(status) == PDH_MORE_DATA; ++i) {
    if (size > kMaxListBytes / sizeof(wchar_t))
      return static_cast<PDH_STATUS>(PDH_MEMORY_ALLOCATION_FAILURE);
    text.assign(size, L'\0');
    status = fill(text.data(), &size);
  }
  text.resize(std::min<size_t>(size, text.size()));
  return status;
}

DWORD FormatFlags(const CounterFormat& format) {
  DWORD flags = format.type == CounterType::kDouble  ? PDH_FMT_DOUBLE
                : format.type == CounterType::kLarge ? PDH_FMT_LARGE
                                                     : PDH_FMT_LONG;
  if (format.no_cap) flags |= PDH_FMT_NOCAP100;
  if (format.thousand) flags |= PDH_FMT_1000;
  if (format.no_scale) flags |= PDH_FMT_NOSCALE;
  return flags;
}

double NumberOf(const PDH_FMT_COUNTERVALUE& value, CounterType type) {
  if (type == CounterType::kDouble) return value.doubleValue;
  if (type == CounterType::kLarge) return static_cast<double>(value.largeValue);
  return static_cast<double>(value.longValue);
}

// What comes right with the next sample: a rate has one value alone, or ran backwards.
bool NeedsAnother(uint32_t code) {
  switch (code) {
    case PDH_INVALID_DATA:
    case PDH_CSTATUS_INVALID_DATA:
    case PDH_NO_DATA:
    case PDH_CALC_NEGATIVE_DENOMINATOR:
    case PDH_CALC_NEGATIVE_TIMEBASE:
    case PDH_CALC_NEGATIVE_VALUE:
      return true;
    default:
      return false;
  }
}

class PdhQuery final : public CounterQuery {
 public:
  explicit PdhQuery(PDH_HQUERY query) : query_(query) {}
  ~PdhQuery() override { ::PdhCloseQuery(query_); }
  PdhQuery(const PdhQuery&) = delete;
  PdhQuery& operator=(const PdhQuery&) = delete;

  Result<Id> Add(const std::string& path, CounterNames names) override {
    const std::wstring wide = Wide(path);
    PDH_HCOUNTER counter = nullptr;
    const PDH_STATUS status =
        names == CounterNames::kEnglish
            ? ::PdhAddEnglishCounterW(query_, wide.c_str(), 0, &counter)
            : ::PdhAddCounterW(query_, wide.c_str(), 0, &counter);
    if (status != ERROR_SUCCESS) {
      return CounterError("Failed to add counter " + path, CodeOf(status));
    }
    counters_.push_back({counter, path});
    return counters_.size() - 1;
  }

  void Remove(Id id) override {
    PDH_HCOUNTER& counter = counters_.at(id).counter;
    if (counter != nullptr) ::PdhRemoveCounter(counter);
    counter = nullptr;
  }

  Status Collect() override {
    const PDH_STATUS status = ::PdhCollectQueryData(query_);
    // Counters whose instances are all gone: each of them says so itself.
    if (status == ERROR_SUCCESS || CodeOf(status) == PDH_NO_DATA) return Status::Ok();
    return CounterError("Failed to collect counters", CodeOf(status));
  }

  Result<std::optional<double>> Value(Id id, const CounterFormat& format) override {
    const Entry& entry = counters_.at(id);
    if (entry.counter == nullptr) return Status::NotFound(entry.path + " is gone");
    PDH_FMT_COUNTERVALUE value = {};
    const PDH_STATUS status = ::PdhGetFormattedCounterValue(
        entry.counter, FormatFlags(format), nullptr, &value);
    const uint32_t code = status == ERROR_SUCCESS ? value.CStatus : CodeOf(status);
    if (code == PDH_CSTATUS_VALID_DATA || code == PDH_CSTATUS_NEW_DATA) {
      return std::optional<double>(NumberOf(value, format.type));
    }
    if (NeedsAnother(code)) return std::optional<double>();
    return CounterError("Failed to read counter " + entry.path, code);
  }

 private:
  struct Entry {
    PDH_HCOUNTER counter;
    std::string path;
  };
  const PDH_HQUERY query_;
  std::vector<Entry> counters_;
};

const wchar_t* OrLocal(const std::wstring& machine) {
  return machine.empty() ? nullptr : machine.c_str();
}

class PdhSource final : public CounterSource {
 public:
  Result<std::unique_ptr<CounterQuery>> Open() override {
    PDH_HQUERY query = nullptr;
    const PDH_STATUS status = ::PdhOpenQueryW(nullptr, 0, &query);
    if (status != ERROR_SUCCESS) {
      return CounterError("Failed to open performance counters", CodeOf(status));
    }
    return std::unique_ptr<CounterQuery>(std::make_unique<PdhQuery>(query));
  }

  Result<std::vector<std::string>> Expand(const std::string& path) override {
    const std::wstring wide = Wide(path);
    std::wstring text;
    const PDH_STATUS status = FillList(text, [&](wchar_t* list, DWORD* size) {
      return ::PdhExpandWildCardPathW(nullptr, wide.c_str(), list, size, 0);
    });
    if (status != ERROR_SUCCESS) {
      return CounterError("Failed to expand counter " + path, CodeOf(status));
    }
    std::vector<std::string> paths = Parts(text);
    if (paths.size() > kMaxCounters) paths.resize(kMaxCounters);
    return paths;
  }

  Result<std::string> NameOf(const std::string& machine, uint32_t index) override {
    const std::wstring host = Wide(machine);
    std::wstring text;
    const PDH_STATUS status = FillList(text, [&](wchar_t* name, DWORD* size) {
      // Windows needs a buffer to tell the size of one.
      constexpr DWORD kLongName = 1024;
      if (name != nullptr) {
        return ::PdhLookupPerfNameByIndexW(OrLocal(host), index, name, size);
      }
      *size = kLongName;
      return static_cast<PDH_STATUS>(PDH_MORE_DATA);
    });
    const std::string shown = std::to_string(index);
    if (status != ERROR_SUCCESS) {
      return CounterError("Failed to look up counter index " + shown, CodeOf(status));
    }
    const std::string name = Utf8(text.c_str());
    if (name.empty()) return Status::NotFound("There is no counter with index " + shown);
    return name;
  }

  Result<uint32_t> IndexOf(const std::string& machine, const std::string& name) override {
    DWORD index = 0;
    const std::wstring host = Wide(machine);
    const PDH_STATUS status =
        ::PdhLookupPerfIndexByNameW(OrLocal(host), Wide(name).c_str(), &index);
    if (status != ERROR_SUCCESS) {
      return CounterError("Failed to look up counter name " + name, CodeOf(status));
    }
    return static_cast<uint32_t>(index);
  }

  Result<CounterIndexes> EnglishIndexes() override {
    DWORD size = 0;
    std::wstring text;
    LSTATUS status = ERROR_MORE_DATA;
    for (int i = 0; i < kListTries && status == ERROR_MORE_DATA; ++i) {
      status = ::RegGetValueW(HKEY_LOCAL_MACHINE, kEnglishNames, L"Counter",
                              RRF_RT_REG_MULTI_SZ, nullptr, text.data(), &size);
      if (status == ERROR_SUCCESS && !text.empty()) break;
      if (status == ERROR_SUCCESS) status = ERROR_MORE_DATA;
      if (size > kMaxListBytes) break;
      text.assign(size / sizeof(wchar_t) + 1, L'\0');
      size = static_cast<DWORD>(text.size() * sizeof(wchar_t));
    }
    if (status != ERROR_SUCCESS) {
      return WindowsStatus("Failed to read the English names of counters",
                           static_cast<unsigned long>(status));
    }
    return ParseCounterIndexes(Parts(text));
  }

  Result<std::vector<std::string>> Objects(const std::string& machine) override {
    RETURN_IF_ERROR(CanList());
    const std::wstring host = Wide(machine);
    std::wstring text;
    bool refresh = true;
    const PDH_STATUS status = FillList(text, [&](wchar_t* list, DWORD* size) {
      return ::PdhEnumObjectsW(nullptr, OrLocal(host), list, size, PERF_DETAIL_WIZARD,
                               std::exchange(refresh, false) ? TRUE : FALSE);
    });
    if (status != ERROR_SUCCESS) {
      return CounterError("Failed to list the objects with counters", CodeOf(status));
    }
    return Parts(text);
  }

  Result<CounterObject> Object(const std::string& machine,
                               const std::string& name) override {
    RETURN_IF_ERROR(CanList());
    const std::wstring host = Wide(machine);
    const std::wstring wide = Wide(name);
    std::wstring counters;
    std::wstring instances;
    PDH_STATUS status = static_cast<PDH_STATUS>(PDH_MORE_DATA);
    for (int i = 0; i <= kListTries && CodeOf(status) == PDH_MORE_DATA; ++i) {
      auto counters_size = static_cast<DWORD>(counters.size());
      auto instances_size = static_cast<DWORD>(instances.size());
      status = ::PdhEnumObjectItemsW(nullptr, OrLocal(host), wide.c_str(),
                                     counters.empty() ? nullptr : counters.data(),
                                     &counters_size,
                                     instances.empty() ? nullptr : instances.data(),
                                     &instances_size, PERF_DETAIL_WIZARD, 0);
      if (std::max(counters_size, instances_size) > kMaxListBytes / sizeof(wchar_t))
        break;
      if (CodeOf(status) != PDH_MORE_DATA) break;
      // Without a buffer a list is not written, and one without instances is empty.
      counters.assign(std::max<DWORD>(counters_size, 2), L'\0');
      instances.assign(std::max<DWORD>(instances_size, 2), L'\0');
    }
    if (status != ERROR_SUCCESS) {
      return CounterError("Failed to list the counters of " + name, CodeOf(status));
    }
    return CounterObject{Parts(counters), Parts(instances)};
  }

 private:
  // Wine has no list of counters, and the call for it ends the process; there paths
  // cannot be expanded either, and that is an answer.
  static Status CanList() {
    DWORD size = 0;
    const PDH_STATUS status =
        ::PdhExpandWildCardPathW(nullptr, L"\\System\\*", nullptr, &size, 0);
    if (CodeOf(status) != PDH_NOT_IMPLEMENTED) return Status::Ok();
    return CounterError("Failed to list performance counters", CodeOf(status));
  }
};

}  // namespace

std::unique_ptr<CounterSource> MakePdhSource() { return std::make_unique<PdhSource>(); }

}  // namespace nscp::check_system
