#pragma once

#include "base/clock.hpp"
#include "store/node_registry.hpp"
#include "store/redis/caller.hpp"

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hydrant::store::redis {

/// One entry in the index of a process' calls. The ticket is new for each begin and each change of owner, so an entry
/// is never mistaken for a later one of the same call, and can be taken out without looking.
struct owned_entry {
  std::string ticket;
  std::string session;
  std::string request_id;

  std::string to_text() const { return ticket + ' ' + session + ' ' + request_id; }
  static std::optional<owned_entry> parse(std::string_view text);
};

/// The indexes of the calls that each process owns. An entry goes in before the call and is taken out after it, so no
/// call is ever without one; an entry without a call is found out by `list`. Thread-safe; one per process.
class owned_calls {
 public:
  explicit owned_calls(const caller& calls);

  std::string new_ticket() const;
  /// In the session's lane, before what it announces. If the process was declared dead meanwhile, makes it known again,
  /// so that its calls are found.
  void enter(const node_ref& owner, const owned_entry& entry, completion<> done) const;
  /// Does not wait. A failure leaves an entry without a call.
  void remove(const node_ref& owner, const owned_entry& entry) const;
  /// `gone`: {request id, node, boot, ticket, ...} of a session, from a script.
  void remove_all(const std::string& session, const reply& gone) const;

  enum class state {
    alive,
    leaving,  ///< it begins no call any more: an entry without a call is one too many, however young
    dead,     ///< from now on `enter` knows
  };
  /// Up to `max` calls that a process owns, the oldest first. Takes out the entries that are not calls any more.
  void list(const node_ref& owner, state is, std::size_t max, completion<std::vector<call_ref>> done) const;
  /// How many entries there are, calls or not.
  void count(const node_ref& owner, completion<std::size_t> done) const;
  /// Makes a dead process known again.
  void exhume(const node_ref& dead, completion<> done) const;

 private:
  struct search;
  void look(const std::shared_ptr<search>& at) const;
  void judge(const std::shared_ptr<search>& at) const;

  const caller& calls_;
  const base::clock clock_;
  const std::string ticket_prefix_;
  mutable std::atomic<std::uint64_t> last_ticket_{0};
};

/// For how long a process that was declared dead is known as such, after it was buried or where it never was
/// registered.
inline constexpr std::chrono::milliseconds dead_for_good = std::chrono::hours(24);

}  // namespace hydrant::store::redis
