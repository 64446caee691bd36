#include "hub/console/server_tls.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <boost/asio/ssl/context.hpp>
#include <ctime>
#include <filesystem>

#include "hub/console/secret_file.hpp"

namespace hub::console {
namespace {

// Forward secrecy and authenticated encryption alone; those of TLS 1.3 are so by themselves.
constexpr const char* kCiphers = "ECDHE+AESGCM:ECDHE+CHACHA20";

struct Free {
  void operator()(BIO* one) const { BIO_free(one); }
  void operator()(EVP_PKEY* one) const { EVP_PKEY_free(one); }
  void operator()(GENERAL_NAMES* one) const { GENERAL_NAMES_free(one); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

// Why OpenSSL's last call failed.
std::string openssl_reason() {
  const char* text = ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  return text == nullptr ? "OpenSSL gives no reason" : text;
}

// Else OpenSSL would ask for it on the terminal.
int no_passphrase(char*, int, int, void*) { return 0; }

UnixMicros time_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return UnixMicros(0);
  return UnixMicros(static_cast<std::int64_t>(::timegm(&parts)) * kMicrosPerSecond);
}

std::string first_name(X509* certificate) {
  const Owned<GENERAL_NAMES> names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_DNS) continue;
    const std::string text(reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName)),
                           static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName)));
    return text.find('*') == text.npos ? text : "";
  }
  return {};
}

void set_defaults(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(context, kCiphers);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);  // tickets resume, and take no memory here
}

Result<void> use_certificate(SSL_CTX* context, const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error))
    return fail(ErrorCode::io_failed,
                {{"path", path}, {"operation", "open"}, {"reason", error ? error.message() : "it is no file"}});
  if (SSL_CTX_use_certificate_chain_file(context, path.c_str()) != 1)
    return invalid_file(path, "no certificate in PEM that could be taken (" + openssl_reason() + ")");
  return {};
}

Result<void> use_key(SSL_CTX* context, const TlsFiles& files) {
  const auto text = read_secret_file(files.key);
  if (!text) return tl::unexpected(text.error());
  const Owned<BIO> in(BIO_new_mem_buf(text->data(), static_cast<int>(text->size())));
  const Owned<EVP_PKEY> key(PEM_read_bio_PrivateKey(in.get(), nullptr, no_passphrase, nullptr));
  if (!key) return invalid_file(files.key, "no secret key in PEM without a passphrase (" + openssl_reason() + ")");
  if (X509_check_private_key(SSL_CTX_get0_certificate(context), key.get()) != 1) {
    ERR_clear_error();
    return fail(ErrorCode::certificate_key_foreign, {{"path", files.certificate}, {"file", files.key}});
  }
  if (SSL_CTX_use_PrivateKey(context, key.get()) != 1) return invalid_file(files.key, openssl_reason());
  return {};
}

}  // namespace

ServerTls::ServerTls() : context_(std::make_unique<boost::asio::ssl::context>(boost::asio::ssl::context::tls_server)) {}
ServerTls::~ServerTls() = default;

Result<std::shared_ptr<const ServerTls>> ServerTls::load(const TlsFiles& files, UnixMicros now) {
  ERR_clear_error();
  const std::shared_ptr<ServerTls> out(new ServerTls());
  SSL_CTX* context = out->context_->native_handle();
  set_defaults(context);
  if (auto used = use_certificate(context, files.certificate); !used) return tl::unexpected(used.error());
  if (auto used = use_key(context, files); !used) return tl::unexpected(used.error());
  X509* certificate = SSL_CTX_get0_certificate(context);
  const UnixMicros from = time_of(X509_get0_notBefore(certificate));
  out->expires_ = time_of(X509_get0_notAfter(certificate));
  if (now < from || now >= out->expires_)
    return fail(
        ErrorCode::certificate_not_in_force,
        {{"path", files.certificate}, {"from", format_rfc3339(from)}, {"until", format_rfc3339(out->expires_)}});
  out->name_ = first_name(certificate);
  return std::shared_ptr<const ServerTls>(out);
}

}  // namespace hub::console
