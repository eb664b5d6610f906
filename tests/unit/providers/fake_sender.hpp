#pragma once

// Endpoints that answer from a table, and files that are texts.

#include "net/http_message.hpp"
#include "providers/opensearch/aws/credential_chain.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace hydrant::providers::opensearch {

/// Runs a coroutine to its end in this thread.
template <class T>
T run_now(boost::asio::awaitable<T> work) {
  boost::asio::io_context io;
  std::optional<T> out;
  boost::asio::co_spawn(io, std::move(work), [&out](const std::exception_ptr& thrown, T value) {
    if (thrown) std::rethrow_exception(thrown);
    out.emplace(std::move(value));
  });
  io.run();
  if (!out) throw std::logic_error("the coroutine waits for something");
  return std::move(*out);
}

inline net::http_outcome answered(int status, std::string body) {
  net::http_reply reply;
  reply.status = status;
  reply.body = std::move(body);
  return reply;
}

inline net::http_outcome no_connection() {
  return net::http_failure{base::fail(base::error_kind::unavailable, "no connection"), net::reached::no};
}

/// Answers by "METHOD URL"; what is not in the table cannot be connected to.
struct fake_endpoints {
  net::http_sender sender() {
    return [this](net::http_request request) -> boost::asio::awaitable<net::http_outcome> {
      const auto found = replies.find(request.method + " " + request.url);
      asked.push_back(std::move(request));
      if (found == replies.end()) co_return no_connection();
      co_return answered(found->second.first, found->second.second);
    };
  }

  std::map<std::string, std::pair<int, std::string>, std::less<>> replies;
  std::vector<net::http_request> asked;
};

struct fake_files {
  file_reader reader() {
    return [this](const std::string& path) -> std::optional<std::string> {
      const auto found = texts.find(path);
      return found == texts.end() ? std::nullopt : std::optional(found->second);
    };
  }

  std::map<std::string, std::string> texts;
};

}  // namespace hydrant::providers::opensearch
