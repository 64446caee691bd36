// A certificate that signs itself, for 127.0.0.1 and one name, and its key, as files in PEM.
#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <cstdio>
#include <string>

#include "hub/base/check.hpp"
#include "hub/console/server_tls.hpp"

namespace hub::test {

// Valid from `from` to `until`, in seconds from now.
inline console::TlsFiles make_certificate(const std::string& stem, const char* name = "hub.test", long from = -60,
                                          long until = 3600) {
  console::TlsFiles files{stem + ".crt", stem + ".key"};
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = X509_new();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), from);
  X509_gmtime_adj(X509_getm_notAfter(certificate), until);
  X509_set_pubkey(certificate, key);
  X509_NAME* subject = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
  X509_set_issuer_name(certificate, subject);
  X509_EXTENSION* names = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name,
                                              (std::string("DNS:") + name + ",IP:127.0.0.1").c_str());
  X509_add_ext(certificate, names, -1);
  HUB_CHECK(X509_sign(certificate, key, EVP_sha256()) > 0);
  std::FILE* out = std::fopen(files.certificate.c_str(), "w");
  HUB_CHECK(out != nullptr && PEM_write_X509(out, certificate) == 1 && std::fclose(out) == 0);
  out = std::fopen(files.key.c_str(), "w");
  HUB_CHECK(out != nullptr && PEM_write_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr) == 1 && std::fclose(out) == 0);
  HUB_CHECK(::chmod(files.key.c_str(), 0600) == 0);
  X509_EXTENSION_free(names);
  X509_free(certificate);
  EVP_PKEY_free(key);
  return files;
}

}  // namespace hub::test
