#pragma once

#include "store/redis/client.hpp"
#include "store/redis/scripts.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hydrant::store::redis {

/// Runs scripts and commands, and turns a server's error reply into an error: kind `internal`, since it means a defect
/// or a server that is not set up for this. It names the script, and what the server said without any value of ours.
/// Thread-safe; one per process.
class caller {
 public:
  explicit caller(client& via) : client_(via) {}

  void run(std::size_t lane, const named_script& what, std::vector<std::string> keys,
           std::vector<std::string> arguments, completion<reply> done) const;
  void command(std::size_t lane, std::vector<std::string> words, completion<reply> done) const;
  std::uint64_t restarts() const { return client_.restarts(); }

 private:
  client& client_;
};

/// Reading replies of our own scripts. What is not there reads as empty or 0: no reply makes us look past its end.
const reply& item(const reply& of, std::size_t index);
const std::string& text_at(const reply& of, std::size_t index);
std::uint64_t number(std::string_view text);
std::uint64_t number_at(const reply& of, std::size_t index);
std::vector<std::string> texts(const reply& of);
/// The word with which most scripts answer, alone or before the rest.
const std::string& status_of(const reply& from);

/// A reply that the script cannot give.
base::error unexpected(const named_script& from);

}  // namespace hydrant::store::redis
