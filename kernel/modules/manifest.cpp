#include "kernel/modules/manifest.h"

#include <algorithm>
#include <filesystem>

#include <google/protobuf/util/json_util.h>

#include "nscp/v1/worker.pb.h"
#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace fs = std::filesystem;
namespace {

Status Refuse(const std::string& rule, const std::string& file, const std::string& why) {
  return Status::FailedPrecondition("rule " + rule + ": " + file + ": " + why);
}

// The reader's message ends with the text around the place of an error and a line with a
// "^" under that place; where the text stands in the file, the line's number is known.
std::string PlaceOf(std::string_view text, std::string_view message) {
  const size_t first = message.find('\n');
  const size_t last = message.rfind('\n');
  if (first == std::string_view::npos || first == last || message.back() != '^')
    return "";
  const std::string_view excerpt = message.substr(first + 1, last - first - 1);
  const size_t at = text.find(excerpt);
  if (at == std::string_view::npos) return "";
  const size_t place = std::min(at + (message.size() - last - 2), text.size());
  const auto lines =
      std::count(text.begin(), text.begin() + static_cast<long>(place), '\n');
  return " line " + std::to_string(lines + 1);
}

bool IsLowerCase(std::string_view name) { return ToLowerAscii(name) == name; }

Status CheckQueries(const v1::Manifest& manifest, const std::string& file) {
  for (const v1::QueryName& query : manifest.queries()) {
    if (query.name().empty() || !IsLowerCase(query.name())) {
      return Refuse("query-name", file,
                    "the query \"" + query.name() +
                        "\" must be written in lower case; put other spellings into "
                        "\"alternatives\"");
    }
  }
  return Status::Ok();
}

Status CheckContract(const v1::Manifest& manifest, const std::string& file) {
  constexpr uint32_t kOurs = v1::CONTRACT_CURRENT;
  if (manifest.contract_min() <= kOurs && kOurs <= manifest.contract_max()) {
    return Status::Ok();
  }
  return Refuse("contract", file,
                "the module speaks the contract's versions " +
                    std::to_string(manifest.contract_min()) + " to " +
                    std::to_string(manifest.contract_max()) + ", this kernel speaks " +
                    std::to_string(kOurs) + "; install a module that fits this agent");
}

}  // namespace

bool IsModuleName(std::string_view name) {
  if (name.empty() || name.size() > kMaxModuleName || name == "." || name == "..")
    return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '.' || c == '_' || c == '-';
  });
}

Result<v1::Manifest> ParseManifest(std::string_view text, const std::string& file) {
  v1::Manifest manifest;
  const auto status = google::protobuf::util::JsonStringToMessage(
      google::protobuf::StringPiece(text.data(), text.size()), &manifest);
  if (status.ok()) return manifest;
  const std::string message(status.message().data(), status.message().size());
  return Status::InvalidArgument("rule json: " + file + PlaceOf(text, message) + ": " +
                                 ReplaceAll(message, "\n", " "));
}

Status CheckManifest(const v1::Manifest& manifest, const std::string& file) {
  const std::string stem = fs::u8path(file).stem().u8string();
  if (!IsModuleName(stem)) {
    return Refuse("name", file, "a module's name has 1 to 128 of A-Z a-z 0-9 . _ -");
  }
  if (manifest.name() != stem) {
    return Refuse("name", file,
                  "its name is \"" + manifest.name() + "\" and must be \"" + stem +
                      "\" as the file is called");
  }
  if (manifest.program().empty()) return Refuse("program", file, "it names no program");
  RETURN_IF_ERROR(CheckContract(manifest, file));
  RETURN_IF_ERROR(CheckQueries(manifest, file));
  const auto& platforms = manifest.platforms();
  if (!platforms.empty() &&
      std::find(platforms.begin(), platforms.end(), PlatformName()) == platforms.end()) {
    return Refuse("platform", file,
                  "the module is not made for " + std::string(PlatformName()));
  }
  return Status::Ok();
}

std::string ProgramOf(const v1::Manifest& manifest, const std::string& folder) {
  fs::path program = fs::u8path(manifest.program());
  if (program.is_relative()) program = fs::u8path(folder) / program;
  if (!ProgramSuffix().empty() && !program.has_extension()) {
    program += std::string(ProgramSuffix());
  }
  std::error_code error;
  const fs::path absolute = fs::absolute(program, error);
  return (error ? program : absolute).lexically_normal().u8string();
}

}  // namespace nscp::kernel
