#include "workers/check_system/print_source.h"

namespace nscp::check_system {
namespace {

constexpr uint32_t kPrinterPaused = 0x1;
constexpr uint32_t kPrinterOffline = 0x80;
constexpr uint32_t kPrinterNotAvailable = 0x1000;
// Reading, busy, printing, processing.
constexpr uint32_t kPrinterWorks = 0x100 | 0x200 | 0x400 | 0x4000;
constexpr uint32_t kPrinterWarmsUp = 0x8000 | 0x10000;

constexpr uint32_t kDefaultPrinter = 0x4;
constexpr uint32_t kSharedPrinter = 0x8;
constexpr uint32_t kNetworkPrinter = 0x10;
constexpr uint32_t kWorksOffline = 0x400;

struct PrintStateWord {
  uint32_t bit;
  const char* word;
};

// The first one that is set counts.
constexpr PrintStateWord kPrinterErrors[] = {
    {0x8, "jammed"},
    {0x10, "no_paper"},
    {0x400000, "door_open"},
    {0x40000, "no_toner"},
    {0x800, "output_bin_full"},
    {0x100000 | 0x20, "service_requested"},
    {0x20000, "low_toner"},
    {0x2 | 0x40 | 0x80000 | 0x200000, "other"},
};

constexpr PrintStateWord kJobWords[] = {
    {kJobError, "error"},
    {kJobBlocked, "blocked"},
    {kJobUserIntervention, "user_intervention"},
    {kJobPaperOut, "paper_out"},
    {kJobOffline, "offline"},
    {kJobPaused, "paused"},
    {0x4, "deleting"},
    {0x800, "restart"},
    {kJobPrinting, "printing"},
    {kJobSpooling, "spooling"},
    {0x80, "printed"},
    {0x1000, "complete"},
    {0x2000, "retained"},
    {0x100, "deleted"},
};

const char* ErrorOf(uint32_t status) {
  for (const PrintStateWord& state : kPrinterErrors) {
    if ((status & state.bit) != 0) return state.word;
  }
  return nullptr;
}

}  // namespace

bool Printer::offline() const {
  return (status & (kPrinterOffline | kPrinterNotAvailable)) != 0 ||
         (attributes & kWorksOffline) != 0;
}

bool Printer::error() const { return ErrorOf(status) != nullptr; }
bool Printer::is_default() const { return (attributes & kDefaultPrinter) != 0; }
bool Printer::shared() const { return (attributes & kSharedPrinter) != 0; }
bool Printer::network() const { return (attributes & kNetworkPrinter) != 0; }

const char* Printer::StatusWord() const {
  if (offline()) return "offline";
  if (error() || (status & kPrinterPaused) != 0) return "stopped_printing";
  if ((status & kPrinterWarmsUp) != 0) return "warmup";
  return (status & kPrinterWorks) != 0 ? "printing" : "idle";
}

const char* Printer::ErrorWord() const {
  if (const char* word = ErrorOf(status)) return word;
  return offline() ? "offline" : "no_error";
}

std::string PrintJob::StatusWords() const {
  std::string words;
  for (const PrintStateWord& state : kJobWords) {
    if ((status & state.bit) == 0) continue;
    if (!words.empty()) words += ", ";
    words += state.word;
  }
  return words.empty() ? "queued" : words;
}

}  // namespace nscp::check_system
