#pragma once

// One live session on this node: what its clients ask of it, the calls that run for it here, the streams that are open
// here. It decides in terms of the store's contracts and knows nothing of CAF; session_actor.cpp gives it its turns.
//
// The store is the truth. What is kept here is a copy that every request checks against the store's version first, and
// what only this node can know: runs and sockets.

#include "actors/call_record.hpp"
#include "actors/session_services.hpp"
#include "actors/stream_state.hpp"
#include "actors/turn.hpp"
#include "protocol/message.hpp"
#include "runtime/change.hpp"
#include "runtime/exchange.hpp"
#include "runtime/multi_round.hpp"
#include "runtime/run.hpp"

#include <boost/asio/steady_timer.hpp>

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>

namespace hydrant::actors {

/// A POST as the gateway hands it over.
struct session_post {
  protocol::message_batch batch;
  std::shared_ptr<runtime::exchange> http;
};

/// Why a session lets go of its sockets.
enum class farewell { drained, ended };

/// Lives in its actor; everything but the constructor runs in that actor's turns, through `take_turn`.
class session {
 public:
  using poster = std::function<void(turn)>;

  /// `post` puts a turn into this session's queue, from any thread, and does nothing once the session is gone.
  session(session_services& services, std::string id, poster post);
  ~session();
  session(const session&) = delete;
  session& operator=(const session&) = delete;

  /// Runs one step. Completions of the store that arrive within it go on within it.
  void take_turn(const turn& next);

  // The steps.
  void post(std::shared_ptr<session_post> request);
  /// GET: the session's own stream, or with a cursor (Last-Event-ID) the stream that the cursor belongs to.
  void open_stream(const std::string& last_event_id, std::shared_ptr<runtime::exchange> http);
  /// GET of HTTP+SSE: `endpoint_event` says where to POST and comes first.
  void open_legacy_stream(const std::string& last_event_id, std::string endpoint_event,
                          std::shared_ptr<runtime::exchange> http);
  void end(std::shared_ptr<runtime::exchange> http);
  /// An event was appended to one of this session's streams elsewhere.
  void pushed(const push_message& event);
  /// How far the client that reads a stream at another node has got.
  void taken(const std::string& stream, store::position newest);
  /// A call of another node waits for the client that reads here.
  void taken_wanted(const std::string& stream, const std::string& from);
  /// A list changed; sessions that listen here are told.
  void announce(const runtime::change& what);
  void close_streams(farewell why);
  /// Another node has the client's newer connection of this stream.
  void stream_lost(const std::string& stream, std::uint64_t epoch);
  /// The client withdrew a request at another node.
  void cancelled_elsewhere(const std::string& request_id);
  /// Another node goes on with this call.
  void call_moved(const std::string& request_id);
  /// Goes on with a call whose node has died, if nobody else does.
  void adopt_call(const std::string& request_id, const store::node_ref& dead);
  /// This node goes away: calls that can go on elsewhere do.
  void hand_over_calls(movable which);
  /// Messages of other nodes may have been lost: asks the store about every open stream.
  void look_around();
  /// The store may have forgotten what it knew last: enters again what it must know of the calls that run here.
  void store_restarted();
  /// The store has forgotten this session.
  void expired();
  /// Stops what runs, unanswered.
  void cancel_calls();
  /// Now and then, while nothing else happens.
  void keep_alive();

  /// Nothing runs and nothing is open: the actor may go, the session stays in the store.
  bool idle() const;
  /// The session has ended: nothing is left to do for it.
  bool over() const { return over_ && idle(); }
  const std::string& id() const { return id_; }

 private:
  /// Where the response to a request goes: the HTTP exchange itself, or the log of a stream.
  struct reply_path {
    std::shared_ptr<runtime::exchange> http;
    std::string stream;
  };
  struct call_state;
  struct open_stream_state;
  struct writer;
  using writer_ref = std::shared_ptr<writer>;
  class call_events;
  class stream_events;
  using call_ref = std::shared_ptr<call_state>;

  // Turns and completions.
  template <class F>
  auto resume(F then);

  /// Takes a turn after a while, if the session is still there.
  void later(std::chrono::milliseconds pause, std::function<void(session&)> then);

  // session.cpp: the record and plain requests.
  void with_record(std::shared_ptr<runtime::exchange> http, std::function<void()> then);
  void adopt(store::session_record record);
  void process(const std::shared_ptr<session_post>& request);
  void process_single(const protocol::message& message, const std::shared_ptr<runtime::exchange>& http);
  void process_batch(const std::shared_ptr<session_post>& request);
  void process_legacy(const std::shared_ptr<session_post>& request, bool waited);
  void process_legacy_later(const std::shared_ptr<session_post>& request);
  void accept_legacy(const std::shared_ptr<session_post>& request);
  void handle_request(const protocol::message& message, const reply_path& reply);
  void complete_legacy_session(const protocol::message& message, const reply_path& reply);
  void handle_notification(const protocol::message& message, std::function<void()> then);
  void set_log_level(const protocol::message& message, const reply_path& reply);
  void change_subscription(protocol::method m, const protocol::message& message, const reply_path& reply);
  void update_record(std::function<void(store::session_record&)> change, std::function<void(base::result<>)> done,
                     int tries = 5);
  void answer(const reply_path& reply, std::string text);
  void answer_result(const reply_path& reply, const std::string& id, std::string_view result);
  void answer_error(const reply_path& reply, const std::string& id, const base::error& failure);
  void refuse(const std::shared_ptr<runtime::exchange>& http, const base::error& failure) const;
  runtime::caller caller_now() const;

  // session_calls.cpp: tools, resources and prompts.
  void start_call(protocol::method m, const protocol::message& message, const reply_path& reply);
  call_ref new_call(const protocol::message& message, runtime::prepared_call prepared);
  void open_call(const call_ref& call, const reply_path& reply, std::function<void()> then);
  void enter_call(const call_ref& call, const reply_path& reply, std::function<void()> then);
  store::pending_call mark_of(const call_ref& call, std::chrono::milliseconds lasts) const;
  void open_call_stream(const call_ref& call, const std::shared_ptr<runtime::exchange>& http,
                        const std::function<void()>& then);
  void withdraw(const std::string& request_id);
  void run_call(const call_ref& call);
  void stop_run(const call_ref& call);
  void emit(const call_ref& call, std::string message);
  void conclude(const call_ref& call, const runtime::run_end& end);
  void fail_call(const call_ref& call, base::error_kind kind, const std::string& why);
  void cancel_call(const protocol::message& notification);
  void cancel_later(const std::string& request_id, const protocol::message& notification);
  void forget_cancelled(const call_ref& call);
  void after_cancellation(const std::string& stream);
  bool is_current(const call_ref& call) const;
  bool is_written_to(const std::string& stream) const;
  void forget_call(const call_ref& call);
  void leave_end_to_ledger(const std::string& stream);
  void release_call_stream(const std::string& request_id);

  // session_responses.cpp: the one response of a call.
  void finish_call(const call_ref& call, std::string response);
  void send_response(const call_ref& call);
  void response_sent(const call_ref& call, const base::result<std::optional<store::appended>>& finished);
  void send_response_later(const call_ref& call);
  void response_is_void(const call_ref& call);
  void tell_holder_to_look(const std::string& stream);
  void end_unless_written(const std::string& stream);

  // session_questions.cpp: what handlers ask, and calls that come from other nodes.
  void ask(const call_ref& call, const runtime::run_questions& open);
  void put_questions(const call_ref& call);
  /// `done`: whether the answer is kept, or nobody's; false: the client should send it again.
  using answer_done = std::function<void(bool)>;
  void handle_answer(const protocol::message& response, answer_done done, int tries = 0);
  void find_question(const std::vector<store::pending_call>& calls, const protocol::message& response, answer_done done,
                     int tries);
  void take_answer(store::pending_call asking, call_record record, const protocol::message& response, answer_done done,
                   int tries);
  void take_answer_later(const protocol::message& response, answer_done done, int tries);
  void go_on_with_waiting(const std::vector<store::pending_call>& calls);
  void go_on_with_ours(const std::vector<store::pending_call>& calls, const protocol::message& answer);
  void keep_questions(const call_ref& call);
  void keep_questions_later(const call_ref& call);
  void questions_kept(const call_ref& call, const base::result<std::uint64_t>& version);
  void answer_taken(store::pending_call entry, std::uint64_t version, const store::node_ref& asked_by,
                    call_record record, const std::string& authorization);
  /// `authorization`: what the answer came with; empty: nothing, or this is not because of an answer.
  void go_on_here(const store::pending_call& entry, call_record record, const std::string& authorization = {});
  void give_up_there(store::pending_call entry, const std::string& why);
  void arm_ask_timer(const call_ref& call);

  // session_recovery.cpp: calls that outlive their node, or the store's memory of them.
  void resume_adopted(store::pending_call entry, std::uint64_t version);
  call_ref call_from(const store::pending_call& entry, call_record record);
  bool may_move(const call_ref& call, movable which) const;
  bool client_can_come_back(const std::string& stream) const;
  void move_away(const call_ref& call);
  bool may_be_forgotten(const call_ref& call) const;
  bool ends_its_stream(const call_ref& call) const;
  enum class ledger { has_it, lacks_it, unknown };
  void settle_mark(const call_ref& call, std::function<void(ledger)> then);
  void settle_mark_until_known(const call_ref& call);
  void settle_mark_later(const call_ref& call);
  void compare_mark(const call_ref& call, const std::vector<store::pending_call>& calls,
                    const std::function<void(ledger)>& then);

  // session_writing.cpp: events on their way into the log.
  writer_ref writer_for(std::string stream, store::producer_ref last) const;
  writer_ref own_writer(const std::string& stream);
  void write(const writer_ref& by, std::string payload, std::shared_ptr<providers::flow_window> charged);
  void send_ready(const writer_ref& from);
  void settle_append(const writer_ref& from, std::uint64_t sequence, const base::result<store::appended>& where);
  void repeat_later(const writer_ref& from);
  /// Runs `then` when all that was written before is in the log.
  void when_written(const writer_ref& by, std::function<void()> then);

  // session_flow.cpp: a call that is faster than its client waits, wherever the client is.
  void owe(const std::string& stream, store::position id, std::shared_ptr<providers::flow_window> window);
  void settle_credits(open_stream_state& state, store::position taken);
  void tell_writers(const std::string& stream, open_stream_state& state);
  void watch_flow();
  void check_flow();
  void ask_holder(const std::string& stream, const store::held& held);

  // session_streams.cpp: open streams and their logs.
  store::stream_key key_of(const std::string& stream) const { return {id_, stream}; }
  void attach(const std::string& stream, std::function<void(base::result<store::attached>)> done);
  void resume_stream(const std::string& stream, std::optional<store::position> cursor, std::string head,
                     std::shared_ptr<runtime::exchange> http);
  void begin_stream(const std::string& stream, const store::attached& attached, store::position from, std::string head,
                    const std::shared_ptr<runtime::exchange>& http);
  void deliver(const std::string& stream, const store::appended& where, const std::string& payload);
  void act(const std::string& stream, open_stream_state& state, stream_state::step step, const store::appended& where,
           const std::string& payload);
  void write_event(open_stream_state& state, const std::string& stream, store::position id, const std::string& payload);
  void pull(const std::string& stream, open_stream_state& state);
  void take_replay(const std::string& stream, std::uint64_t epoch, base::result<store::replay> read);
  static std::string new_stream_name();
  /// Opens the response of a batch as a stream that ends after so many responses. Answers `http` itself on failure.
  void open_response_stream(std::shared_ptr<runtime::exchange> http, std::size_t responses,
                            std::function<void(base::result<std::string>)> then);
  /// A response goes into this stream now. True: it is the last one.
  bool count_response(const std::string& stream);
  void end_stream(const std::string& stream);
  void drop_if_done(const std::string& stream);
  void send_away(const std::string& stream, open_stream_state& state) const;
  bool answer_is_under_way(const std::string& stream, const open_stream_state& state) const;
  void stream_written(const std::string& stream, std::uint64_t epoch, std::size_t writes);
  void stream_closed(const std::string& stream, std::uint64_t epoch);
  std::vector<std::string> names_of_streams() const;
  void look_after_calls();
  void end_if_deserted(const std::string& stream, const std::vector<store::pending_call>& calls);
  void tell_previous_holder(const std::string& stream, const store::attached& attached);
  void take_early(const std::string& stream, std::uint64_t epoch);
  void look_for_more(const std::string& stream, open_stream_state& state);
  void compare_holder(const std::string& stream, std::uint64_t epoch, const base::result<store::held>& held);
  std::string opening_bytes(const std::string& stream, store::position from) const;

  session_services& services_;
  const std::string id_;
  const poster post_;

  bool over_ = false;
  bool drained_ = false;  // this node is going away: streams are closed as soon as nothing is owed on them
  base::steady_time kept_alive_at_{};
  base::steady_time looked_around_at_{};
  bool loaded_ = false;
  store::session_record record_;
  protocol::revision revision_ = protocol::revision::r2025_11_25;
  protocol::client_capabilities capabilities_;

  std::map<std::string, call_ref> calls_;  // by request id; bounded by limits::calls_per_session_max
  std::set<std::string> withdrawn_;        // ids whose marks are still to be taken out of the ledger
  std::map<std::string, open_stream_state> streams_;
  std::map<std::string, store::appended> early_;  // newest event that came for an attachment which is under way
  std::map<std::string, std::size_t> attaching_;  // attachments under way, by stream
  std::size_t waiting_ = 0;                       // completions that are under way
  std::shared_ptr<boost::asio::steady_timer> flow_timer_;  // while a call waits for a client that is not here
};

/// What a message of another node comes to in the session that it is about.
turn as_turn(const node_message& what);

}  // namespace hydrant::actors
