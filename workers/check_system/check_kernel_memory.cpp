#include "workers/check_system/check_kernel_memory.h"

#include "workers/checks/formats.h"

namespace nscp::check_system {
namespace {

template <uint64_t KernelMemory::*member>
void AddSize(checks::Keywords<KernelMemoryRow>& k, const char* name,
             const char* description) {
  k.Size(name, description, [](const KernelMemoryRow& row) {
     return row.memory.*member;
   }).Human([](const KernelMemoryRow& row) {
    return checks::FormatBytes(static_cast<double>(row.memory.*member));
  });
}

checks::Check<KernelMemoryRow> MakeKernelMemoryCheck() {
  checks::FilterDefaults defaults;
  defaults.detail_syntax =
      "slab ${slab} (${slab_unreclaimable} unreclaimable), cache ${cache}, "
      "${major_faults_per_sec} major faults/s";
  defaults.perf_syntax = "kernel";
  defaults.perf_config =
      "extra(slab;slab_reclaimable;slab_unreclaimable;cache;page_faults_per_sec;"
      "major_faults_per_sec)";
  checks::Keywords<KernelMemoryRow> k;
  AddSize<&KernelMemory::slab>(k, "slab", "Bytes of the kernel's own objects");
  AddSize<&KernelMemory::slab_reclaimable>(
      k, "slab_reclaimable", "The part of slab that the kernel gives up when asked");
  AddSize<&KernelMemory::slab_unreclaimable>(
      k, "slab_unreclaimable", "The part of slab that stays, such as a leak of a driver");
  AddSize<&KernelMemory::cache>(k, "cache", "Bytes of files that are kept in memory");
  k.Real("page_faults_per_sec", "Pages per second that were not mapped when used",
         &KernelMemoryRow::page_faults);
  k.Real("major_faults_per_sec", "Those of them that had to be read from a disk",
         &KernelMemoryRow::major_faults);
  return {checks::OptionTable(), defaults, std::move(k)};
}

}  // namespace

KernelMemoryCheck::KernelMemoryCheck() : check_(MakeKernelMemoryCheck()) {}

sdk::CheckResult KernelMemoryCheck::Run(
    const std::vector<std::string>& arguments, const checks::Environment& environment,
    const Result<MemorySample>& memory,
    const ChangeSource<PagingCounters>& paging) const {
  return check_.Run(
      arguments, environment,
      [&](const checks::Arguments&, checks::Sink<KernelMemoryRow>& sink) -> Status {
        if (!memory.ok()) return memory.status();
        if (!memory->kernel) {
          return Status::Unimplemented(
              "The memory of the kernel is not read on this system (use check_memory)");
        }
        ASSIGN_OR_RETURN(const auto change, paging());
        KernelMemoryRow row;
        row.memory = *memory->kernel;
        row.page_faults = PerSecond(change.before.page_faults, change.after.page_faults,
                                    change.seconds);
        row.major_faults = PerSecond(change.before.major_faults,
                                     change.after.major_faults, change.seconds);
        sink.Add(row);
        return Status::Ok();
      });
}

}  // namespace nscp::check_system
