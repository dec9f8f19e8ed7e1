#include "workers/check_security/check_certificate.h"

#include <doctest/doctest.h>

#include <filesystem>

#include "tests/unit/temp_folder.h"
#include "workers/check_security/certificate_files.h"
#include "workers/check_security/certificates_fixture.h"

namespace nscp::check_security {
namespace {

constexpr int64_t kDay = 86400;

struct Fixture {
  sdk::CheckResult Run(std::vector<std::string> arguments) {
    checks::Environment environment;
    environment.now = now;
    environment.cancelled = [this] { return cancelled; };
    return check.Run(arguments, environment, {&zone, ca});
  }
  std::string Text(std::vector<std::string> arguments) {
    return sdk::FormatPlain(Run(std::move(arguments)));
  }

  testing::TempFolder folder;
  int64_t now = kLeafEnd - 20 * kDay - 100;
  std::string ca;
  bool cancelled = false;
  const checks::TimeZone zone = *checks::TimeZone::Parse("utc");
  const CertificateCheck check;
};

TEST_CASE("a certificate that expires soon") {
  Fixture f;
  const std::string leaf = f.folder.Write("leaf.pem", kLeafPem);
  CHECK(f.Text({"file=" + leaf}) ==
        "WARNING: www.example.org expires in 20d (2027-02-20 13:29:09)"
        "|'www.example.org_expires_in'=20;30;10");
  f.now = kLeafEnd - 9 * kDay;
  CHECK(f.Run({"path=" + leaf}).state == sdk::State::kCritical);
  f.now = kLeafBegin;
  CHECK(f.Text({"file=" + leaf}) ==
        "OK: all 1 certificate(s) are ok|'www.example.org_expires_in'=90;30;10");
  CHECK(f.Run({"file=" + leaf, "warn=expires_in < 13w"}).state == sdk::State::kWarning);
  CHECK(f.Run({"file=" + leaf, "crit=expires_in_days <= 90"}).state ==
        sdk::State::kCritical);
  CHECK(f.Run({"file=" + leaf, "crit=expires_in_sec < 91d"}).state ==
        sdk::State::kCritical);
  CHECK(f.Run({"file=" + leaf, "crit=valid_to < 91d"}).state == sdk::State::kCritical);
  f.now = kLeafEnd + 1;
  CHECK(f.Text({"file=" + leaf, "top-syntax=%(list)",
                "detail-syntax=%(expires_in) %(expired) %(not_yet_valid)"})
            .find("-1 1 0|") == 0);
  f.now = kLeafBegin - 1;
  CHECK(f.Run({"file=" + leaf, "crit=not_yet_valid = 1"}).state == sdk::State::kCritical);
}

TEST_CASE("trust is asked of ca, else of the system's certificates") {
  Fixture f;
  f.now = kLeafBegin + kDay;
  const std::string leaf = f.folder.Write("leaf.pem", kLeafPem);
  const std::string root = f.folder.Write("root.pem", kRootPem);
  const std::string weak = f.folder.Write("weak.pem", kWeakPem);
  const std::vector<std::string> ask = {"file=" + leaf, "crit=trusted = 0"};
  f.ca = root;
  CHECK(f.Run(ask).state == sdk::State::kOk);
  CHECK(f.Run({ask[0], ask[1], "ca=" + weak}).state == sdk::State::kCritical);
  CHECK(f.Run({ask[0], ask[1], "ca=" + f.folder.path()}).state == sdk::State::kOk);
  f.ca = f.folder.File("none");
  CHECK(f.Text(ask).find("No trusted certificate was found in") == 0);
  CHECK(f.Run({"file=" + root, "crit=self_signed = 1"}).state == sdk::State::kCritical);
}

TEST_CASE("files that cannot be read are named and do not hide the others") {
  Fixture f;
  f.now = kLeafBegin;
  f.folder.Write("a/leaf.pem", kLeafPem);
  f.folder.Write("a/broken.crt", "nonsense");
  f.folder.Write("a/README", "no certificate");
  f.folder.Write("a/some.key", kSomeKey);
  f.folder.Write("a/key.pem", kSomeKey);
  const std::string folder = f.folder.File("a");
  const std::string broken = (std::filesystem::u8path(folder) / "broken.crt").u8string() +
                             ": it is neither PEM, DER nor PFX";
  CHECK(f.Run({"path=" + folder}).state == sdk::State::kUnknown);
  CHECK(f.Text({"path=" + folder}) ==
        "UNKNOWN: all 1 certificate(s) are ok (not read: " + broken +
            ")|'www.example.org_expires_in'=90;30;10");
  CHECK(f.Run({"path=" + folder, "ignore-unreadable"}).state == sdk::State::kOk);
  CHECK(f.Run({"path=" + folder, "crit=expires_in < 100"}).state ==
        sdk::State::kCritical);
  CHECK(f.Text({"file=" + folder + "/none.pem", "file=" + folder + "/key.pem"}) ==
        "No certificates found (not read: " + folder +
            "/none.pem: No such file or directory; " + folder +
            "/key.pem: there is no certificate in it)");
  CHECK(f.Text({"file=" + folder + "/key.pem", "ignore-unreadable"}) ==
        "No certificates found");
  CHECK(f.Run({}).lines[0].message.find("Need to specify") == 0);
  CHECK(f.Run({"nonsense=1"}).state == sdk::State::kUnknown);
  f.cancelled = true;
  CHECK(f.Text({"path=" + folder, "ignore-unreadable"}) == "No certificates found");
}

TEST_CASE("folders, with and without those below") {
  Fixture f;
  f.now = kLeafBegin;
  f.folder.Write("one.pem", kLeafPem);
  f.folder.Write("below/two.pem", kRootPem);
  const std::vector<std::string> show = {"path=" + f.folder.path(), "top-syntax=%(list)",
                                         "detail-syntax=%(subject)", "warn=none",
                                         "crit=none"};
  CHECK(f.Text(show) == "www.example.org");
  auto deep = show;
  deep.push_back("recursive");
  CHECK(f.Text(deep) == "Example Root, www.example.org");
  // The same file by two ways is one file.
  auto twice = show;
  twice.push_back("file=" + f.folder.path() + "/below/../one.pem");
  CHECK(f.Text(twice) == "www.example.org");
}

TEST_CASE("a certificate in several files may be listed once") {
  Fixture f;
  f.folder.Write("cert.pem", kLeafPem);
  f.folder.Write("fullchain.pem", std::string(kLeafPem) + kRootPem);
  const std::string place = "path=" + f.folder.path();
  const std::vector<std::string> show = {place, "top-syntax=%(list)",
                                         "detail-syntax=%(subject)", "perf-syntax=none"};
  CHECK(f.Text(show) == "www.example.org, www.example.org, Example Root");
  auto once = show;
  once.push_back("unique-index=${thumbprint}");
  CHECK(f.Text(once) == "www.example.org, Example Root");
}

TEST_CASE("folders within folders have an end") {
  testing::TempFolder folder;
  std::string deep;
  for (int i = 0; i < kMaxFolderDepth + 3; ++i) deep += "d/";
  folder.Write(deep + "x.pem", kLeafPem);
  const auto found = FindCertificateFiles({folder.path()}, true, {});
  CHECK(found.files.empty());
  REQUIRE(found.problems.size() == 1);
  CHECK(found.problems[0].find("it is too deep") != std::string::npos);
}

TEST_CASE("PFX files through the check") {
  Fixture f;
  f.now = kLeafBegin;
  const std::string file = f.folder.Write("leaf.pfx", FromBase64(kLeafPfx));
  CHECK(f.Text({"file=" + file, "password=geheim"}).find("OK: all 2 cert") == 0);
  CHECK(f.Text({"file=" + file, "password=falsch"}) ==
        "No certificates found (not read: " + file + ": it has another password)");
}

}  // namespace
}  // namespace nscp::check_security
