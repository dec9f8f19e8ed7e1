#include "workers/check_security/check_certificate.h"

#include <algorithm>
#include <memory>

#include "proto/cpp/text.h"
#include "workers/check_security/certificate_files.h"
#include "workers/check_security/file_bytes.h"
#include "workers/check_security/trust.h"

namespace nscp::check_security {
namespace {

using checks::Arguments;
using checks::Sink;

checks::Check<CertificateRow> MakeCertificateCheck() {
  checks::OptionTable options;
  options.List("file", {},
               "File with certificates: PEM (one or many), DER or PFX; also a folder of "
               "them. May be given several times.");
  options.List("path", {}, "The same as file");
  options.Bool("recursive", "Look into the folders of folders too");
  options.Text("password", "", "Password of PFX files");
  options.Text("ca", "",
               "File or folder with the certificates that are trusted, for the keyword "
               "trusted.\nBy default those that the system trusts.");
  options.Bool("ignore-unreadable",
               "Say nothing of files that are damaged or cannot be read.\nOtherwise they "
               "are named, and nothing worse makes it UNKNOWN.");
  checks::FilterDefaults defaults;
  defaults.warning = {"expires_in < 30"};
  defaults.critical = {"expires_in < 10"};
  defaults.empty_state = "unknown";
  defaults.top_syntax = "${status}: ${problem_list}";
  defaults.ok_syntax = "%(status): all %(count) certificate(s) are ok";
  defaults.empty_syntax = "No certificates found";
  defaults.detail_syntax = "${subject} expires in ${expires_in}d (${valid_to})";
  defaults.perf_syntax = "${subject}";
  defaults.has_unique_index = true;  // a certificate often lies in several files
  return {std::move(options), defaults, CertificateKeywords()};
}

// In a folder lies much else: notes, keys, lists. What has such a name should be
// readable.
bool LooksLikeCertificates(const std::string& path) {
  const std::string name = ToLowerAscii(path);
  for (const char* ending : {".pem", ".crt", ".cer", ".der", ".pfx", ".p12"}) {
    if (EndsWith(name, ending)) return true;
  }
  return false;
}

// One run: finds the files, reads them one after the other, remembers what went wrong.
class CertificateRun {
 public:
  CertificateRun(const checks::Environment& environment,
                 const CertificateCheck::Host& host)
      : environment_(environment), host_(host) {}

  Status Collect(const Arguments& arguments, Sink<CertificateRow>& sink);
  const std::vector<std::string>& problems() const { return problems_; }

 private:
  Status LoadTrust(const std::string& ca);
  CertificateFile ReadFile(const CertificateFiles::File& file);
  bool Hand(const CertificateFile& file, const std::string& source,
            Sink<CertificateRow>& sink);
  bool Cancelled() const { return environment_.cancelled && environment_.cancelled(); }

  const checks::Environment& environment_;
  const CertificateCheck::Host& host_;
  std::string password_;
  bool wants_signer_ = false;
  std::unique_ptr<TrustStore> trust_;  // null: nobody looks at it
  std::vector<std::string> problems_;
};

CertificateFile CertificateRun::ReadFile(const CertificateFiles::File& file) {
  const auto bytes = ReadPlainFile(file.path, kMaxCertificateFile);
  if (!bytes.ok()) {
    CertificateFile none;
    // Deleted since its folder was read.
    const bool vanished = !file.named && bytes.status().code() == Code::kNotFound;
    if (!vanished) none.problem = bytes.status();
    return none;
  }
  CertificateFile read = ReadCertificates(*bytes, password_);
  if (read.certificates.empty() && read.problem.ok() && file.named) {
    read.problem = Status::NotFound("there is no certificate in it");
  }
  return read;
}

Status CertificateRun::LoadTrust(const std::string& ca) {
  const std::string place = ca.empty() ? host_.system_ca : ca;
  std::vector<X509Ptr> trusted;
  if (!place.empty()) {
    const auto found = FindCertificateFiles({place}, false, environment_.cancelled);
    for (const CertificateFiles::File& file : found.files) {
      if (Cancelled()) break;
      CertificateFile read = ReadFile(file);
      for (X509Ptr& one : read.certificates) trusted.push_back(std::move(one));
    }
  }
  if (trusted.empty()) {
    return Status::NotFound("No trusted certificate was found in '" + place +
                            "': name a file or folder of them with ca=");
  }
  trust_ = std::make_unique<TrustStore>(trusted);
  return Status::Ok();
}

bool CertificateRun::Hand(const CertificateFile& file, const std::string& source,
                          Sink<CertificateRow>& sink) {
  for (const X509Ptr& certificate : file.certificates) {
    if (Cancelled()) return false;
    CertificateRow row = DescribeCertificate(certificate.get());
    row.source = source;
    row.now = environment_.now;
    row.zone = host_.zone;
    if (wants_signer_) row.self_signed = IsSelfSigned(certificate.get());
    if (trust_) {
      row.trusted =
          trust_->Trusts(certificate.get(), file.certificates, environment_.now);
    }
    if (!sink.Add(std::move(row))) return false;
  }
  return true;
}

Status CertificateRun::Collect(const Arguments& arguments, Sink<CertificateRow>& sink) {
  std::vector<std::string> places = arguments.List("file");
  const auto& more = arguments.List("path");
  places.insert(places.end(), more.begin(), more.end());
  if (places.empty()) {
    return Status::InvalidArgument(
        "Need to specify at least one file or folder: file=server.pem");
  }
  password_ = arguments.Text("password");
  wants_signer_ = sink.Uses("self_signed");
  if (sink.Uses("trusted")) RETURN_IF_ERROR(LoadTrust(arguments.Text("ca")));
  CertificateFiles found =
      FindCertificateFiles(places, arguments.Flag("recursive"), environment_.cancelled);
  problems_ = std::move(found.problems);
  for (const CertificateFiles::File& file : found.files) {
    if (Cancelled()) break;
    const CertificateFile read = ReadFile(file);
    const bool is_meant = file.named || LooksLikeCertificates(file.path);
    if (!read.problem.ok() && (is_meant || !read.certificates.empty())) {
      problems_.push_back(file.path + ": " + read.problem.message());
    }
    if (!Hand(read, file.path, sink)) break;
  }
  return Status::Ok();
}

// A certificate that cannot be read may be the one that has expired: an OK would hide it.
void TellProblems(const std::vector<std::string>& problems, sdk::CheckResult* result) {
  if (problems.empty() || result->lines.empty()) return;
  std::vector<std::string> told(
      problems.begin(),
      problems.begin() + static_cast<long>(std::min(problems.size(), kMaxToldProblems)));
  if (problems.size() > told.size()) {
    told.push_back(std::to_string(problems.size() - told.size()) + " more");
  }
  std::string& message = result->lines[0].message;
  if (result->state == sdk::State::kOk) {
    result->state = sdk::State::kUnknown;
    if (StartsWith(message, "OK")) message.replace(0, 2, "UNKNOWN");
  }
  message += " (not read: " + Join(told, "; ") + ")";
}

}  // namespace

CertificateCheck::CertificateCheck() : check_(MakeCertificateCheck()) {}

sdk::CheckResult CertificateCheck::Run(const std::vector<std::string>& arguments,
                                       const checks::Environment& environment,
                                       const Host& host) const {
  CertificateRun run(environment, host);
  bool ignore = false;
  sdk::CheckResult result = check_.Run(
      arguments, environment, [&](const Arguments& parsed, Sink<CertificateRow>& sink) {
        ignore = parsed.Flag("ignore-unreadable");
        return run.Collect(parsed, sink);
      });
  if (!ignore) TellProblems(run.problems(), &result);
  return result;
}

}  // namespace nscp::check_security
