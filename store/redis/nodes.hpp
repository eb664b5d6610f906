#pragma once

#include "store/node_registry.hpp"
#include "store/redis/caller.hpp"
#include "store/redis/owned_calls.hpp"

namespace hydrant::store::redis {

/// The node_registry side of redis_store. Thread-safe; lives as long as its redis_store.
class redis_nodes final : public node_registry {
 public:
  redis_nodes(const caller& calls, const owned_calls& owned) : calls_(calls), owned_(owned) {}

  void beat(const node_ref& self, std::string about, std::chrono::milliseconds ttl, completion<> done) override;
  void leave(const node_ref& self, completion<> done) override;
  void list(completion<std::vector<known_node>> done) override;
  void orphans(const node_ref& dead, std::size_t max, completion<std::vector<call_ref>> done) override;
  void bury(const node_ref& dead, completion<> done) override;

 private:
  void run(const named_script& what, std::vector<std::string> arguments, completion<reply> done) const;
  void forget(const node_ref& gone, const named_script& how, completion<> done) const;

  const caller& calls_;
  const owned_calls& owned_;
};

}  // namespace hydrant::store::redis
