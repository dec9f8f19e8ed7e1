#include "workers/check_system/check_swap_io.h"

#include "workers/checks/formats.h"

namespace nscp::check_system {
namespace {

int64_t BytesOfPages(double pages, const SwapIoRow& row) {
  return checks::RoundToInteger(pages * static_cast<double>(row.page_size));
}

checks::Check<SwapIoRow> MakeSwapIoCheck() {
  checks::FilterDefaults defaults;
  defaults.detail_syntax =
      "${swap_count} swap device(s) in ${swap_in} pages/s, out ${swap_out} pages/s";
  defaults.perf_syntax = "io";
  defaults.perf_config = "extra(swap_in;swap_out;swap_in_bytes;swap_out_bytes)";
  checks::Keywords<SwapIoRow> k;
  k.Integer("swap_count", "How many devices and files the system swaps to",
            &SwapIoRow::swaps);
  k.Real("swap_in", "Pages per second that were read back from the swap",
         &SwapIoRow::pages_in);
  k.Real("swap_out", "Pages per second that were written to the swap",
         &SwapIoRow::pages_out);
  k.Size("swap_in_bytes", "Bytes per second that were read back from the swap",
         [](const SwapIoRow& row) { return BytesOfPages(row.pages_in, row); });
  k.Size("swap_out_bytes", "Bytes per second that were written to the swap",
         [](const SwapIoRow& row) { return BytesOfPages(row.pages_out, row); });
  return {checks::OptionTable(), defaults, std::move(k)};
}

}  // namespace

SwapIoCheck::SwapIoCheck() : check_(MakeSwapIoCheck()) {}

sdk::CheckResult SwapIoCheck::Run(const std::vector<std::string>& arguments,
                                  const checks::Environment& environment,
                                  const ChangeSource<PagingCounters>& source,
                                  const Swaps& swaps, int64_t page_size) const {
  return check_.Run(
      arguments, environment,
      [&](const checks::Arguments&, checks::Sink<SwapIoRow>& sink) -> Status {
        SwapIoRow row;
        row.page_size = page_size;
        ASSIGN_OR_RETURN(row.swaps, swaps());
        ASSIGN_OR_RETURN(const auto change, source());
        row.pages_in =
            PerSecond(change.before.swapped_in, change.after.swapped_in, change.seconds);
        row.pages_out = PerSecond(change.before.swapped_out, change.after.swapped_out,
                                  change.seconds);
        sink.Add(row);
        return Status::Ok();
      });
}

}  // namespace nscp::check_system
