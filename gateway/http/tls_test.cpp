// TLS: versions, the certificate that is made, its exchange while running, resumption.
#include <doctest/doctest.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "gateway/http/test_client.h"
#include "proto/cpp/text.h"

namespace nscp::gateway {
namespace {

using namespace testing;
namespace fs = std::filesystem;

struct Free {
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(BIO* bio) const { BIO_free(bio); }
};

Response Ok(const Request&) { return {}; }

std::string ReadFile(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void WriteFile(const std::string& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
}

std::string ExtensionText(X509* certificate, int kind) {
  const int place = X509_get_ext_by_NID(certificate, kind, -1);
  if (place < 0) return "";
  X509_EXTENSION* extension = X509_get_ext(certificate, place);
  const std::unique_ptr<BIO, Free> out(BIO_new(BIO_s_mem()));
  X509V3_EXT_print(out.get(), extension, 0, 0);
  char* data = nullptr;
  const long size = BIO_get_mem_data(out.get(), &data);
  const bool critical = X509_EXTENSION_get_critical(extension) == 1;
  return (critical ? "critical " : "") + std::string(data, static_cast<size_t>(size));
}

std::unique_ptr<X509, Free> Load(const std::string& pem) {
  const std::unique_ptr<BIO, Free> in(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return std::unique_ptr<X509, Free>(
      PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
}

TEST_CASE("TLS 1.2 and 1.3 are spoken, 1.1 and 1.0 refused") {
  TestServer server(Ok);
  struct Case {
    int version;
    const char* name;  // empty: refused
  };
  for (const Case& c :
       {Case{TLS1_VERSION, ""}, Case{TLS1_1_VERSION, ""}, Case{TLS1_2_VERSION, "TLSv1.2"},
        Case{TLS1_3_VERSION, "TLSv1.3"}}) {
    CAPTURE(c.version);
    ClientOptions options;
    options.max_version = c.version;
    options.allow_old = true;
    Client client(server.port, options);
    CHECK(client.connected() == (c.name[0] != '\0'));
    if (!client.connected()) continue;
    CHECK(client.TlsVersion() == c.name);
    CHECK(client.Ask(Get("/")).status == 200);
  }
}

TEST_CASE("the certificate that is made is the one documented") {
  TemporaryFolder folder;
  const std::string file = folder.File("new/deep/certificate.pem");
  REQUIRE(MakeCertificate(file).ok());
  const std::string pem = ReadFile(file);
  CHECK(StartsWith(pem, "-----BEGIN PRIVATE KEY-----"));  // unencrypted PKCS#8, first
  const auto certificate = Load(pem);
  REQUIRE(certificate);
  CHECK(X509_get_version(certificate.get()) == X509_VERSION_3);
  const ASN1_INTEGER* serial = X509_get0_serialNumber(certificate.get());
  CHECK(ASN1_STRING_length(serial) == 16);
  X509_NAME* subject = X509_get_subject_name(certificate.get());
  for (const auto& [field, value] :
       {std::pair(NID_countryName, "SE"), std::pair(NID_organizationName, "NSClient++"),
        std::pair(NID_commonName, "generated-certificate")}) {
    char text[100] = "";
    X509_NAME_get_text_by_NID(subject, field, text, sizeof text);
    CHECK(std::string(text) == value);
  }
  CHECK(X509_NAME_cmp(subject, X509_get_issuer_name(certificate.get())) == 0);
  int days = 0;
  int seconds = 0;
  ASN1_TIME_diff(&days, &seconds, X509_get0_notBefore(certificate.get()),
                 X509_get0_notAfter(certificate.get()));
  CHECK(days == 365);
  CHECK(X509_get_signature_nid(certificate.get()) == NID_ecdsa_with_SHA256);
  CHECK(ExtensionText(certificate.get(), NID_subject_alt_name) ==
        "DNS:localhost, IP Address:127.0.0.1");
  CHECK_FALSE(ExtensionText(certificate.get(), NID_subject_key_identifier).empty());
  CHECK_FALSE(ExtensionText(certificate.get(), NID_authority_key_identifier).empty());
  CHECK(ExtensionText(certificate.get(), NID_basic_constraints).empty());
  CHECK(X509_verify(certificate.get(), X509_get0_pubkey(certificate.get())) == 1);
}

TEST_CASE("an authority that is made may sign others") {
  TemporaryFolder folder;
  REQUIRE(MakeCertificateAuthority(folder.File("ca.pem")).ok());
  const auto certificate = Load(ReadFile(folder.File("ca.pem")));
  REQUIRE(certificate);
  CHECK(ExtensionText(certificate.get(), NID_basic_constraints) == "critical CA:TRUE");
  CHECK(ExtensionText(certificate.get(), NID_key_usage) ==
        "critical Certificate Sign, CRL Sign");
  CHECK(ExtensionText(certificate.get(), NID_netscape_cert_type) == "SSL CA");
}

TEST_CASE(
    "a made certificate is the owner's alone, replaces the old one, and leaves no rest") {
  TemporaryFolder folder;
  const std::string file = folder.File("certificate.pem");
  WriteFile(file, "old");
  REQUIRE(MakeCertificate(file).ok());
  CHECK(IsPrivate(file));
  CHECK(std::distance(fs::directory_iterator(folder.path()), {}) == 1);
  WriteFile(folder.File("file"), "no folder");
  const Status failed = MakeCertificate(folder.File("file/certificate.pem"));
  CHECK_FALSE(failed.ok());
  CHECK(failed.message().find(folder.File("file")) != std::string::npos);
}

TEST_CASE("a new certificate serves new connections while old ones go on") {
  TestServer server(Ok);
  Client before(server.port);
  REQUIRE(before.Ask(Get("/")).status == 200);
  CHECK(before.PeerKeyIs("EC"));
  const std::string fresh = server.folder.File("fresh.pem");
  REQUIRE(MakeCertificate(fresh).ok());
  REQUIRE(server.server->ReloadCertificate({fresh, ""}).ok());
  Client after(server.port);
  CHECK(after.Ask(Get("/")).status == 200);
  CHECK(before.Ask(Get("/")).status == 200);
  CHECK(after.PeerSerial() != before.PeerSerial());
  WriteFile(fresh, "broken");
  const Status failed = server.server->ReloadCertificate({fresh, ""});
  CHECK_FALSE(failed.ok());
  CHECK(failed.message().find(fresh) != std::string::npos);
  Client still(server.port);
  CHECK(still.PeerSerial() == after.PeerSerial());
}

TEST_CASE("a certificate that can't be used stops the start and is named") {
  TemporaryFolder folder;
  const std::string one = folder.File("one.pem");
  const std::string two = folder.File("two.pem");
  REQUIRE(MakeCertificate(one).ok());
  REQUIRE(MakeCertificate(two).ok());
  const std::string encrypted = folder.File("encrypted.pem");
  WriteFile(encrypted,
            "-----BEGIN ENCRYPTED PRIVATE "
            "KEY-----\nMIGjMF8GCSqGSIb3DQEFDTBSMDEGCSqGSIb3DQEFDDAk"
            "BBBvbm9ub25vbm9ub25vbm9u\n-----END ENCRYPTED PRIVATE KEY-----\n");
  for (const TlsOptions& tls :
       {TlsOptions{folder.File("missing.pem"), ""}, TlsOptions{one, two},
        TlsOptions{one, folder.File("missing.key")}, TlsOptions{one, encrypted}}) {
    ServerOptions options;
    options.tls = tls;
    const auto created = Server::Create(options, Ok);
    REQUIRE_FALSE(created.ok());
    const std::string& culprit =
        tls.key_file.empty() ? tls.certificate_file : tls.key_file;
    CHECK(created.status().message().find(culprit) != std::string::npos);
  }
}

TEST_CASE("a client's next handshake may resume by ticket") {
  TestServer server(Ok);
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    ClientOptions options;
    options.max_version = version;
    Client client(server.port, options);
    REQUIRE(client.Ask(Get("/")).status == 200);
    CHECK(client.ResumesAt(server.port));
  }
}

TEST_CASE("plain HTTP on the TLS port is answered in plain HTTP") {
  TestServer server(Ok);
  Client client = SilentClient(server.port);
  const RawAnswer answer = client.Ask(Get("/"));
  CHECK(answer.status == 400);
  CHECK(answer.body.find("HTTPS") != std::string::npos);
  CHECK(client.Ended());
}

TEST_CASE("without TLS options plain HTTP is served") {
  bool tls = true;
  TestServer server(
      [&](const Request& request) {
        tls = request.tls;
        return Response();
      },
      {}, false);
  Client client = SilentClient(server.port);
  CHECK(client.Ask(Get("/")).status == 200);
  CHECK_FALSE(tls);
  CHECK_FALSE(server.server->ReloadCertificate({"x", ""}).ok());
}

}  // namespace
}  // namespace nscp::gateway
