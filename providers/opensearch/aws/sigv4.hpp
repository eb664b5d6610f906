#pragma once

// AWS Signature Version 4 in the header of a request, as every service but S3 checks it ("Create a signed AWS API
// request" in the IAM user guide). Pure functions; callable from any thread. docs/adr/0013-own-sigv4.md says why it is
// our own.

#include "base/clock.hpp"
#include "net/http_message.hpp"
#include "providers/opensearch/aws/access_key.hpp"

#include <string>
#include <string_view>

namespace hydrant::providers::opensearch {

/// What is signed. The views are read during the call only.
struct sigv4_request {
  std::string_view method;   ///< in upper case, as it is sent
  std::string_view host;     ///< byte for byte the Host header: with the port unless it is the scheme's own
  std::string_view path;     ///< as it is sent, that is, escaped already; empty means "/"
  std::string_view query;    ///< as it is sent, without '?'. A blank is "%20" there: '+' is read as a plus sign
  net::header_list headers;  ///< to be signed besides Host. A header that anybody changes on the way must stay out
  std::string_view body = {};
};

struct sigv4_scope {
  std::string_view region;   ///< such as "eu-central-1"
  std::string_view service;  ///< "es" for managed domains, "aoss" for serverless collections
};

/// The headers that make it a signed request: X-Amz-Date, X-Amz-Content-SHA256 (which aoss demands), with a session
/// token X-Amz-Security-Token, and Authorization. The request has none of them yet. AWS takes the signature for five
/// minutes around `now`: a request that is sent again is signed again.
net::header_list sign_sigv4(const sigv4_request& request, const aws_credentials& credentials, const sigv4_scope& scope,
                            base::wall_time now);

// The steps of it, for tests against requests that were signed by others.

/// Dot segments and empty segments are gone, and every byte that RFC 3986 reserves is escaped once more, as services
/// expect it that do not take the path literally: "/logs-*/a%2Fb" becomes "/logs-%2A/a%252Fb".
std::string sigv4_path(std::string_view sent);

/// One "name=value" for each parameter, unescaped and escaped anew, in the order of the escaped bytes. A parameter
/// without '=' has an empty value.
std::string sigv4_query(std::string_view sent);

/// A request in the form that both sides hash.
struct sigv4_canonical {
  std::string text;
  std::string signed_headers;  ///< names, sorted, with semicolons between
};

/// `body_hash`: SHA-256 in lower-case hexadecimal digits. Headers of the same name become one, in the order given.
sigv4_canonical sigv4_canonical_request(const sigv4_request& request, std::string_view body_hash);

/// The value of the Authorization header.
std::string sigv4_authorization(const sigv4_canonical& canonical, const aws_credentials& credentials,
                                const sigv4_scope& scope, base::wall_time now);

/// Every byte that is not unreserved in RFC 3986 as "%2F"; blanks too. Fit for a form's values.
std::string percent_encoded(std::string_view text);

std::string sha256_hex(std::string_view bytes);

}  // namespace hydrant::providers::opensearch
