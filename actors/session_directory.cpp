#include "actors/session_directory.hpp"

#include "actors/io_scheduler.hpp"
#include "actors/session.hpp"
#include "base/log.hpp"

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/logger.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>

#if defined(__SANITIZE_THREAD__)
#include <sanitizer/tsan_interface.h>
#endif

#include <array>
#include <mutex>
#include <unordered_map>

// Turns stay within the process.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(hydrant::actors::turn)

namespace hydrant::actors {
namespace {

// A mailbox orders what its sender did before with what its actor does next, and one turn with the following. Debian's
// libcaf is not built for ThreadSanitizer, which has to be told.
#if defined(__SANITIZE_THREAD__)
void sanitizer_release(const caf::actor& to) {
  __tsan_release(caf::actor_cast<caf::abstract_actor*>(to));
}
void sanitizer_release(caf::abstract_actor* self) {
  __tsan_release(self);
}
void sanitizer_acquire(caf::abstract_actor* self) {
  __tsan_acquire(self);
}
#else
void sanitizer_release(const caf::actor&) {}
void sanitizer_release(caf::abstract_actor*) {}
void sanitizer_acquire(caf::abstract_actor*) {}
#endif

template <class Message>
void put_into_mailbox(const caf::actor& of, Message message) {
  auto element = caf::make_mailbox_element(nullptr, caf::make_message_id(), {}, std::move(message));
  sanitizer_release(of);  // when the message is complete
  caf::actor_cast<caf::abstract_actor*>(of)->enqueue(std::move(element), nullptr);
}

using passivate_atom = caf::atom_constant<caf::atom("passivate")>;

/// For looking up by string_view without making a string.
struct text_hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

}  // namespace

class session_directory::impl {
 public:
  impl(net::io_pool& io, scheduling how) {
    if (how == scheduling::io_threads) run_on_io_threads(config_, io);
    config_.set("logger.verbosity", caf::atom("quiet"));
    system_ = std::make_unique<caf::actor_system>(config_);
    // See stop(): this thread need not be the one that calls it.
    caf::logger::set_current_actor_system(nullptr);
  }

  ~impl() { stop(); }

  void stop() {
    if (!system_) return;
    for (auto& part : shards_) {
      const std::lock_guard lock(part.mutex);
      part.closed = true;
      for (auto& [id, held] : part.entries)
        caf::anon_send_exit(held.actor, caf::exit_reason::user_shutdown);
      part.entries.clear();
    }
    system_->await_all_actors_done();
    system_.reset();
  }

  void start(session_services& services) { services_ = &services; }

  void send(std::string_view id, turn next) {
    caf::actor actor;
    {
      auto& part = shard_of(id);
      const std::lock_guard lock(part.mutex);
      if (part.closed) return;
      auto found = part.entries.find(id);
      if (found == part.entries.end())
        found = part.entries.emplace(std::string(id), entry{spawn(std::string(id)), {}}).first;
      found->second.used_at = services_->env.time.now();
      actor = found->second.actor;
    }
    put_into_mailbox(actor, std::move(next));
  }

  void send_if_live(std::string_view id, turn next) {
    auto& part = shard_of(id);
    caf::actor actor;
    {
      const std::lock_guard lock(part.mutex);
      const auto found = part.entries.find(id);
      if (found == part.entries.end()) return;
      actor = found->second.actor;
    }
    put_into_mailbox(actor, std::move(next));
  }

  void send_all(const turn& next) {
    for (auto& part : shards_) {
      const std::lock_guard lock(part.mutex);
      for (auto& [id, held] : part.entries)
        put_into_mailbox(held.actor, next);
    }
  }

  void send_part(std::size_t part_wanted, std::size_t parts, const turn& next) {
    for (auto& part : shards_) {
      const std::lock_guard lock(part.mutex);
      for (auto& [id, held] : part.entries)
        if (std::hash<std::string_view>{}(id) % parts == part_wanted) put_into_mailbox(held.actor, next);
    }
  }

  void passivate_idle() {
    const auto now = services_->env.time.now();
    for (auto& part : shards_) {
      const std::lock_guard lock(part.mutex);
      for (auto& [id, held] : part.entries)
        if (now - held.used_at >= services_->env.bounds.passivate_after)
          put_into_mailbox(held.actor, passivate_atom::value);
    }
  }

  std::size_t live() const {
    std::size_t total = 0;
    for (auto& part : shards_) {
      const std::lock_guard lock(part.mutex);
      total += part.entries.size();
    }
    return total;
  }

 private:
  struct entry {
    caf::actor actor;
    base::steady_time used_at;
  };
  struct shard {
    mutable std::mutex mutex;  // guards all below
    bool closed = false;       // the directory has stopped
    std::unordered_map<std::string, entry, text_hash, std::equal_to<>> entries;
  };

  /// The CAF side of a session: a mailbox in front of it.
  struct shell {
    std::unique_ptr<session> core;  // null once passivated
  };

  static caf::behavior behave(caf::stateful_actor<shell>* self, impl* directory, std::string id);
  caf::actor spawn(std::string id) {
    auto made = system_->spawn(behave, this, std::move(id));
    // CAF leaves a reference to its logger in a thread that spawns, and the system's end waits for all to be gone.
    caf::logger::set_current_actor_system(nullptr);
    return made;
  }

  shard& shard_of(std::string_view id) { return shards_[text_hash{}(id) % shards_.size()]; }

  void forget(const session& ended) {
    auto& part = shard_of(ended.id());
    const std::lock_guard lock(part.mutex);
    if (const auto found = part.entries.find(ended.id()); found != part.entries.end()) part.entries.erase(found);
  }

  // Only if nobody has used it in between.
  bool let_go(const session& idle) {
    auto& part = shard_of(idle.id());
    const std::lock_guard lock(part.mutex);
    const auto found = part.entries.find(idle.id());
    if (found == part.entries.end()) return true;
    if (services_->env.time.now() - found->second.used_at < services_->env.bounds.passivate_after) return false;
    part.entries.erase(found);
    return true;
  }

  caf::actor_system_config config_;
  std::unique_ptr<caf::actor_system> system_;
  session_services* services_ = nullptr;
  std::array<shard, 64> shards_;
};

caf::behavior session_directory::impl::behave(caf::stateful_actor<shell>* self, impl* directory, std::string id) {
  // Held weakly: what is under way for a session must not keep its actor alive.
  const auto post = [weak = caf::actor_cast<caf::actor_addr>(self)](turn next) {
    if (const auto live = caf::actor_cast<caf::actor>(weak)) put_into_mailbox(live, std::move(next));
  };
  auto& measured = directory->services_->env.measured;
  measured.actors_live.Increment();
  self->attach_functor([&measured] { measured.actors_live.Decrement(); });
  self->state.core = std::make_unique<session>(*directory->services_, id, post);
  return {
      [self, directory, id](turn& next) {
        sanitizer_acquire(self);
        // A turn may have been on its way while the actor was let go: the session's new actor takes it.
        if (!self->state.core) return directory->send(id, std::move(next));
        self->state.core->take_turn(next);
        if (self->state.core->over()) {
          directory->forget(*self->state.core);
          self->state.core.reset();
        }
        sanitizer_release(static_cast<caf::abstract_actor*>(self));
      },
      [self, directory, &measured](passivate_atom) {
        sanitizer_acquire(self);
        if (!self->state.core) return;
        self->state.core->take_turn({turn_kind::housekeeping, [](session& core) { core.keep_alive(); }});
        if (self->state.core->idle() && directory->let_go(*self->state.core)) {
          measured.passivations.Increment();
          self->state.core.reset();
        }
        sanitizer_release(static_cast<caf::abstract_actor*>(self));
      },
  };
}

session_directory::session_directory(net::io_pool& io, scheduling how) : impl_(std::make_unique<impl>(io, how)) {}
session_directory::~session_directory() = default;
void session_directory::start(session_services& services) {
  impl_->start(services);
}
void session_directory::send(std::string_view id, turn next) {
  impl_->send(id, std::move(next));
}
void session_directory::send_if_live(std::string_view id, turn next) {
  impl_->send_if_live(id, std::move(next));
}
void session_directory::send_all(const turn& next) {
  impl_->send_all(next);
}
void session_directory::send_part(std::size_t part, std::size_t parts, const turn& next) {
  impl_->send_part(part, parts, next);
}
void session_directory::passivate_idle() {
  impl_->passivate_idle();
}
void session_directory::stop() {
  impl_->stop();
}
std::size_t session_directory::live() const {
  return impl_->live();
}

}  // namespace hydrant::actors
