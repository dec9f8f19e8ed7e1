#include "workers/check_security/certificate_row.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <ctime>

#include "proto/cpp/text.h"
#include "workers/checks/formats.h"

namespace nscp::check_security {
namespace {

constexpr int64_t kDay = 86400;
constexpr size_t kMaxNames = 100;  // shown of a certificate
constexpr size_t kMaxText = 2048;  // bytes of one name
constexpr std::string_view kHexDigits = "0123456789ABCDEF";

std::string Hex(const unsigned char* bytes, size_t size) {
  std::string text;
  for (size_t i = 0; i < size; ++i) {
    text += kHexDigits[bytes[i] >> 4];
    text += kHexDigits[bytes[i] & 15];
  }
  return text;
}

std::string WholeName(const X509_NAME* name) {
  struct Free {
    void operator()(BIO* bio) const { BIO_free(bio); }
  };
  const std::unique_ptr<BIO, Free> out(BIO_new(BIO_s_mem()));
  // As RFC 2253 writes it, with UTF-8 as it is, in the order of the certificate.
  constexpr unsigned long kForm =
      (XN_FLAG_RFC2253 & ~static_cast<unsigned long>(XN_FLAG_DN_REV) &
       ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB));
  if (!out || X509_NAME_print_ex(out.get(), name, 0, kForm) < 0) return {};
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return size <= 0 ? std::string()
                   : std::string(text, std::min(static_cast<size_t>(size), kMaxText));
}

std::string Utf8Of(const ASN1_STRING* value) {
  unsigned char* text = nullptr;
  const int size = ASN1_STRING_to_UTF8(&text, value);
  if (size < 0) return {};
  std::string found(reinterpret_cast<char*>(text),
                    std::min(static_cast<size_t>(size), kMaxText));
  OPENSSL_free(text);
  return found;
}

// What people call it.
std::string ShortName(const X509_NAME* name, const std::string& whole) {
  for (const int part :
       {NID_commonName, NID_organizationalUnitName, NID_organizationName}) {
    const int place = X509_NAME_get_index_by_NID(name, part, -1);
    if (place < 0) continue;
    std::string text = Utf8Of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, place)));
    if (!text.empty()) return text;
  }
  return whole;
}

std::string AddressText(const ASN1_OCTET_STRING* address) {
  const unsigned char* bytes = ASN1_STRING_get0_data(address);
  const int size = ASN1_STRING_length(address);
  std::vector<std::string> parts;
  char text[8];
  for (int i = 0; size == 4 && i < size; ++i) parts.push_back(std::to_string(bytes[i]));
  for (int i = 0; size == 16 && i < size; i += 2) {
    std::snprintf(text, sizeof text, "%x", bytes[i] << 8 | bytes[i + 1]);
    parts.emplace_back(text);
  }
  return Join(parts, size == 4 ? "." : ":");
}

std::vector<std::string> AlternativeNames(const X509* certificate) {
  struct Free {
    void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
  };
  std::vector<std::string> texts;
  const std::unique_ptr<GENERAL_NAMES, Free> names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  if (!names) return texts;
  const int count = sk_GENERAL_NAME_num(names.get());
  for (int i = 0; i < count && texts.size() < kMaxNames; ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type == GEN_DNS || name->type == GEN_EMAIL || name->type == GEN_URI) {
      texts.push_back(Utf8Of(name->d.ia5));
    } else if (name->type == GEN_IPADD) {
      texts.push_back(AddressText(name->d.iPAddress));
    }
  }
  return texts;
}

std::string SerialOf(const X509* certificate) {
  struct Free {
    void operator()(BIGNUM* number) const { BN_free(number); }
  };
  const std::unique_ptr<BIGNUM, Free> number(
      ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr));
  if (!number) return {};
  char* hex = BN_bn2hex(number.get());
  std::string text = hex == nullptr ? "" : hex;
  OPENSSL_free(hex);
  return text;
}

std::string DigestOf(const X509* certificate, const EVP_MD* kind) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  if (X509_digest(certificate, kind, bytes.data(), &size) != 1) return {};
  return Hex(bytes.data(), size);
}

int64_t SecondsOf(const ASN1_TIME* time) {
  struct Free {
    void operator()(ASN1_TIME* value) const { ASN1_TIME_free(value); }
  };
  const std::unique_ptr<ASN1_TIME, Free> epoch(ASN1_TIME_set(nullptr, 0));
  int days = 0;
  int seconds = 0;
  if (!epoch || ASN1_TIME_diff(&days, &seconds, epoch.get(), time) != 1) return 0;
  return days * kDay + seconds;
}

// Whoever can afford it finds a second text with the same sum.
bool IsWeakDigest(int kind) {
  return kind == NID_md2 || kind == NID_md4 || kind == NID_md5 || kind == NID_sha1 ||
         kind == NID_md5_sha1 || kind == NID_mdc2 || kind == NID_ripemd160;
}

void DescribeKey(const X509* certificate, CertificateRow* row) {
  const EVP_PKEY* key = X509_get0_pubkey(certificate);
  if (key == nullptr) {
    row->key_type = "unknown";
    return;
  }
  const char* name = EVP_PKEY_get0_type_name(key);
  row->key_type = name == nullptr ? "unknown" : name;
  row->key_size = EVP_PKEY_get_bits(key);
  const int kind = EVP_PKEY_get_base_id(key);
  const bool is_factoring = kind == EVP_PKEY_RSA || kind == EVP_PKEY_RSA_PSS ||
                            kind == EVP_PKEY_DSA || kind == EVP_PKEY_DH;
  row->weak_key = row->key_size < (is_factoring ? kWeakRsaBits : kWeakCurveBits);
}

// Days as they are; other units come to days.
Result<checks::Value> DaysOf(const checks::Literal& literal, const CertificateRow*) {
  using checks::Value;
  if (literal.kind != checks::Literal::Kind::kText) {
    if (literal.unit == 0) return Value::Real(literal.real);
    if (const auto seconds = checks::SecondsOf(literal.unit)) {
      return Value::Real(literal.real * static_cast<double>(*seconds) / kDay);
    }
  }
  return Status::InvalidArgument("Cannot compare days to " + Describe(literal) +
                                 ": write a number of days, or a time such as 12h or 2w");
}

}  // namespace

int64_t CertificateRow::ExpiresInDays() const {
  const int64_t seconds = ExpiresInSeconds();
  return seconds / kDay - (seconds % kDay < 0 ? 1 : 0);
}

CertificateRow DescribeCertificate(X509* certificate) {
  CertificateRow row;
  const X509_NAME* subject = X509_get_subject_name(certificate);
  const X509_NAME* issuer = X509_get_issuer_name(certificate);
  const auto names = AlternativeNames(certificate);
  row.subject_dn = WholeName(subject);
  row.issuer_dn = WholeName(issuer);
  row.names = Join(names, ", ");
  row.subject = ShortName(subject, row.subject_dn);
  if (row.subject.empty() && !names.empty()) row.subject = names[0];
  row.issuer = ShortName(issuer, row.issuer_dn);
  row.serial = SerialOf(certificate);
  row.thumbprint = DigestOf(certificate, EVP_sha1());
  row.fingerprint = DigestOf(certificate, EVP_sha256());
  const char* algorithm = OBJ_nid2ln(X509_get_signature_nid(certificate));
  row.signature_algorithm = algorithm == nullptr ? "unknown" : algorithm;
  int digest = NID_undef;
  if (X509_get_signature_info(certificate, &digest, nullptr, nullptr, nullptr) == 1) {
    row.weak_signature = IsWeakDigest(digest);
  }
  DescribeKey(certificate, &row);
  row.valid_from = SecondsOf(X509_get0_notBefore(certificate));
  row.valid_to = SecondsOf(X509_get0_notAfter(certificate));
  ERR_clear_error();
  return row;
}

bool IsSelfSigned(X509* certificate) {
  const bool verifies = X509_self_signed(certificate, 1) == 1;
  ERR_clear_error();
  return verifies;
}

checks::Keywords<CertificateRow> CertificateKeywords() {
  using Row = CertificateRow;
  checks::Keywords<Row> k;
  const auto text = [&k](const char* name, const char* description,
                         std::string Row::*field) {
    k.Text(name, description,
           [field](const Row& row) -> std::string_view { return row.*field; });
  };
  text("subject",
       "Whom the certificate is for: its common name, else its organisation, else the "
       "whole name",
       &Row::subject);
  text("subject_dn", "Whom it is for, all of the name (CN=example.org,O=Example)",
       &Row::subject_dn);
  text("issuer", "Who signed it: the common name, else the organisation, else all",
       &Row::issuer);
  text("issuer_dn", "Who signed it, all of the name", &Row::issuer_dn);
  text("names", "The host names and addresses that it is valid for", &Row::names);
  text("serial", "Its serial number, in hex", &Row::serial);
  text("thumbprint", "SHA-1 of the certificate, in upper-case hex", &Row::thumbprint);
  text("fingerprint", "SHA-256 of the certificate, in upper-case hex", &Row::fingerprint);
  text("signature_algorithm", "How it is signed, such as sha256WithRSAEncryption",
       &Row::signature_algorithm);
  text("key_type", "Kind of its key: RSA, EC, ED25519 and others", &Row::key_type);
  k.Integer("key_size", "Bits of its key", [](const Row& row) { return row.key_size; });
  text("source", "The file that it was read from", &Row::source);
  k.Text("store", "The certificate store that it was read from; empty for files",
         [](const Row&) -> std::string_view { return ""; });
  const auto date = [&k](const char* name, const char* description, int64_t Row::*field) {
    k.Date(name, description, [field](const Row& row) {
       return row.*field;
     }).Human([field](const Row& row) { return row.zone->Format(row.*field); });
  };
  date("valid_from", "When it begins to be valid", &Row::valid_from);
  date("not_before", "When it begins to be valid", &Row::valid_from);
  date("valid_to", "When it ends to be valid", &Row::valid_to);
  date("not_after", "When it ends to be valid", &Row::valid_to);
  for (const char* name : {"expires_in", "expires_in_days"}) {
    k.Integer(name, "Whole days until it ends to be valid; negative once it has",
              [](const Row& row) { return row.ExpiresInDays(); })
        .Convert(&DaysOf);
  }
  k.Duration("expires_in_sec", "Seconds until it ends to be valid; negative once it has",
             [](const Row& row) { return row.ExpiresInSeconds(); });
  k.Integer("expired", "1 if it has ended to be valid",
            [](const Row& row) { return row.ExpiresInSeconds() < 0; });
  k.Integer("not_yet_valid", "1 if it has not begun to be valid",
            [](const Row& row) { return row.valid_from > row.now; });
  k.Integer("self_signed", "1 if it is signed by its own key",
            [](const Row& row) { return row.self_signed; });
  k.Integer("trusted",
            "1 if a chain leads from it to a trusted certificate (of ca, else of the "
            "system) and all of the chain is valid now",
            [](const Row& row) { return row.trusted; });
  k.Integer("weak_key",
            "1 if its key is too short: RSA and DSA below 2048 bits, curves below 224",
            [](const Row& row) { return row.weak_key; });
  k.Integer("weak_signature", "1 if it is signed over MD5, SHA-1 or another broken sum",
            [](const Row& row) { return row.weak_signature; });
  return k;
}

}  // namespace nscp::check_security
