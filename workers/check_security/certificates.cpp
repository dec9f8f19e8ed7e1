#include "workers/check_security/certificates.h"

#include <openssl/asn1t.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include <algorithm>
#include <climits>
#include <utility>

namespace nscp::check_security {
namespace {

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(PKCS12* file) const { PKCS12_free(file); }
  void operator()(STACK_OF(PKCS7) * parts) const { sk_PKCS7_pop_free(parts, PKCS7_free); }
  void operator()(STACK_OF(PKCS12_SAFEBAG) * bags) const {
    sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
  }
  void operator()(PBE2PARAM* value) const { PBE2PARAM_free(value); }
  void operator()(PBKDF2PARAM* value) const { PBKDF2PARAM_free(value); }
  void operator()(PBEPARAM* value) const { PBEPARAM_free(value); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;
using Bags = std::unique_ptr<STACK_OF(PKCS12_SAFEBAG), Free>;
using Parts = std::unique_ptr<STACK_OF(PKCS7), Free>;

// The oldest of the waiting errors, which is the cause of the others.
std::string TakeError() {
  const unsigned long error = ERR_get_error();
  ERR_clear_error();
  const char* reason = error == 0 ? nullptr : ERR_reason_error_string(error);
  return reason == nullptr ? "malformed" : reason;
}

void Add(X509Ptr certificate, CertificateFile* file) {
  if (file->certificates.size() < kMaxCertificatesOfFile) {
    file->certificates.push_back(std::move(certificate));
  } else if (file->problem.ok()) {
    file->problem = Status::ResourceExhausted("only its first " +
                                              std::to_string(kMaxCertificatesOfFile) +
                                              " certificates are looked at");
  }
}

// ---- PEM

X509Ptr FromDer(const unsigned char* bytes, long size, bool with_trust) {
  const unsigned char* at = bytes;
  return X509Ptr(with_trust ? d2i_X509_AUX(nullptr, &at, size)
                            : d2i_X509(nullptr, &at, size));
}

void TakeBlock(std::string_view name, const unsigned char* bytes, long size,
               CertificateFile* file) {
  const bool with_trust = name == PEM_STRING_X509_TRUSTED;
  if (name != PEM_STRING_X509 && name != PEM_STRING_X509_OLD && !with_trust) {
    file->holds_other = true;
    return;
  }
  if (X509Ptr certificate = FromDer(bytes, size, with_trust)) {
    return Add(std::move(certificate), file);
  }
  file->problem =
      Status::InvalidArgument("a certificate in it is damaged: " + TakeError());
}

void ReadPem(std::string_view bytes, CertificateFile* file) {
  const Owned<BIO> in(BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size())));
  while (in) {
    char* name = nullptr;
    char* header = nullptr;
    unsigned char* data = nullptr;
    long size = 0;
    ERR_clear_error();
    if (PEM_read_bio(in.get(), &name, &header, &data, &size) != 1) {
      const bool end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
      if (!end) {
        file->problem =
            Status::InvalidArgument("its PEM text is damaged: " + TakeError());
      }
      ERR_clear_error();
      return;
    }
    TakeBlock(name, data, size, file);
    OPENSSL_free(name);
    OPENSSL_free(header);
    OPENSSL_free(data);
  }
}

// ---- PKCS #12

bool Bearable(const ASN1_INTEGER* rounds) {
  const long count = rounds == nullptr ? 1 : ASN1_INTEGER_get(rounds);
  return count >= 0 && count <= kMaxPasswordRounds;
}

template <class T>
Owned<T> Unpack(const X509_ALGOR& algorithm, const ASN1_ITEM* item) {
  return Owned<T>(static_cast<T*>(ASN1_TYPE_unpack_sequence(item, algorithm.parameter)));
}

// Whether deriving a key as the algorithm says costs no more than we give.
bool Bearable(const X509_ALGOR& algorithm) {
  const int kind = OBJ_obj2nid(algorithm.algorithm);
  if (kind != NID_pbes2) {
    const auto plain = Unpack<PBEPARAM>(algorithm, ASN1_ITEM_rptr(PBEPARAM));
    return plain && Bearable(plain->iter);
  }
  const auto scheme = Unpack<PBE2PARAM>(algorithm, ASN1_ITEM_rptr(PBE2PARAM));
  if (!scheme || OBJ_obj2nid(scheme->keyfunc->algorithm) != NID_id_pbkdf2) return false;
  const auto derive = Unpack<PBKDF2PARAM>(*scheme->keyfunc, ASN1_ITEM_rptr(PBKDF2PARAM));
  return derive && Bearable(derive->iter);
}

Status TooDear() {
  return Status::ResourceExhausted(
      "its password is to be hashed more than " + std::to_string(kMaxPasswordRounds) +
      " times, or in a way that is not known; export it anew");
}

// Keys are passed over without being decrypted.
Status TakeBags(PKCS7* part, const char* password, int size, CertificateFile* file) {
  Bags bags;
  if (PKCS7_type_is_data(part)) {
    bags.reset(PKCS12_unpack_p7data(part));
  } else if (PKCS7_type_is_encrypted(part)) {
    const PKCS7_ENC_CONTENT* content = part->d.encrypted->enc_data;
    if (!Bearable(*content->algorithm)) return TooDear();
    bags.reset(PKCS12_unpack_p7encdata(part, password, size));
  } else {
    return Status::Unimplemented("a part of it is encrypted for a recipient's key");
  }
  if (!bags) return Status::InvalidArgument("decrypting it: " + TakeError());
  for (int i = 0; i < sk_PKCS12_SAFEBAG_num(bags.get()); ++i) {
    const PKCS12_SAFEBAG* bag = sk_PKCS12_SAFEBAG_value(bags.get(), i);
    if (PKCS12_SAFEBAG_get_nid(bag) != NID_certBag) {
      file->holds_other = true;
      continue;
    }
    X509Ptr certificate(PKCS12_SAFEBAG_get1_cert(bag));
    if (!certificate) {
      return Status::InvalidArgument("a certificate in it is damaged: " + TakeError());
    }
    Add(std::move(certificate), file);
  }
  return Status::Ok();
}

// An empty password is written in two ways (RFC 7292, B.1): with and without its end.
Result<const char*> FindPassword(PKCS12* archive, const std::string& password) {
  const int size = static_cast<int>(password.size());
  if (!PKCS12_mac_present(archive)) return password.c_str();
  const ASN1_INTEGER* rounds = nullptr;
  PKCS12_get0_mac(nullptr, nullptr, nullptr, &rounds, archive);
  if (!Bearable(rounds)) return TooDear();
  if (password.empty() && PKCS12_verify_mac(archive, nullptr, 0) == 1) {
    return static_cast<const char*>(nullptr);
  }
  if (PKCS12_verify_mac(archive, password.c_str(), size) == 1) return password.c_str();
  ERR_clear_error();
  return Status::PermissionDenied(password.empty()
                                      ? "it has a password; name it with password="
                                      : "it has another password");
}

void ReadArchive(PKCS12* archive, const std::string& password, CertificateFile* file) {
  const auto key = FindPassword(archive, password);
  if (!key.ok()) {
    file->problem = key.status();
    return;
  }
  const int size = *key == nullptr ? 0 : static_cast<int>(password.size());
  const Parts parts(PKCS12_unpack_authsafes(archive));
  if (!parts) {
    file->problem = Status::InvalidArgument("it is damaged: " + TakeError());
    return;
  }
  for (int i = 0; i < sk_PKCS7_num(parts.get()) && file->problem.ok(); ++i) {
    file->problem = TakeBags(sk_PKCS7_value(parts.get(), i), *key, size, file);
  }
}

}  // namespace

CertificateFile ReadCertificates(std::string_view bytes, const std::string& password) {
  CertificateFile file;
  if (bytes.size() > INT_MAX || password.size() > INT_MAX / 4) {
    file.problem = Status::ResourceExhausted("it is too large");
    return file;
  }
  ERR_clear_error();
  if (bytes.find("-----BEGIN ") != std::string_view::npos) {
    ReadPem(bytes, &file);
    return file;
  }
  const auto* der = reinterpret_cast<const unsigned char*>(bytes.data());
  const long size = static_cast<long>(bytes.size());
  if (X509Ptr certificate = FromDer(der, size, false)) {
    Add(std::move(certificate), &file);
  } else {
    const unsigned char* at = der;
    if (const Owned<PKCS12> archive{d2i_PKCS12(nullptr, &at, size)}) {
      ReadArchive(archive.get(), password, &file);
    } else {
      file.problem = Status::InvalidArgument("it is neither PEM, DER nor PFX");
    }
  }
  ERR_clear_error();
  return file;
}

}  // namespace nscp::check_security
