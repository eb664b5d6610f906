#pragma once

// RESP2, the protocol of Redis: hiredis formats and parses.

#include "store/redis/reply.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct redisReader;

namespace hydrant::store::redis {

/// Appends one command in the form in which it is sent.
void append_command(std::string& out, const std::vector<std::string_view>& words);

/// Bounds of what a server may answer, so that a broken one cannot take all memory.
struct reply_limits {
  std::size_t bytes = 256 * 1024 * 1024;  ///< of one reply; what arrives with it may go over by what is fed at once
  std::size_t items = 1024 * 1024;        ///< of one array
};

/// Turns what a server sends into replies. One per connection, on its io thread. Once it is broken, it stays so.
class reply_reader {
 public:
  explicit reply_reader(reply_limits limits = {});
  ~reply_reader();
  reply_reader(const reply_reader&) = delete;
  reply_reader& operator=(const reply_reader&) = delete;

  void feed(std::string_view bytes);
  /// The next whole reply; none: feed more, or it is broken.
  std::optional<reply> next();
  /// Why no reply can ever follow; empty: nothing is wrong.
  const std::string& broken() const { return broken_; }

 private:
  reply_limits limits_;
  std::unique_ptr<redisReader, void (*)(redisReader*)> reader_;
  std::size_t unread_ = 0;  ///< bytes fed since the last whole reply
  std::string broken_;
};

}  // namespace hydrant::store::redis
