// The Streamable HTTP endpoint: reads a POST, decides its era, hands it on.

#include "gateway/answers.hpp"
#include "gateway/endpoints.hpp"
#include "gateway/metadata_check.hpp"
#include "protocol/accept.hpp"
#include "protocol/errors.hpp"
#include "runtime/stateless_call.hpp"

namespace hydrant::gateway {
namespace {

using base::error_kind;
using protocol::message_kind;
using protocol::revision;

std::optional<base::error> check_media(const request& asked) {
  if (!protocol::content_type_is_json(asked[field::content_type]))
    return base::fail(error_kind::unsupported_media, "Content-Type must be application/json");
  if (!asked.has(field::accept)) return std::nullopt;
  const auto accepted = protocol::parse_accept(asked[field::accept]);
  if (accepted.json && accepted.event_stream) return std::nullopt;
  return base::fail(error_kind::not_acceptable, "Accept must admit both application/json and text/event-stream");
}

void refuse(services& on, const exchange_ptr& http, const base::error& failure, std::string_view id = "null") {
  on.env.measured.refused_requests.Increment();
  http->answer(refusal(failure, id));
}

// 2026-07-28: everything is in the request, and it is answered where it was read.
void post_with_metadata(services& on, const request& asked, const protocol::message& message, exchange_ptr http) {
  const auto who = check_metadata(asked, message, on.env.catalog);
  if (!who) return refuse(on, http, who.error(), message.id.empty() ? "null" : message.id);
  if (message.kind == message_kind::response)
    return refuse(on, http,
                  base::fail(error_kind::invalid_request, "this revision of MCP has no responses from clients"));
  on.env.measured.metadata_requests.Increment();
  if (message.kind == message_kind::notification) return http->answer({202, {}, {}, {}});
  runtime::answer_stateless(on.env, on.hub, message, *who, std::move(http));
}

/// The revision of a request that belongs to no session: its header says so, or it is from before the header.
base::result<revision> header_revision(const request& asked) {
  if (!asked.has(field::mcp_protocol_version)) return revision::r2025_03_26;
  const auto known = protocol::parse_revision(asked[field::mcp_protocol_version]);
  if (known && protocol::uses_sessions(*known)) return *known;
  return base::fail(error_kind::unsupported_version,
                    "unsupported MCP-Protocol-Version " + std::string(asked[field::mcp_protocol_version]), {},
                    unsupported_version_data(asked[field::mcp_protocol_version]));
}

void post_without_session(services& on, const request& asked, const protocol::message_batch& batch, exchange_ptr http) {
  const auto& message = batch.messages.front();
  const auto r = header_revision(asked);
  if (!r) return refuse(on, http, r.error(), message.id.empty() ? "null" : message.id);
  if (batch.is_array)
    return refuse(on, http,
                  base::fail(error_kind::invalid_request, "a server without sessions takes one message per POST"));
  on.env.measured.session_requests.Increment();
  if (message.kind != message_kind::request) return http->answer({202, {}, {}, {}});
  // Nothing can be asked of a client without a session to answer in, so it counts as able to do nothing.
  runtime::answer_stateless(on.env, on.hub, message, {*r, {}, {}, protocol::logging_level::info}, std::move(http));
}

void post_to_session(services& on, const request& asked, protocol::message_batch batch, exchange_ptr http) {
  const auto& first = batch.messages.front();
  if (const auto r = header_revision(asked); !r)
    return refuse(on, http, r.error(), first.id.empty() ? "null" : first.id);
  if (!batch.is_array && first.method == "initialize" && first.kind == message_kind::request) {
    if (asked.has(field::mcp_session_id))
      return refuse(
          on, http,
          base::fail(error_kind::invalid_request, "initialize opens a session; send it without Mcp-Session-Id"),
          first.id);
    on.env.measured.session_requests.Increment();
    return on.sessions.initialize(first, std::move(http));
  }
  if (!asked.has(field::mcp_session_id))
    return refuse(on, http,
                  base::fail(error_kind::session_missing,
                             "Mcp-Session-Id is missing: send initialize first and repeat the id it answers with"),
                  first.id.empty() ? "null" : first.id);
  on.sessions.post(std::string(asked[field::mcp_session_id]), std::move(batch), std::move(http));
}

bool header_names_metadata(const request& asked) {
  const auto known = protocol::parse_revision(asked[field::mcp_protocol_version]);
  return known && protocol::carries_request_metadata(*known);
}

/// Whether a request speaks for itself: its metadata or its header names a revision with per-request metadata. The
/// mere presence of a header decides nothing, since clients of the session eras send it too.
bool has_metadata(const request& asked, const protocol::message_batch& batch) {
  return !batch.is_array && (batch.messages.front().meta.protocol_version || header_names_metadata(asked));
}

/// What GET and DELETE need.
bool names_session(services& on, const request& asked, const exchange_ptr& http) {
  if (on.config.mode == session_mode::stateless) {
    http->answer(method_not_allowed("POST, OPTIONS"));
    return false;
  }
  if (const auto r = header_revision(asked); !r) {
    refuse(on, http, r.error());
    return false;
  }
  if (asked.has(field::mcp_session_id)) return true;
  refuse(on, http, base::fail(error_kind::session_missing, "Mcp-Session-Id is missing"));
  return false;
}

}  // namespace

void pass_authorization(const services& on, const request& asked, protocol::message_batch& batch) {
  if (!on.config.passes_authorization || !asked.has(field::authorization)) return;
  for (auto& message : batch.messages)
    message.authorization = asked[field::authorization];
}

void post_mcp(services& on, request& asked, exchange_ptr http) {
  if (const auto failure = check_media(asked)) return refuse(on, http, *failure);
  auto batch = protocol::read_messages(asked.body, on.config.json_depth_max);
  if (!batch) return refuse(on, http, batch.error().what, batch.error().id);
  pass_authorization(on, asked, *batch);
  if (batch->is_array && header_names_metadata(asked))
    return refuse(
        on, http,
        base::fail(error_kind::invalid_request, "this revision of MCP has no batches; send one message per POST"));
  if (has_metadata(asked, *batch)) return post_with_metadata(on, asked, batch->messages.front(), std::move(http));
  if (on.config.mode == session_mode::stateless) return post_without_session(on, asked, *batch, std::move(http));
  post_to_session(on, asked, std::move(*batch), std::move(http));
}

void get_mcp(services& on, request& asked, exchange_ptr http) {
  if (asked.has(field::accept) && !protocol::parse_accept(asked[field::accept]).event_stream)
    return refuse(on, http, base::fail(error_kind::not_acceptable, "Accept must admit text/event-stream"));
  if (!names_session(on, asked, http)) return;
  on.sessions.open_stream(std::string(asked[field::mcp_session_id]), std::string(asked[field::last_event_id]),
                          std::move(http));
}

void delete_mcp(services& on, request& asked, exchange_ptr http) {
  if (names_session(on, asked, http)) on.sessions.end(std::string(asked[field::mcp_session_id]), std::move(http));
}

}  // namespace hydrant::gateway
