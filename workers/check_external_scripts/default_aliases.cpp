#include "workers/check_external_scripts/default_aliases.h"

namespace nscp::check_external_scripts {

std::vector<checks::AliasDefinition> DefaultAliases() {
  return {
      {"alias_cpu", "check_cpu"},
      {"alias_cpu_ex",
       R"(check_cpu "warn=load > $ARG1$" "crit=load > $ARG2$" time=5m time=1m time=30s)"},
      {"alias_mem", "check_memory"},
      {"alias_top_memory_users",
       R"(check_process "filter=working_set > 100M" warn=none crit=none empty-state=ok )"
       R"("top-syntax=${status}: ${list}" "detail-syntax=${exe}: ${working_set}")"},
      {"alias_top_memory_users_ex",
       R"(check_process "filter=working_set > $ARG1$" warn=none crit=none empty-state=ok )"
       R"("top-syntax=${status}: ${list}" "detail-syntax=${exe}: ${working_set}")"},
      {"alias_up", "check_uptime"},
      {"alias_disk", "check_drivesize"},
      {"alias_disk_loose", "check_drivesize ignore-missing"},
      {"alias_volumes", "check_drivesize"},
      {"alias_volumes_loose", "check_drivesize ignore-missing"},
      {"alias_service", "check_service"},
      {"alias_service_ex", R"(check_service "exclude=$ARG1$")"},
      {"alias_process", R"(check_process "process=$ARG1$" "crit=state != 'started'")"},
      {"alias_process_stopped",
       R"(check_process "process=$ARG1$" "crit=state != 'stopped'")"},
      {"alias_process_count",
       R"(check_process "process=$ARG1$" "warn=count > $ARG2$" "crit=count > $ARG3$")"},
      {"alias_process_hung",
       R"(check_process "filter=proc_state = 'zombie'" warn=none "crit=count > 0" )"
       R"(empty-state=ok)"},
      {"alias_event_log", "check_eventlog"},
      {"alias_file_size",
       R"(check_files "path=$ARG1$" "pattern=$ARG2$" "crit=size > $ARG3$" )"
       R"("top-syntax=${status}: ${list}" "detail-syntax=${filename}: ${size}")"},
      {"alias_file_age",
       R"(check_files "path=$ARG1$" "pattern=$ARG2$" "crit=age > $ARG3$" )"
       R"("top-syntax=${status}: ${list}" "detail-syntax=${filename}: ${age}")"},
      {"alias_sched_all", R"(check_tasksched show-all "crit=exit_code != 0")"},
      {"alias_sched_long",
       R"(check_tasksched "filter=task_status = 'running'" "crit=most_recent_run_time < -$ARG1$")"},
      {"alias_sched_task",
       R"(check_tasksched "filter=title = '$ARG1$'" "crit=exit_code != 0")"},
  };
}

}  // namespace nscp::check_external_scripts
