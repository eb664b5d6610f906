#pragma once

// What the ledger of calls (store/event_log.hpp) keeps of a call, so that any node can go on with it: the request, the
// answers so far, the questions that are open, and where its producer stood. Any node reads what any node wrote, also
// one of the version before or after, so unknown members are ignored and missing ones have defaults.

#include "base/result.hpp"
#include "protocol/message.hpp"
#include "store/event_log.hpp"

#include <map>
#include <string>
#include <vector>

namespace hydrant::actors {

/// A question that was put to the client and is not answered yet.
struct open_question {
  std::string id;      ///< JSON text of the server request's id
  std::string key;     ///< what the handler calls it
  std::string method;  ///< e.g. elicitation/create
  protocol::json params;
};

struct call_record {
  std::string method;
  protocol::json params = protocol::json::object();
  std::string progress_token;  ///< JSON text; empty: none
  std::string traceparent;

  /// The producer's id, and its last sequence before the present run, or before the open questions.
  store::producer_ref producer;
  int rounds = 0;  ///< of questions so far
  std::map<std::string, protocol::json, std::less<>> answers;
  protocol::json memory;
  std::vector<open_question> questions;  ///< of the present round, the answered ones too; empty: the handler runs

  bool answer_is_complete() const;
  /// All questions of the round are answered: the next run's events count on after them.
  void close_round();

  static call_record of(const protocol::message& request);
  /// The request again, as far as a handler sees it. `id`: JSON text.
  protocol::message request(std::string id) const;
};

std::string to_text(const call_record& record);
/// Errors: internal (not a record).
base::result<call_record> parse_call_record(const std::string& text);

}  // namespace hydrant::actors
