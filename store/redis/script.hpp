#pragma once

#include <string>
#include <string_view>

namespace hydrant::store::redis {

/// What keeps a script in order with others of its lane. own: it tells by itself that it comes too early, or it need
/// not be in order.
enum class script_order { lane, own };

/// A Lua script and its SHA-1 in hexadecimal digits, by which the server knows it.
class script {
 public:
  explicit script(std::string_view source, script_order order = script_order::lane);
  const std::string& source() const { return source_; }
  const std::string& digest() const { return digest_; }
  script_order order() const { return order_; }

 private:
  std::string source_;
  std::string digest_;
  script_order order_;
};

}  // namespace hydrant::store::redis
