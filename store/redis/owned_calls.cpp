#include "store/redis/owned_calls.hpp"

#include "base/ids.hpp"
#include "store/redis/fan_out.hpp"
#include "store/redis/keys.hpp"

#include <algorithm>
#include <utility>

namespace hydrant::store::redis {
namespace {

constexpr std::size_t page_entries = 128;
// Between the entry and its call there are microseconds.
constexpr std::chrono::milliseconds rubbish_age = std::chrono::minutes(1);

completion<reply> without_reply(completion<> done) {
  return [done = std::move(done)](base::result<reply> answer) { answer ? done({}) : done(answer.error()); };
}

}  // namespace

std::optional<owned_entry> owned_entry::parse(std::string_view text) {
  const std::size_t first = text.find(' ');
  const std::size_t second = first == text.npos ? text.npos : text.find(' ', first + 1);
  if (second == text.npos) return std::nullopt;
  return owned_entry{std::string(text.substr(0, first)), std::string(text.substr(first + 1, second - first - 1)),
                     std::string(text.substr(second + 1))};
}

/// One walk through a process' entries. Pages follow each other, so only the answers within one page are concurrent,
/// and these have a place each.
struct owned_calls::search {
  node_ref owner;
  state is;
  std::size_t max;
  completion<std::vector<call_ref>> done;

  struct row {
    owned_entry entry;
    bool old = false;
    std::optional<base::result<reply>> answer;
  };
  std::size_t skip = 0;
  std::vector<row> page;
  bool last_page = false;
  std::vector<call_ref> found;

  void read_page(const reply& entries) {
    page.clear();
    last_page = entries.items.size() / 2 < page_entries;
    for (std::size_t i = 0; i + 1 < entries.items.size(); i += 2) {
      auto entry = owned_entry::parse(entries.items[i].text);
      if (entry) page.push_back({std::move(*entry), entries.items[i + 1].integer != 0, {}});
    }
  }

  void keep(const owned_entry& entry) {
    ++skip;
    const call_ref call{entry.session, entry.request_id};
    if (std::find(found.begin(), found.end(), call) == found.end()) found.push_back(call);
  }
};

owned_calls::owned_calls(const caller& calls) : calls_(calls), ticket_prefix_(base::random_token(6)) {}

std::string owned_calls::new_ticket() const {
  return ticket_prefix_ + '.' + std::to_string(last_ticket_.fetch_add(1, std::memory_order_relaxed) + 1);
}

void owned_calls::enter(const node_ref& owner, const owned_entry& entry, completion<> done) const {
  const std::size_t lane = client::lane_of(entry.session);
  const auto now_ms = std::chrono::duration_cast<std::chrono::milliseconds>(clock_.wall_now().time_since_epoch());
  // Commands rather than a script: what follows in this lane need not wait for their answers.
  const auto entered = std::make_shared<base::result<>>();
  calls_.command(lane, {"ZADD", owned_calls_key(owner), std::to_string(now_ms.count()), entry.to_text()},
                 without_reply([entered](base::result<> outcome) { *entered = std::move(outcome); }));
  calls_.command(lane, {"EXISTS", fence_key(owner)},
                 [this, owner, entered, done = std::move(done)](base::result<reply> fenced) {
                   if (!*entered) return done(*entered);
                   if (!fenced) return done(fenced.error());
                   if (fenced->integer == 0) return done({});
                   exhume(owner, done);
                 });
}

void owned_calls::remove(const node_ref& owner, const owned_entry& entry) const {
  calls_.command(client::lane_of(entry.session), {"ZREM", owned_calls_key(owner), entry.to_text()},
                 [](const base::result<reply>&) {});
}

void owned_calls::remove_all(const std::string& session, const reply& gone) const {
  for (std::size_t i = 0; i + 3 < gone.items.size(); i += 4)
    remove({gone.items[i + 1].text, gone.items[i + 2].text}, {gone.items[i + 3].text, session, gone.items[i].text});
}

void owned_calls::list(const node_ref& owner, state is, std::size_t max, completion<std::vector<call_ref>> done) const {
  const auto at = std::make_shared<search>();
  at->owner = owner;
  at->is = is;
  at->max = max;
  at->done = std::move(done);
  look(at);
}

void owned_calls::look(const std::shared_ptr<search>& at) const {
  std::vector<std::string> keys{owned_calls_key(at->owner)};
  if (at->is == state::dead) keys.push_back(fence_key(at->owner));
  const auto rubbish_from = at->is == state::leaving ? std::chrono::milliseconds(-1) : rubbish_age;
  const std::size_t lane = client::lane_of(keys.front());
  calls_.run(lane, scripts().owned_list, std::move(keys),
             {std::to_string(at->skip), std::to_string(page_entries), std::to_string(rubbish_from.count()),
              std::to_string(dead_for_good.count())},
             [this, at](base::result<reply> answer) {
               if (!answer) return at->done(answer.error());
               at->read_page(*answer);
               const auto ask = [this, at](std::size_t i, std::function<void()> next) {
                 const owned_entry& entry = at->page[i].entry;
                 calls_.run(client::lane_of(entry.session), scripts().call_owned, {session_key(entry.session)},
                            {entry.request_id, entry.ticket},
                            [at, i, next = std::move(next)](base::result<reply> owned) {
                              at->page[i].answer = std::move(owned);
                              next();
                            });
               };
               fan_out(at->page.size(), ask, [this, at] { judge(at); });
             });
}

void owned_calls::judge(const std::shared_ptr<search>& at) const {
  for (const search::row& row : at->page) {
    if (!*row.answer) return at->done(row.answer->error());
    if ((*row.answer)->integer != 0) {
      at->keep(row.entry);
    } else if (row.old) {
      remove(at->owner, row.entry);
    } else {
      ++at->skip;
    }
  }
  if (!at->last_page && at->found.size() < at->max) return look(at);
  if (at->found.size() > at->max) at->found.resize(at->max);
  at->done(std::move(at->found));
}

void owned_calls::count(const node_ref& owner, completion<std::size_t> done) const {
  const std::string key = owned_calls_key(owner);
  calls_.command(client::lane_of(key), {"ZCARD", key}, [done = std::move(done)](base::result<reply> answer) {
    if (!answer) return done(answer.error());
    done(static_cast<std::size_t>(answer->integer));
  });
}

void owned_calls::exhume(const node_ref& dead, completion<> done) const {
  calls_.run(client::lane_of(known_processes_key), scripts().node_exhume, {std::string(known_processes_key)},
             {process_name(dead), dead.node, dead.boot}, without_reply(std::move(done)));
}

}  // namespace hydrant::store::redis
