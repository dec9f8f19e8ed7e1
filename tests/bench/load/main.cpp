// bench_load: sends one request again and again to an HTTPS server on 127.0.0.1 and
// prints what came of it as one line of JSON. The request, head and body, comes on
// standard input, so that no token stands on a command line. tests/bench/README.md has
// the options.
#include <algorithm>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "proto/cpp/text.h"
#include "tests/bench/load/client.h"

namespace nscp::bench {
namespace {

constexpr unsigned kMaxConnections = 1024;
constexpr unsigned kMaxThreads = 2;
constexpr unsigned kMaxMilliseconds = 600000;

struct Options {
  Plan plan;
  unsigned connections = 1;
  unsigned threads = 1;
  unsigned warmup_ms = 500;
  unsigned run_ms = 5000;
};

Status ReadNumber(const std::map<std::string, std::string>& given, const char* name,
                  unsigned least, unsigned most, unsigned* value) {
  const auto found = given.find(name);
  if (found == given.end()) return Status::Ok();
  const std::string& text = found->second;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), *value);
  if (error == std::errc() && end == text.data() + text.size() && *value >= least &&
      *value <= most) {
    return Status::Ok();
  }
  return Status::InvalidArgument(std::string(name) + " is \"" + text +
                                 "\": give a number from " + std::to_string(least) +
                                 " to " + std::to_string(most));
}

Result<Options> ReadOptions(int argc, char** argv) {
  std::map<std::string, std::string> given;
  for (int i = 1; i < argc; ++i) {
    const std::string name = argv[i];
    if (name == "--fresh") {
      given[name] = "";
    } else if (StartsWith(name, "--") && i + 1 < argc) {
      given[name] = argv[++i];
    } else {
      return Status::InvalidArgument("\"" + name + "\" is no option with a value");
    }
  }
  Options options;
  unsigned port = 0;
  RETURN_IF_ERROR(ReadNumber(given, "--port", 1, 65535, &port));
  if (port == 0) return Status::InvalidArgument("--port is missing");
  RETURN_IF_ERROR(
      ReadNumber(given, "--connections", 1, kMaxConnections, &options.connections));
  RETURN_IF_ERROR(ReadNumber(given, "--threads", 1, kMaxThreads, &options.threads));
  RETURN_IF_ERROR(ReadNumber(given, "--warmup", 0, kMaxMilliseconds, &options.warmup_ms));
  RETURN_IF_ERROR(ReadNumber(given, "--time", 1, kMaxMilliseconds, &options.run_ms));
  options.threads = std::min(options.threads, options.connections);
  options.plan.port = static_cast<uint16_t>(port);
  options.plan.fresh = given.count("--fresh") > 0;
  options.plan.unwanted = given["--unwanted"];
  return options;
}

struct Worker {
  Plan plan;
  Tally tally;
  Status status;
  std::thread thread;
};

Result<Tally> RunAll(const Options& options) {
  const auto begin = Clock::now() + std::chrono::milliseconds(options.warmup_ms);
  std::vector<std::unique_ptr<Worker>> workers;
  for (unsigned i = 0; i < options.threads; ++i) {
    auto worker = std::make_unique<Worker>();
    worker->plan = options.plan;
    worker->plan.begin = begin;
    worker->plan.end = begin + std::chrono::milliseconds(options.run_ms);
    worker->plan.connections = options.connections / options.threads +
                               (i < options.connections % options.threads ? 1 : 0);
    workers.push_back(std::move(worker));
  }
  for (auto& worker : workers) {
    worker->thread = std::thread(
        [&worker] { worker->status = RunClient(worker->plan, &worker->tally); });
  }
  for (auto& worker : workers) worker->thread.join();
  Tally all;
  for (const auto& worker : workers) {
    RETURN_IF_ERROR(worker->status);
    all.latency.Merge(worker->tally.latency);
    all.answers += worker->tally.answers;
    all.cpu_seconds += worker->tally.cpu_seconds;
  }
  return all;
}

void Print(const Options& options, const Tally& tally) {
  const double seconds = options.run_ms / 1000.0;
  const auto microseconds = [](uint64_t ns) { return static_cast<double>(ns) / 1000.0; };
  std::printf(
      "{\"requests\": %llu, \"answers\": %llu, \"rps\": %.1f, \"p50_us\": %.1f, "
      "\"p99_us\": %.1f, \"max_us\": %.1f, \"load_cpu\": %.4f}\n",
      static_cast<unsigned long long>(tally.latency.count()),
      static_cast<unsigned long long>(tally.answers),
      static_cast<double>(tally.latency.count()) / seconds,
      microseconds(tally.latency.Quantile(0.5)),
      microseconds(tally.latency.Quantile(0.99)), microseconds(tally.latency.max()),
      tally.cpu_seconds / seconds);
}

int Main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  Result<Options> options = ReadOptions(argc, argv);
  if (!options.ok()) {
    std::cerr << "bench_load: " << options.status().message() << "\n";
    return 64;
  }
  options->plan.request.assign(std::istreambuf_iterator<char>(std::cin), {});
  const Result<Tally> tally = RunAll(*options);
  if (!tally.ok()) {
    std::cerr << "bench_load: " << tally.status().message() << "\n";
    return 1;
  }
  Print(*options, *tally);
  return 0;
}

}  // namespace
}  // namespace nscp::bench

int main(int argc, char** argv) { return nscp::bench::Main(argc, argv); }
