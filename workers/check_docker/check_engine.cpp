#include "workers/check_docker/check_engine.h"

#include "workers/check_docker/fields.h"
#include "workers/checks/formats.h"

namespace nscp::check_docker {
namespace {

// ---- check_docker_info

checks::Keywords<EngineInfo> InfoKeywords() {
  using Row = EngineInfo;
  checks::Keywords<Row> k;
  k.Text("version", "Version of the container engine",
         [](const Row& row) -> std::string_view { return row.version; });
  k.Text("name", "Host name of the machine, as the engine knows it",
         [](const Row& row) -> std::string_view { return row.name; });
  k.Text("os", "Operating system of the machine, as the engine knows it",
         [](const Row& row) -> std::string_view { return row.os; });
  k.Integer("containers", "Containers of any state", [](const Row& row) {
     return row.containers;
   }).Perf("", " containers");
  k.Integer("running", "Containers that run", [](const Row& row) { return row.running; });
  k.Integer("paused", "Containers that are paused",
            [](const Row& row) { return row.paused; });
  k.Integer("stopped", "Containers that do not run",
            [](const Row& row) { return row.stopped; });
  k.Integer("images", "Images that the engine keeps",
            [](const Row& row) { return row.images; });
  return k;
}

checks::Check<EngineInfo> MakeInfoCheck() {
  checks::OptionTable options;
  AddEngineOptions(options);
  checks::FilterDefaults defaults;
  defaults.empty_state = "unknown";
  defaults.top_syntax = "${status}: ${list}";
  defaults.detail_syntax =
      "docker ${version} on ${name}: ${running} running, ${paused} paused, ${stopped} "
      "stopped containers, ${images} images";
  defaults.perf_syntax = "docker";
  return {std::move(options), defaults, InfoKeywords()};
}

Result<EngineInfo> ParseInfo(const json::Value& info) {
  if (!info.Find("ServerVersion")) {
    return Status::InvalidArgument("the container engine tells nothing of itself");
  }
  EngineInfo row;
  row.version = TextOf(info, "ServerVersion");
  row.name = TextOf(info, "Name");
  row.os = TextOf(info, "OperatingSystem");
  row.containers = CountOf(info, "Containers");
  row.running = CountOf(info, "ContainersRunning");
  row.paused = CountOf(info, "ContainersPaused");
  row.stopped = CountOf(info, "ContainersStopped");
  row.images = CountOf(info, "Images");
  return row;
}

// ---- check_docker_df

void AddShare(const char* what, const char* thing, DiskShare DiskUsage::*share,
              checks::Keywords<DiskUsage>* k) {
  const std::string name = what;
  const auto size = [&](const std::string& suffix, const std::string& description,
                        int64_t DiskShare::*field) {
    k->Size(name + suffix, description, [share, field](const DiskUsage& row) {
       return row.*share.*field;
     }).Human([share, field](const DiskUsage& row) {
      return checks::FormatBytes(static_cast<double>(row.*share.*field));
    });
  };
  size("_size", "Bytes that the " + std::string(thing) + " take", &DiskShare::size);
  size("_reclaimable",
       "Bytes that removing what is not in use of the " + std::string(thing) +
           " gives back",
       &DiskShare::reclaimable);
}

void AddCounts(const char* what, const char* unused, const char* when,
               DiskShare DiskUsage::*share, checks::Keywords<DiskUsage>* k) {
  k->Integer(what, "How many " + std::string(what) + " there are",
             [share](const DiskUsage& row) { return (row.*share).count; });
  k->Integer(unused, "How many " + std::string(what) + " " + when,
             [share](const DiskUsage& row) { return (row.*share).unused; });
  AddShare(what, what, share, k);
}

checks::Keywords<DiskUsage> DiskKeywords() {
  checks::Keywords<DiskUsage> k;
  AddCounts("images", "unused_images", "no container uses", &DiskUsage::images, &k);
  AddCounts("containers", "stopped_containers", "do not run", &DiskUsage::containers, &k);
  AddCounts("volumes", "unused_volumes", "no container uses", &DiskUsage::volumes, &k);
  AddShare("build_cache", "layers of the build cache", &DiskUsage::build_cache, &k);
  const auto total = [&k](const char* name, const char* description,
                          int64_t (DiskUsage::*sum)() const) {
    k.Size(name, description, [sum](const DiskUsage& row) {
       return (row.*sum)();
     }).Human([sum](const DiskUsage& row) {
      return checks::FormatBytes(static_cast<double>((row.*sum)()));
    });
  };
  total("total_size", "Bytes that all of it takes", &DiskUsage::TotalSize);
  total("total_reclaimable", "Bytes that removing all that is not in use gives back",
        &DiskUsage::TotalReclaimable);
  k.Text("message", "All of it in one line",
         [](const DiskUsage& row) { return row.Message(); });
  return k;
}

checks::Check<DiskUsage> MakeDiskCheck() {
  checks::OptionTable options;
  AddEngineOptions(options, DiskCheck::kTimeoutSeconds);
  checks::FilterDefaults defaults;
  defaults.empty_state = "unknown";
  defaults.top_syntax = "${status}: ${list}";
  defaults.detail_syntax = "${message}";
  defaults.perf_syntax = "docker";
  return {std::move(options), defaults, DiskKeywords()};
}

}  // namespace

InfoCheck::InfoCheck() : check_(MakeInfoCheck()) {}

sdk::CheckResult InfoCheck::Run(const std::vector<std::string>& arguments,
                                const checks::Environment& environment,
                                const Connect& connect) const {
  return check_.Run(
      arguments, environment,
      [&](const checks::Arguments& parsed, checks::Sink<EngineInfo>& sink) -> Status {
        ASSIGN_OR_RETURN(const Ask ask, connect(parsed));
        ASSIGN_OR_RETURN(const json::Value answer, ask("/info"));
        ASSIGN_OR_RETURN(EngineInfo row, ParseInfo(answer));
        sink.Add(std::move(row));
        return Status::Ok();
      });
}

DiskCheck::DiskCheck() : check_(MakeDiskCheck()) {}

sdk::CheckResult DiskCheck::Run(const std::vector<std::string>& arguments,
                                const checks::Environment& environment,
                                const Connect& connect) const {
  return check_.Run(
      arguments, environment,
      [&](const checks::Arguments& parsed, checks::Sink<DiskUsage>& sink) -> Status {
        ASSIGN_OR_RETURN(const Ask ask, connect(parsed));
        ASSIGN_OR_RETURN(const json::Value answer, ask("/system/df"));
        ASSIGN_OR_RETURN(const DiskUsage row, ParseDiskUsage(answer));
        sink.Add(row);
        return Status::Ok();
      });
}

}  // namespace nscp::check_docker
