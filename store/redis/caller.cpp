#include "store/redis/caller.hpp"

#include <charconv>
#include <utility>

namespace hydrant::store::redis {
namespace {

constexpr std::size_t reason_bytes_max = 160;

// What Redis says of an error is its own text, except where it repeats the command's arguments.
std::string reason(const std::string& said) {
  return said.substr(0, std::min(said.find(", with args"), reason_bytes_max));
}

completion<reply> checked(std::string name, completion<reply> done) {
  return [name = std::move(name), done = std::move(done)](base::result<reply> answer) {
    if (answer && answer->kind == reply::type::error) {
      return done(base::fail(base::error_kind::internal, "The store failed in " + name, reason(answer->text)));
    }
    done(std::move(answer));
  };
}

}  // namespace

void caller::run(std::size_t lane, const named_script& what, std::vector<std::string> keys,
                 std::vector<std::string> arguments, completion<reply> done) const {
  client_.run(lane, what.code, std::move(keys), std::move(arguments), checked(std::string(what.name), std::move(done)));
}

void caller::command(std::size_t lane, std::vector<std::string> words, completion<reply> done) const {
  std::string name = words.front();
  client_.command(lane, std::move(words), checked(std::move(name), std::move(done)));
}

const reply& item(const reply& of, std::size_t index) {
  static const reply none;
  return index < of.items.size() ? of.items[index] : none;
}

const std::string& text_at(const reply& of, std::size_t index) {
  return item(of, index).text;
}

std::uint64_t number(std::string_view text) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::uint64_t number_at(const reply& of, std::size_t index) {
  const reply& found = item(of, index);
  return found.kind == reply::type::integer ? static_cast<std::uint64_t>(found.integer) : number(found.text);
}

std::vector<std::string> texts(const reply& of) {
  std::vector<std::string> all;
  all.reserve(of.items.size());
  for (const reply& each : of.items)
    all.push_back(each.text);
  return all;
}

const std::string& status_of(const reply& from) {
  return from.kind == reply::type::array ? text_at(from, 0) : from.text;
}

base::error unexpected(const named_script& from) {
  return base::fail(base::error_kind::internal, "The store failed in " + std::string(from.name), "unexpected reply");
}

}  // namespace hydrant::store::redis
