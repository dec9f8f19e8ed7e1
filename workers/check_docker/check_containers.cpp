#include "workers/check_docker/check_containers.h"

namespace nscp::check_docker {
namespace {

checks::Keywords<Container> ContainerKeywords() {
  using Row = Container;
  checks::Keywords<Row> k;
  const auto text = [&k](const char* name, const char* description,
                         std::string Row::*field) {
    k.Text(name, description,
           [field](const Row& row) -> std::string_view { return row.*field; });
  };
  text("names", "Names of the container, parted by commas", &Row::names);
  text("image", "Image that it was made of, such as nginx:1.25", &Row::image);
  text("image_id", "Id of its image", &Row::image_id);
  text("id", "Id of the container", &Row::id);
  text("command", "Command that it was started with", &Row::command);
  text("container_state",
       "State: created, restarting, running, removing, paused, exited, dead; missing for "
       "one that was named and is not there",
       &Row::state);
  text("container_status", "State in the engine's words, such as Up 3 hours (healthy)",
       &Row::status);
  k.Text("health", "What its health check says: healthy, unhealthy, starting; none",
         [](const Row& row) -> std::string_view {
           return row.health.empty() ? std::string_view("none") : row.health;
         });
  k.Integer("has_health_check", "1 if it has a health check that tells something",
            [](const Row& row) { return !row.health.empty(); });
  k.Date("created", "When it was made", [](const Row& row) { return row.created; });
  text("ip", "Its addresses in the engine's networks", &Row::ip);
  text("ports", "Its ports, such as 0.0.0.0:8080->80/tcp", &Row::ports);
  text("labels", "Its labels, such as app=web, stage=test", &Row::labels);
  return k;
}

checks::Check<Container> MakeContainersCheck() {
  checks::OptionTable options;
  AddEngineOptions(options);
  options.Bool("all",
               "Look at all containers.\nOtherwise at those that run, or that are "
               "named.");
  options.List("container", {},
               "Container to look at, by its name or id; may be given several times.\n"
               "One that is not there has the state missing.");
  checks::FilterDefaults defaults;
  defaults.critical = {"container_state != 'running'"};
  defaults.empty_state = "warning";
  defaults.top_syntax = "${status}: ${list}";
  defaults.empty_syntax = "No containers found";
  defaults.detail_syntax = "${names}=${container_state}";
  defaults.perf_syntax = "${names}";
  return {std::move(options), defaults, ContainerKeywords()};
}

}  // namespace

ContainersCheck::ContainersCheck() : check_(MakeContainersCheck()) {}

sdk::CheckResult ContainersCheck::Run(const std::vector<std::string>& arguments,
                                      const checks::Environment& environment,
                                      const Connect& connect) const {
  return check_.Run(
      arguments, environment,
      [&](const checks::Arguments& parsed, checks::Sink<Container>& sink) -> Status {
        ASSIGN_OR_RETURN(const Ask ask, connect(parsed));
        ASSIGN_OR_RETURN(std::vector<Container> containers,
                         ListContainers(ask, parsed, parsed.Flag("all")));
        for (Container& container : containers) {
          if (!sink.Add(std::move(container))) break;
        }
        return Status::Ok();
      });
}

}  // namespace nscp::check_docker
