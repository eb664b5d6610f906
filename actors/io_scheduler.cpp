#include "actors/io_scheduler.hpp"

#include <boost/asio/post.hpp>
#include <caf/actor_system.hpp>
#include <caf/detail/test_actor_clock.hpp>
#include <caf/execution_unit.hpp>
#include <caf/resumable.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>

#include <atomic>
#include <memory>

namespace hydrant::actors {
namespace {

/// Posts each runnable actor to an io_context: to the caller's own if it is an io thread.
class io_coordinator final : public caf::scheduler::abstract_coordinator {
 public:
  io_coordinator(caf::actor_system& system, net::io_pool& io) : abstract_coordinator(system), io_(io) {}

  void enqueue(caf::resumable* job) override {
    jobs_->begin();
    boost::asio::post(io_.here_or_next(), [this, jobs = jobs_, job] {
      run(job);
      jobs->end();
    });
  }

  bool detaches_utility_actors() const override { return false; }

  // Hydrant's timers are Asio's; this clock stands still.
  caf::actor_clock& clock() noexcept override { return clock_; }

 protected:
  // Called while the actor system is being destroyed: no job may come to run after that.
  void stop() override {
    stop_actors();
    jobs_->wait_for_none();
  }

 private:
  /// How many jobs wait or run. Outlives the coordinator, since the last job still reports its end here.
  class job_count {
   public:
    void begin() { count_.fetch_add(1, std::memory_order_relaxed); }
    void end() {
      if (count_.fetch_sub(1, std::memory_order_acq_rel) == 1) count_.notify_all();
    }
    void wait_for_none() {
      while (const auto left = count_.load(std::memory_order_acquire))
        count_.wait(left, std::memory_order_acquire);
    }

   private:
    std::atomic<std::size_t> count_{0};
  };

  /// What an actor sees of the thread that runs it.
  class unit final : public caf::execution_unit {
   public:
    explicit unit(io_coordinator& owner) : execution_unit(&owner.system()), owner_(owner) {}
    void exec_later(caf::resumable* job) override { owner_.enqueue(job); }

   private:
    io_coordinator& owner_;
  };

  // The reference that came with the job is kept while it stays in the queue, and given back otherwise.
  void run(caf::resumable* job) {
    unit here(*this);
    if (job->resume(&here, turns_per_resume) == caf::resumable::resume_later)
      enqueue(job);
    else
      intrusive_ptr_release(job);
  }

  // So that one busy actor does not keep its io thread from the sockets.
  static constexpr std::size_t turns_per_resume = 64;

  net::io_pool& io_;
  const std::shared_ptr<job_count> jobs_ = std::make_shared<job_count>();
  caf::detail::test_actor_clock clock_;
};

}  // namespace

void run_on_io_threads(caf::actor_system_config& config, net::io_pool& io) {
  config.module_factories.push_back(
      [&io](caf::actor_system& system) -> caf::actor_system::module* { return new io_coordinator(system, io); });
}

}  // namespace hydrant::actors
