#pragma once

// The forms that text settings must have: what the rows of the table point to.

#include "app/config_table.hpp"

namespace hydrant::app {

extern const text_form node_id_form;         ///< up to 128 letters, digits, dots, underscores and hyphens
extern const text_form host_form;            ///< a host name or an address, without port, scheme and brackets
extern const text_form path_form;            ///< /a/b
extern const text_form path_prefix_form;     ///< /a/b, or empty
extern const text_form origin_form;          ///< scheme://host[:port], RFC 6454 section 6.2
extern const text_form redis_url_form;       ///< redis:// or rediss://, or empty
extern const text_form nats_url_form;        ///< nats:// or tls://, or empty
extern const text_form opensearch_url_form;  ///< http:// or https:// without a user, or empty
extern const text_form name_form;            ///< not empty

}  // namespace hydrant::app
