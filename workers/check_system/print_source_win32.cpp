#include "workers/check_system/print_source_win32.h"

#include <windows.h>
//
#include <winspool.h>

#include <algorithm>

#include "proto/cpp/windows_win32.h"
#include "workers/check_system/registry_path.h"

namespace nscp::check_system {
namespace {

constexpr DWORD kMaxSpoolerBytes = 64 * 1024 * 1024;
constexpr int kSpoolerTries = 4;  // a list may grow between its size and itself
constexpr char kSpooler[] =
    "Failed to list the printers (does the service Print Spooler run?)";

// A list of the spooler: `fill(bytes, size, needed, count)`.
template <class Info, class Fill>
bool FillSpoolerList(std::vector<uint64_t>& buffer, DWORD& count, Fill fill) {
  DWORD needed = 0;
  for (int i = 0; i < kSpoolerTries; ++i) {
    const auto size = static_cast<DWORD>(buffer.size() * sizeof(uint64_t));
    auto* bytes = buffer.empty() ? nullptr : reinterpret_cast<BYTE*>(buffer.data());
    if (fill(bytes, size, &needed, &count)) return true;
    if (::GetLastError() != ERROR_INSUFFICIENT_BUFFER) return false;
    if (needed > kMaxSpoolerBytes) return false;
    buffer.resize(needed / sizeof(uint64_t) + 1);
  }
  return false;
}

std::string TextOrNone(const wchar_t* text) {
  return text == nullptr ? std::string() : Utf8(text);
}

int64_t SecondsOfTime(const SYSTEMTIME& time) {
  FILETIME file_time = {};
  if (!::SystemTimeToFileTime(&time, &file_time)) return 0;
  return FromFileTime(uint64_t{file_time.dwHighDateTime} << 32 | file_time.dwLowDateTime);
}

class PrinterHandle {
 public:
  explicit PrinterHandle(const std::string& name) {
    std::wstring wide = Wide(name);
    if (!::OpenPrinterW(wide.data(), &handle_, nullptr)) handle_ = nullptr;
  }
  ~PrinterHandle() {
    if (handle_ != nullptr) ::ClosePrinter(handle_);
  }
  PrinterHandle(const PrinterHandle&) = delete;
  PrinterHandle& operator=(const PrinterHandle&) = delete;
  HANDLE get() const { return handle_; }

 private:
  HANDLE handle_ = nullptr;
};

Result<std::vector<Printer>> ListAllPrinters() {
  std::vector<uint64_t> buffer;
  DWORD count = 0;
  const bool is_listed = FillSpoolerList<PRINTER_INFO_2W>(
      buffer, count, [](BYTE* bytes, DWORD size, DWORD* needed, DWORD* found) {
        return ::EnumPrintersW(PRINTER_ENUM_LOCAL | PRINTER_ENUM_CONNECTIONS, nullptr, 2,
                               bytes, size, needed, found);
      });
  if (!is_listed) return LastError(kSpooler);
  const auto* info = reinterpret_cast<const PRINTER_INFO_2W*>(buffer.data());
  std::vector<Printer> printers;
  for (size_t i = 0; i < std::min<size_t>(count, kMaxPrinters); ++i) {
    Printer printer;
    printer.name = TextOrNone(info[i].pPrinterName);
    printer.driver = TextOrNone(info[i].pDriverName);
    printer.port = TextOrNone(info[i].pPortName);
    printer.location = TextOrNone(info[i].pLocation);
    printer.share = TextOrNone(info[i].pShareName);
    printer.server = TextOrNone(info[i].pServerName);
    printer.status = info[i].Status;
    printer.attributes = info[i].Attributes;
    printers.push_back(std::move(printer));
  }
  return printers;
}

Status AddJobs(const std::string& name, std::vector<PrintJob>& jobs) {
  const std::string doing = "Failed to list the jobs of printer " + name;
  const PrinterHandle printer(name);
  if (printer.get() == nullptr) return LastError(doing);
  std::vector<uint64_t> buffer;
  DWORD count = 0;
  const auto most = static_cast<DWORD>(kMaxPrintJobs - jobs.size());
  const bool is_listed = FillSpoolerList<JOB_INFO_2W>(
      buffer, count, [&](BYTE* bytes, DWORD size, DWORD* needed, DWORD* found) {
        return ::EnumJobsW(printer.get(), 0, most, 2, bytes, size, needed, found);
      });
  if (!is_listed) return LastError(doing);
  const auto* info = reinterpret_cast<const JOB_INFO_2W*>(buffer.data());
  for (DWORD i = 0; i < count && jobs.size() < kMaxPrintJobs; ++i) {
    PrintJob job;
    job.printer = name;
    job.document = TextOrNone(info[i].pDocument);
    job.owner = TextOrNone(info[i].pUserName);
    job.id = info[i].JobId;
    job.status = info[i].Status;
    job.priority = info[i].Priority;
    job.size = info[i].Size;
    job.pages = info[i].TotalPages;
    job.pages_printed = info[i].PagesPrinted;
    job.submitted = SecondsOfTime(info[i].Submitted);
    jobs.push_back(std::move(job));
  }
  return Status::Ok();
}

}  // namespace

Result<PrintQueues> ReadWindowsPrintQueues(const std::function<bool()>& cancelled) {
  PrintQueues queues;
  ASSIGN_OR_RETURN(queues.printers, ListAllPrinters());
  for (Printer& printer : queues.printers) {
    if (cancelled && cancelled()) {
      return Status::Cancelled("The check was stopped while it listed print jobs");
    }
    if (queues.jobs.size() >= kMaxPrintJobs) {
      queues.problems.push_back("There are more than " + std::to_string(kMaxPrintJobs) +
                                " print jobs");
      break;
    }
    const Status listed = AddJobs(printer.name, queues.jobs);
    if (listed.ok()) continue;
    queues.problems.push_back(listed.message());
    printer.status |= PRINTER_STATUS_NOT_AVAILABLE;
  }
  return queues;
}

}  // namespace nscp::check_system
