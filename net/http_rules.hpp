#pragma once

#include "net/http_message.hpp"

#include <optional>

namespace hydrant::net {

/// Why a request is not sent, before anything is done for it (kind invalid_params). The words repeat nothing of the
/// request, which may hold secrets. Refused are
/// - a method or a name of a header that is no token (RFC 9110 section 5.6.2);
/// - a header's value with a control character: a line break would begin another header (RFC 9110 section 5.5);
/// - headers that say where the message ends or whom it is for, since libcurl says that (RFC 9112 sections 3.2 and 6);
/// - a URL that is not `http://` or `https://` and a host, or holds anything but visible ASCII: libcurl would guess, or
///   ask another server than a reader of the URL expects;
/// - a HEAD request with a body.
std::optional<base::error> why_refused(const http_request& request);

}  // namespace hydrant::net
