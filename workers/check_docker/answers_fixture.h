// Answers of a container engine, in the shape that the Docker Engine API 1.41 documents;
// names and figures are made up.
#pragma once

namespace nscp::check_docker {

inline constexpr char kList[] = R"~([
 {"Id": "aaaaaaaaaaaa1111", "Names": ["/web", "/proxy/web"], "Image": "nginx:1.25",
  "ImageID": "sha256:77af", "Command": "/docker-entrypoint.sh nginx", "Created": 1700000000,
  "Ports": [{"IP": "0.0.0.0", "PrivatePort": 80, "PublicPort": 8080, "Type": "tcp"},
            {"IP": "::", "PrivatePort": 80, "PublicPort": 8080, "Type": "tcp"},
            {"PrivatePort": 443, "Type": "tcp"}],
  "Labels": {"stage": "test", "app": "web"}, "State": "running",
  "Status": "Up 3 hours (healthy)", "HostConfig": {"NetworkMode": "default"},
  "NetworkSettings": {"Networks": {"bridge": {"IPAddress": "172.17.0.2",
                                               "GlobalIPv6Address": ""}}}, "Mounts": []},
 {"Id": "bbbbbbbbbbbb2222", "Names": ["/db"], "Image": "postgres", "State": "exited",
  "Status": "Exited (137) 2 hours ago", "Labels": null, "Ports": []},
 {"Id": "../../evil", "Names": ["/evil"], "State": "running"}])~";

inline constexpr char kInspected[] = R"~({"Id": "bbbbbbbbbbbb2222", "RestartCount": 5,
 "State": {"Status": "exited", "Running": false, "OOMKilled": true, "ExitCode": 137,
           "StartedAt": "2023-11-14T22:03:20.123456789Z",
           "FinishedAt": "2023-11-14T22:10:00Z"}})~";

// With cgroups 2; half of one of four processors was busy.
inline constexpr char kStats[] = R"~({"read": "2023-11-14T22:13:20Z",
 "cpu_stats": {"cpu_usage": {"total_usage": 1500000000}, "system_cpu_usage": 14000000000,
               "online_cpus": 4},
 "precpu_stats": {"cpu_usage": {"total_usage": 1000000000}, "system_cpu_usage": 10000000000,
                  "online_cpus": 4},
 "memory_stats": {"usage": 120586240, "limit": 1073741824,
                  "stats": {"inactive_file": 15728640, "anon": 1}}})~";

inline constexpr char kUsage[] = R"~({"LayersSize": 1000000,
 "Images": [{"Id": "x", "Containers": 1, "Size": 700000, "SharedSize": 100000},
            {"Id": "y", "Containers": 0, "Size": 400000, "SharedSize": 100000}],
 "Containers": [{"State": "running", "SizeRw": 1024}, {"State": "exited", "SizeRw": 2048},
                {"State": "created"}],
 "Volumes": [{"Name": "v", "UsageData": {"Size": 4096, "RefCount": 1}},
             {"Name": "w", "UsageData": {"Size": 8192, "RefCount": 0}},
             {"Name": "n", "UsageData": {"Size": -1, "RefCount": -1}}],
 "BuildCache": [{"Size": 100, "InUse": false, "Shared": false},
                {"Size": 300, "InUse": true, "Shared": false},
                {"Size": 900, "InUse": false, "Shared": true}]})~";

inline constexpr char kInfo[] = R"~({"ServerVersion": "20.10.24", "Name": "box",
 "OperatingSystem": "Debian GNU/Linux 12 (bookworm)", "Containers": 5,
 "ContainersRunning": 3, "ContainersPaused": 1, "ContainersStopped": 1, "Images": 7})~";

}  // namespace nscp::check_docker
