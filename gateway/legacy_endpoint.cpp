#include "gateway/answers.hpp"
#include "gateway/endpoints.hpp"
#include "protocol/accept.hpp"

namespace hydrant::gateway {

using base::error_kind;

namespace {

base::error no_sessions() {
  return base::fail(error_kind::invalid_request, "this server runs without sessions; use the Streamable HTTP endpoint");
}

}  // namespace

void get_sse(services& on, request& asked, exchange_ptr http) {
  if (on.config.mode == session_mode::stateless) return http->answer(refusal(no_sessions()));
  if (asked.has(field::accept) && !protocol::parse_accept(asked[field::accept]).event_stream)
    return http->answer(refusal(base::fail(error_kind::not_acceptable, "Accept must admit text/event-stream")));
  on.sessions.open_legacy(asked.query_parameter("sessionId"), std::string(asked[field::last_event_id]),
                          on.config.messages_path, std::move(http));
}

void post_messages(services& on, request& asked, exchange_ptr http) {
  const auto session = asked.query_parameter("sessionId");
  if (session.empty())
    return http->answer(
        refusal(base::fail(error_kind::session_missing, "the query needs sessionId=<the session's id>")));
  if (!protocol::content_type_is_json(asked[field::content_type]))
    return http->answer(refusal(base::fail(error_kind::unsupported_media, "Content-Type must be application/json")));
  auto batch = protocol::read_messages(asked.body, on.config.json_depth_max);
  if (!batch) return http->answer(refusal(batch.error().what, batch.error().id));
  pass_authorization(on, asked, *batch);
  on.sessions.post(session, std::move(*batch), std::move(http));
}

}  // namespace hydrant::gateway
