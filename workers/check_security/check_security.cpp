#include "workers/check_security/check_security.h"

#include <memory>
#include <mutex>

#include "workers/check_security/check_certificate.h"
#include "workers/check_security/check_users.h"

namespace nscp::check_security {
namespace {

constexpr char kPath[] = "/settings/security";

// A snapshot of the settings: calls that run keep theirs.
struct Configured {
  checks::TimeZone zone;
  std::string utmp_file;
  std::string system_ca;
};

class CheckSecurity final : public sdk::Module {
 public:
  Status Start(const sdk::StartContext& context) override {
    host_ = context.host;
    return Reload(context.settings);
  }

  Status Reload(const sdk::Settings& settings) override {
    auto fresh = std::make_shared<Configured>();
    auto zone = checks::TimeZone::Parse(settings.Get(kPath, "timezone"));
    if (zone.ok()) {
      fresh->zone = std::move(zone).value();
    } else {
      host_->Log(sdk::LogLevel::kWarning,
                 std::string(kPath) + ", timezone: " + zone.status().message());
    }
    fresh->utmp_file = settings.Get(kPath, "utmp file");
    fresh->system_ca = settings.Get(kPath, "ca");
    const std::lock_guard<std::mutex> lock(mutex_);
    configured_ = std::move(fresh);
    return Status::Ok();
  }

  sdk::CheckResult OnQuery(const sdk::Query& query, sdk::Call& call) override {
    const std::shared_ptr<const Configured> now = Current();
    const checks::Environment environment = checks::EnvironmentOf(*host_, call);
    if (query.command == "check_certificate") {
      return certificates_.Run(query.arguments, environment,
                               {&now->zone, now->system_ca});
    }
    if (query.command == "check_users") {
      return users_.Run(
          query.arguments, environment, [&] { return ReadUsers(now->utmp_file); },
          now->zone);
    }
    return sdk::CheckResult::Unknown("Unknown command(s): " + query.command);
  }

 private:
  std::shared_ptr<const Configured> Current() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return configured_;
  }

  sdk::Host* host_ = nullptr;
  const CertificateCheck certificates_;
  const UsersCheck users_;
  std::mutex mutex_;
  std::shared_ptr<const Configured> configured_ = std::make_shared<Configured>();
};

}  // namespace

std::unique_ptr<sdk::Module> MakeCheckSecurity() {
  return std::make_unique<CheckSecurity>();
}

}  // namespace nscp::check_security
