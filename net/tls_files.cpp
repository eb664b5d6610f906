#include "net/tls_files.hpp"

#include <boost/asio/ssl/context.hpp>

#include <string>

namespace hydrant::net {
namespace {

namespace ssl = boost::asio::ssl;

base::error unreadable(const std::string& what, const std::string& file, const boost::system::error_code& why) {
  return base::fail(base::error_kind::invalid_params, "cannot read " + what + " in " + file + ": " + why.message());
}

base::result<> check_own(ssl::context& context, const tls_settings& of) {
  boost::system::error_code failure;
  context.use_certificate_chain_file(of.certificate_file, failure);
  if (failure) return unreadable("the client certificate", of.certificate_file, failure);
  // As libcurl does: without a file of its own, the key is in that of the certificate.
  const auto& key_file = of.key_file.empty() ? of.certificate_file : of.key_file;
  context.use_private_key_file(key_file, ssl::context::pem, failure);
  if (failure) return unreadable("the client certificate's key", key_file, failure);
  return {};
}

}  // namespace

base::result<> check_files(const tls_settings& of) {
  ssl::context context(ssl::context::tls_client);
  // Otherwise OpenSSL asks at the terminal for the passphrase of a key.
  context.set_password_callback([](std::size_t, ssl::context::password_purpose) { return std::string(); });
  boost::system::error_code failure;
  if (of.verify_peer && !of.ca_file.empty()) context.load_verify_file(of.ca_file, failure);
  if (failure) return unreadable("the certificate authorities", of.ca_file, failure);
  if (!of.certificate_file.empty()) return check_own(context, of);
  if (of.key_file.empty()) return {};
  return base::fail(base::error_kind::invalid_params,
                    "there is a key for a client certificate in " + of.key_file + ", but no certificate is named");
}

}  // namespace hydrant::net
