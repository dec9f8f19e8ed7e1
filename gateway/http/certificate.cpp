#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <utility>
#include <vector>

#include "gateway/http/http.h"
#include "gateway/http/private_file.h"

namespace nscp::gateway {
namespace {

constexpr int kSerialBits = 128;
constexpr long kLifeSeconds = 365L * 24 * 3600;

template <typename T, void (*Free)(T*)>
struct Deleter {
  void operator()(T* object) const { Free(object); }
};
struct BioDeleter {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY, EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Deleter<X509, X509_free>>;
using Number = std::unique_ptr<BIGNUM, Deleter<BIGNUM, BN_free>>;
using Extension =
    std::unique_ptr<X509_EXTENSION, Deleter<X509_EXTENSION, X509_EXTENSION_free>>;
using Bio = std::unique_ptr<BIO, BioDeleter>;

Status OpenSslError(const std::string& doing) {
  const char* reason = ERR_reason_error_string(ERR_get_error());
  ERR_clear_error();
  return Status::Internal(doing + ": " +
                          (reason == nullptr ? "OpenSSL gave no reason" : reason));
}

bool SetSerial(X509* certificate) {
  const Number serial(BN_new());
  return serial != nullptr &&
         BN_rand(serial.get(), kSerialBits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
         BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool SetNames(X509* certificate) {
  X509_NAME* name = X509_get_subject_name(certificate);
  for (const auto& [field, value] : {std::pair("C", "SE"), std::pair("O", "NSClient++"),
                                     std::pair("CN", "generated-certificate")}) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(value);
    if (X509_NAME_add_entry_by_txt(name, field, MBSTRING_ASC, bytes, -1, -1, 0) != 1) {
      return false;
    }
  }
  return X509_set_issuer_name(certificate, name) == 1;
}

// rest-api.md 1.1. The authority key identifier comes after the subject's, which it
// repeats.
std::vector<std::pair<int, const char*>> Extensions(bool authority) {
  std::vector<std::pair<int, const char*>> extensions = {
      {NID_subject_key_identifier, "hash"},
      {NID_authority_key_identifier, "keyid:always,issuer"}};
  if (authority) {
    extensions.insert(extensions.end(), {{NID_basic_constraints, "critical,CA:TRUE"},
                                         {NID_key_usage, "critical,keyCertSign,cRLSign"},
                                         {NID_netscape_cert_type, "sslCA"}});
  }
  extensions.emplace_back(NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
  return extensions;
}

bool AddExtensions(X509* certificate, bool authority) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  for (const auto& [kind, value] : Extensions(authority)) {
    const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value));
    if (extension == nullptr || X509_add_ext(certificate, extension.get(), -1) != 1) {
      return false;
    }
  }
  return true;
}

Result<Certificate> Sign(EVP_PKEY* key, bool authority) {
  Certificate certificate(X509_new());
  if (certificate == nullptr ||
      X509_set_version(certificate.get(), X509_VERSION_3) != 1 ||
      !SetSerial(certificate.get()) || !SetNames(certificate.get()) ||
      X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0) == nullptr ||
      X509_gmtime_adj(X509_getm_notAfter(certificate.get()), kLifeSeconds) == nullptr ||
      X509_set_pubkey(certificate.get(), key) != 1 ||
      !AddExtensions(certificate.get(), authority) ||
      X509_sign(certificate.get(), key, EVP_sha256()) == 0) {
    return OpenSslError("making a certificate");
  }
  return certificate;
}

Status Make(const std::string& file, bool authority) {
  ERR_clear_error();
  const Key key(EVP_EC_gen("P-256"));
  if (key == nullptr) return OpenSslError("making a private key");
  ASSIGN_OR_RETURN(const Certificate certificate, Sign(key.get(), authority));
  const Bio text(BIO_new(BIO_s_secmem()));
  if (text == nullptr ||
      PEM_write_bio_PKCS8PrivateKey(text.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                    nullptr) != 1 ||
      PEM_write_bio_X509(text.get(), certificate.get()) != 1) {
    return OpenSslError("writing a certificate as PEM");
  }
  char* data = nullptr;
  const long size = BIO_get_mem_data(text.get(), &data);
  return WritePrivateFile(file, {data, static_cast<size_t>(size)})
      .WithContext(authority ? "generating a default CA"
                             : "generating a default certificate");
}

}  // namespace

Status MakeCertificate(const std::string& file) { return Make(file, false); }

Status MakeCertificateAuthority(const std::string& file) { return Make(file, true); }

}  // namespace nscp::gateway
