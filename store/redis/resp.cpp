#include "store/redis/resp.hpp"

#include <hiredis/hiredis.h>
#include <new>

namespace hydrant::store::redis {
namespace {

// hiredis builds its own tree of replies unless it is given these functions: they build ours, in place. Exceptions may
// not pass through C; a null pointer tells hiredis that memory ran out.

reply& slot_of(const redisReadTask& task) {
  if (task.parent == nullptr) return *new reply;
  return static_cast<reply*>(task.parent->obj)->items[static_cast<std::size_t>(task.idx)];
}

template <class Fill>
void* make(const redisReadTask* task, Fill fill) noexcept {
  reply* made = nullptr;
  try {
    made = &slot_of(*task);
    fill(*made);
    return made;
  } catch (const std::bad_alloc&) {
    if (task->parent == nullptr) delete made;
    return nullptr;
  }
}

reply::type kind_of(int type) {
  if (type == REDIS_REPLY_STATUS) return reply::type::status;
  return type == REDIS_REPLY_ERROR ? reply::type::error : reply::type::text;
}

void* make_text(const redisReadTask* task, char* text, std::size_t size) {
  return make(task, [&](reply& made) {
    made.kind = kind_of(task->type);
    made.text.assign(text, size);
  });
}

void* make_array(const redisReadTask* task, int items) {
  const auto count = static_cast<std::size_t>(items);
  return make(task, [&](reply& made) {
    if (count > static_cast<const reply_limits*>(task->privdata)->items) throw std::bad_alloc();
    made.kind = reply::type::array;
    made.items.resize(count);
  });
}

void* make_integer(const redisReadTask* task, long long value) {
  return make(task, [&](reply& made) {
    made.kind = reply::type::integer;
    made.integer = value;
  });
}

void* make_nil(const redisReadTask* task) {
  return make(task, [](reply& made) { made.kind = reply::type::nil; });
}

// hiredis frees roots only, and all else hangs on its root.
void free_root(void* root) {
  delete static_cast<reply*>(root);
}

// hiredis wants to change it, though it never does.
redisReplyObjectFunctions functions{make_text, make_array, make_integer, make_nil, free_root};

}  // namespace

void append_command(std::string& out, const std::vector<std::string_view>& words) {
  thread_local std::vector<const char*> starts;
  thread_local std::vector<std::size_t> sizes;
  starts.clear();
  sizes.clear();
  for (const std::string_view word : words) {
    starts.push_back(word.data());
    sizes.push_back(word.size());
  }
  char* text = nullptr;
  const int size = redisFormatCommandArgv(&text, static_cast<int>(words.size()), starts.data(), sizes.data());
  if (size < 0) throw std::bad_alloc();
  const std::unique_ptr<char, void (*)(char*)> owner(text, redisFreeCommand);
  out.append(text, static_cast<std::size_t>(size));
}

reply_reader::reply_reader(reply_limits limits)
    : limits_(limits), reader_(redisReaderCreateWithFunctions(&functions), redisReaderFree) {
  if (!reader_) throw std::bad_alloc();
  reader_->privdata = &limits_;
}

reply_reader::~reply_reader() = default;

void reply_reader::feed(std::string_view bytes) {
  if (!broken_.empty()) return;
  unread_ += bytes.size();
  if (unread_ > limits_.bytes) {
    broken_ = "an answer is too large";
  } else if (redisReaderFeed(reader_.get(), bytes.data(), bytes.size()) != REDIS_OK) {
    broken_ = "there is not enough memory for an answer";
  }
}

std::optional<reply> reply_reader::next() {
  if (!broken_.empty()) return {};
  void* root = nullptr;
  if (redisReaderGetReply(reader_.get(), &root) != REDIS_OK) {
    broken_ = std::string("an answer cannot be read: ") + reader_->errstr;
    return {};
  }
  if (root == nullptr) return {};
  const std::unique_ptr<reply> owner(static_cast<reply*>(root));
  unread_ = reader_->len - reader_->pos;
  return std::move(*owner);
}

}  // namespace hydrant::store::redis
