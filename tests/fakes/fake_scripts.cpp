// A module that keeps scripts and runs none: what the scripts routes and `nscp ext-scr`
// ask of CheckExternalScripts, PythonScript and LUAScript, under whichever of these names
// its manifest has. Definitions stand in the settings, files in the script folder.
//
//   fake_scripts <Name> <section of the definitions>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "workers/sdk/gateway_host.h"
#include "workers/sdk/run.h"

namespace {

namespace fs = std::filesystem;
using nscp::sdk::ExecAnswer;

constexpr int kFailed = 3;

ExecAnswer Failed(std::string text) { return {kFailed, std::move(text)}; }

// "--name value" and "--name" of one command.
class Options {
 public:
  explicit Options(const std::vector<std::string>& words) : words_(words) {}
  bool Has(const std::string& name) const {
    return std::find(words_.begin(), words_.end(), name) != words_.end();
  }
  std::string Get(const std::string& name) const {
    const auto at = std::find(words_.begin(), words_.end(), name);
    return at == words_.end() || at + 1 == words_.end() ? "" : *(at + 1);
  }

 private:
  const std::vector<std::string>& words_;
};

// What is listed here needs no escapes.
std::string AsJson(const std::vector<std::string>& names) {
  std::string text = "[";
  for (const std::string& name : names) {
    text += (text.size() > 1 ? ",\"" : "\"") + name + "\"";
  }
  return text + "]";
}

std::string AsLines(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += name + "\n";
  return text;
}

class Scripts final : public nscp::sdk::Module {
 public:
  Scripts(std::string module, std::string section)
      : module_(std::move(module)), section_(std::move(section)) {}

  nscp::Status Start(const nscp::sdk::StartContext& context) override {
    host_ = static_cast<nscp::sdk::GatewayHost*>(context.host);
    ASSIGN_OR_RETURN(const std::string folder, host_->ExpandPath("${scripts}"));
    root_ = fs::u8path(folder);
    return Reload(context.settings);
  }
  nscp::Status Reload(const nscp::sdk::Settings& settings) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    commands_.clear();
    for (const auto& entry : settings.Keys(section_)) commands_[entry.key] = entry.value;
    return nscp::Status::Ok();
  }

  nscp::sdk::CheckResult OnQuery(const nscp::sdk::Query& query,
                                 nscp::sdk::Call&) override {
    return nscp::sdk::CheckResult::Unknown("this fake runs no script: " + query.command);
  }

  ExecAnswer OnExec(const nscp::sdk::Query& command, nscp::sdk::Call&) override {
    std::string name = command.command;
    std::vector<std::string> words = command.arguments;
    if (name.empty() && !words.empty()) {
      name = words.front();
      words.erase(words.begin());
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    const Options options(words);
    if (name == "list") return List(options);
    if (name == "show") return Show(options.Get("--script"));
    if (name == "add") return Add(options);
    if (name == "delete") return Delete(options.Get("--script"));
    return {1, "Command not found: " + name};
  }

 private:
  ExecAnswer List(const Options& options) const {
    std::vector<std::string> names;
    if (options.Has("--query")) {
      for (const auto& [name, line] : commands_) names.push_back(name);
    } else {
      names = Files(options.Has("--include-lib"));
    }
    return {0, options.Has("--json") ? AsJson(names) : AsLines(names)};
  }

  std::vector<std::string> Files(bool with_lib) const {
    std::vector<std::string> names;
    std::error_code error;
    for (fs::recursive_directory_iterator at(root_, error), end; !error && at != end;
         at.increment(error)) {
      if (at->is_directory() && at->path().filename() == "lib" && !with_lib) {
        at.disable_recursion_pending();
      }
      if (at->is_regular_file()) {
        names.push_back("scripts/" +
                        at->path().lexically_relative(root_).generic_string());
      }
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  ExecAnswer Show(const std::string& name) const {
    if (const auto known = commands_.find(name); known != commands_.end()) {
      return {0, known->second};
    }
    fs::path file;
    if (ExecAnswer refused = Find(name, &file); refused.code != 0) return refused;
    std::ifstream in(file, std::ios::binary);
    return {0, std::string(std::istreambuf_iterator<char>(in), {})};
  }

  // A file that is in the script folder, wherever links lead to.
  ExecAnswer Find(const std::string& name, fs::path* file) const {
    const std::string inside = name.rfind("scripts/", 0) == 0 ? name.substr(8) : name;
    *file = root_ / fs::u8path(inside);
    if (!fs::is_regular_file(*file)) return Failed("Script not found: " + name);
    const fs::path real = fs::weakly_canonical(*file);
    const fs::path root = fs::weakly_canonical(root_);
    if (std::search(real.begin(), real.end(), root.begin(), root.end()) == real.begin()) {
      return {};
    }
    return Failed("Not allowed outside: " + root_.string());
  }

  ExecAnswer Add(const Options& options) {
    const std::string script = options.Get("--script");
    const std::string base = script.substr(script.find_last_of("/\\") + 1);
    const std::string import = options.Get("--import");
    const fs::path file = root_ / base;
    if (!import.empty()) {
      if (fs::exists(file) && !options.Has("--replace")) {
        return Failed("Script already exists specify --overwrite to replace the script");
      }
      std::error_code error;
      fs::create_directories(root_, error);
      fs::copy_file(import, file, fs::copy_options::overwrite_existing, error);
      if (error) return Failed("Failed to import script: " + error.message());
      fs::permissions(file, fs::perms::owner_all);
    }
    if (!fs::is_regular_file(file)) return Failed("Script not found: " + script);
    std::string alias = options.Get("--alias");
    if (alias.empty()) alias = fs::path(base).stem().string();
    if (const nscp::Status saved = Save(alias, "scripts/" + base); !saved.ok()) {
      return Failed(saved.message());
    }
    return {0, "Added " + alias + " as scripts/" + base};
  }

  ExecAnswer Delete(const std::string& name) {
    if (const auto known = commands_.find(name); known != commands_.end()) {
      const std::string line = known->second;
      if (const nscp::Status saved = Save(name, ""); !saved.ok()) {
        return Failed(saved.message());
      }
      return {0,
              "Script definition has been removed don't forget to delete any artifact "
              "for: " +
                  line};
    }
    fs::path file;
    if (ExecAnswer refused = Find(name, &file); refused.code != 0) return refused;
    fs::remove(file);
    return {0, "Script file was removed"};
  }

  // An empty line removes the definition.
  nscp::Status Save(const std::string& name, const std::string& line) {
    nscp::v1::UpdateSettingsRequest request;
    request.set_persist(true);
    const auto set = [&](const std::string& path, const std::string& key,
                         const std::string& value) {
      nscp::v1::SettingEntry& entry = *request.add_entries();
      entry.set_path(path);
      entry.set_key(key);
      entry.set_value(value);
    };
    set(section_, name, line);
    if (!line.empty()) set("/modules", module_, "enabled");
    RETURN_IF_ERROR(host_->kernel().UpdateSettings(request, {}).status());
    if (line.empty()) {
      commands_.erase(name);
    } else {
      commands_[name] = line;
    }
    return nscp::Status::Ok();
  }

  const std::string module_;
  const std::string section_;
  nscp::sdk::GatewayHost* host_ = nullptr;
  fs::path root_;
  std::mutex mutex_;
  std::map<std::string, std::string> commands_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  return nscp::sdk::RunModule(std::make_unique<Scripts>(argv[1], argv[2]));
}
