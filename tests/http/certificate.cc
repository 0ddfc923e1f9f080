#include "tests/http/certificate.h"

#include <doctest/doctest.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#include <cctype>
#include <filesystem>
#include <fstream>
#include <memory>

namespace penstock::gateway::test {

Certificate::Certificate(const std::string& name) : name_(name) {
  char folder[] = "/tmp/penstock-cert-XXXXXX";
  REQUIRE(mkdtemp(folder) != nullptr);
  folder_ = folder;
  renew(1);
}

Certificate::~Certificate() {
  std::filesystem::remove_all(folder_);
}

void Certificate::spoil() {
  std::ofstream(cert_file()) << "junk";
}

static void add_name(X509* certificate, const std::string& name) {
  X509_NAME* subject = X509_get_subject_name(certificate);
  const auto* text = reinterpret_cast<const unsigned char*>(name.c_str());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, text, -1, -1, 0);
  X509_set_issuer_name(certificate, subject);
  const bool address = std::isdigit(static_cast<unsigned char>(name[0])) != 0;
  const std::string alternative = (address ? "IP:" : "DNS:") + name;
  X509_EXTENSION* extension =
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, alternative.c_str());
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

void Certificate::renew(long serial) {
  const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  const std::unique_ptr<X509, void (*)(X509*)> certificate(X509_new(), X509_free);
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  X509_set_pubkey(certificate.get(), key.get());
  add_name(certificate.get(), name_);
  X509_sign(certificate.get(), key.get(), EVP_sha256());
  FILE* cert_out = fopen(cert_file().c_str(), "w");
  PEM_write_X509(cert_out, certificate.get());
  fclose(cert_out);
  FILE* key_out = fopen(key_file().c_str(), "w");
  PEM_write_PrivateKey(key_out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  fclose(key_out);
}

}  // namespace penstock::gateway::test
