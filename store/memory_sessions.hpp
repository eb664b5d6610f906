#pragma once

#include "store/session_store.hpp"

namespace hydrant::store {

class memory_state;

/// The session_store side of memory_store. Thread-safe; lives as long as its memory_store.
class memory_sessions final : public session_store {
 public:
  explicit memory_sessions(memory_state& state) : state_(state) {}

  void create(session_record record, std::chrono::milliseconds ttl, completion<> done) override;
  void load(std::string_view id, completion<session_record> done) override;
  void touch(std::string_view id, completion<session_pulse> done) override;
  void update(session_record record, completion<std::uint64_t> done) override;
  void remove(std::string_view id, completion<bool> done) override;
  void subscribe(std::string_view id, std::string_view uri, completion<> done) override;
  void unsubscribe(std::string_view id, std::string_view uri, completion<> done) override;
  void subscribers(std::string_view uri, completion<std::vector<std::string>> done) override;
  void count(completion<std::size_t> done) override;

 private:
  /// Takes from `record` on success only.
  base::result<> try_create(session_record& record, std::chrono::milliseconds ttl);

  memory_state& state_;
};

}  // namespace hydrant::store
