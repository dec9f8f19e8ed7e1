// What is read out of a file's bytes, and what a certificate comes to; the figures beside
// are those of `openssl x509`.
#include "workers/check_security/certificates.h"

#include <doctest/doctest.h>

#include "workers/check_security/certificate_row.h"
#include "workers/check_security/certificates_fixture.h"
#include "workers/check_security/trust.h"

namespace nscp::check_security {
namespace {

CertificateFile Read(const std::string& bytes, const std::string& password = "") {
  return ReadCertificates(bytes, password);
}

std::string DerOf(const char* pem) {
  const CertificateFile file = Read(pem);
  REQUIRE(file.certificates.size() == 1);
  unsigned char* der = nullptr;
  const int size = i2d_X509(file.certificates[0].get(), &der);
  const std::string bytes(reinterpret_cast<char*>(der), static_cast<size_t>(size));
  OPENSSL_free(der);
  return bytes;
}

TEST_CASE("PEM, DER and PFX") {
  CHECK(
      Read(std::string("notes\n") + kLeafPem + kSomeKey + kRootPem).certificates.size() ==
      2);
  CHECK(Read(DerOf(kLeafPem)).certificates.size() == 1);
  const CertificateFile archive = Read(FromBase64(kLeafPfx), "geheim");
  CHECK(archive.certificates.size() == 2);
  CHECK(archive.holds_other);
  CHECK(archive.problem.ok());
  CHECK(DescribeCertificate(archive.certificates[0].get()).serial == "0102ABCDEF");
  CHECK(Read(FromBase64(kOpenPfx)).certificates.size() == 1);
}

TEST_CASE("a file without a certificate is no damaged one") {
  const CertificateFile key = Read(kSomeKey);
  CHECK(key.certificates.empty());
  CHECK(key.holds_other);
  CHECK(key.problem.ok());
}

TEST_CASE("what is damaged says so, and the rest counts") {
  std::string damaged = kLeafPem;
  damaged.insert(100, "*");
  const CertificateFile after = Read(kRootPem + damaged);
  CHECK(after.certificates.size() == 1);
  CHECK(after.problem.message().find("PEM text is damaged") != std::string::npos);
  std::string other = kLeafPem;
  other.replace(40, 8, "AAAAAAAA");
  const CertificateFile before = Read(other + kRootPem);
  CHECK(before.certificates.size() == 1);
  CHECK(before.problem.message().find("a certificate in it is damaged") == 0);
  for (const std::string& bytes :
       {std::string(), std::string("text"), std::string(5000, '\0'),
        DerOf(kLeafPem).substr(0, 200), FromBase64(kLeafPfx).substr(0, 900)}) {
    CHECK(Read(bytes).certificates.empty());
    CHECK(Read(bytes).problem.message() == "it is neither PEM, DER nor PFX");
  }
}

TEST_CASE("passwords of PFX files") {
  CHECK(Read(FromBase64(kLeafPfx)).problem.message() ==
        "it has a password; name it with password=");
  CHECK(Read(FromBase64(kLeafPfx), "falsch").problem.message() ==
        "it has another password");
  for (const char* dear : {kDearMacPfx, kDearPartPfx}) {
    const CertificateFile file = Read(FromBase64(dear), "geheim");
    CHECK(file.certificates.empty());
    CHECK(file.problem.code() == Code::kResourceExhausted);
  }
}

TEST_CASE("a file of too many certificates is read in part") {
  std::string many;
  for (size_t i = 0; i < kMaxCertificatesOfFile + 1; ++i) many += kRootPem;
  const CertificateFile file = Read(many);
  CHECK(file.certificates.size() == kMaxCertificatesOfFile);
  CHECK(file.problem.code() == Code::kResourceExhausted);
}

TEST_CASE("what a certificate comes to") {
  const CertificateFile file = Read(kLeafPem);
  const CertificateRow row = DescribeCertificate(file.certificates.at(0).get());
  CHECK(row.subject == "www.example.org");
  CHECK(row.subject_dn == "O=Example,CN=www.example.org");
  CHECK(row.issuer == "Example Root");
  CHECK(row.issuer_dn == "C=DE,O=Example Trust,CN=Example Root");
  CHECK(row.names == "www.example.org, example.org, 10.0.0.1, 2001:db8:0:0:0:0:0:1");
  CHECK(row.serial == "0102ABCDEF");
  CHECK(row.thumbprint == "B295DA5121E2D70AE5BD279237EE66152EE57D32");
  CHECK(row.fingerprint ==
        "D03AE5265010BBF74C47696C8743B376A4855AF9A9A988072F78DA01804BA43E");
  CHECK(row.signature_algorithm == "ecdsa-with-SHA256");
  CHECK(row.key_type == "EC");
  CHECK(row.key_size == 256);
  CHECK(row.valid_from == kLeafBegin);
  CHECK(row.valid_to == kLeafEnd);
  CHECK_FALSE(row.weak_key);
  CHECK_FALSE(row.weak_signature);
  const CertificateFile other = Read(kWeakPem);
  const CertificateRow weak = DescribeCertificate(other.certificates.at(0).get());
  CHECK(weak.subject == "Old & Weak");
  CHECK(weak.key_size == 1024);
  CHECK(weak.weak_key);
  CHECK(weak.weak_signature);
  CHECK(IsSelfSigned(other.certificates[0].get()));
  CHECK_FALSE(IsSelfSigned(file.certificates[0].get()));
}

TEST_CASE("days are whole, and negative as soon as it has expired") {
  CertificateRow row;
  row.valid_to = 1000000;
  const struct {
    int64_t now;
    int64_t days;
  } rows[] = {{1000000 - 86400, 1}, {1000000 - 86399, 0},  {1000000, 0},
              {1000001, -1},        {1000000 + 86400, -1}, {1000000 + 86401, -2}};
  for (const auto& [now, days] : rows) {
    row.now = now;
    CHECK(row.ExpiresInDays() == days);
  }
}

TEST_CASE("trust needs a chain that is valid now") {
  const TrustStore store(Read(kRootPem).certificates);
  const TrustStore other(Read(kWeakPem).certificates);
  const CertificateFile leaf = Read(kLeafPem);
  X509* certificate = leaf.certificates.at(0).get();
  const std::vector<X509Ptr> none;
  CHECK(store.Trusts(certificate, none, kLeafBegin + 1000));
  CHECK_FALSE(store.Trusts(certificate, none, kLeafEnd + 1));
  CHECK_FALSE(store.Trusts(certificate, none, kLeafBegin - 1000));
  CHECK_FALSE(other.Trusts(certificate, none, kLeafBegin + 1000));
}

}  // namespace
}  // namespace nscp::check_security
