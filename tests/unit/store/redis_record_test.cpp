#include "store/redis/record_fields.hpp"
#include "store/redis/timestamp.hpp"

#include <gtest/gtest.h>

namespace hydrant::store::redis {
namespace {

TEST(timestamp, is_written_for_people_and_read_back) {
  const base::wall_time time{std::chrono::milliseconds(1'760'000'000'123)};
  EXPECT_EQ(to_iso8601(time), "2025-10-09T08:53:20.123Z");
  EXPECT_EQ(from_iso8601("2025-10-09T08:53:20.123Z"), time);
  EXPECT_EQ(to_iso8601(base::wall_time{}), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(from_iso8601(to_iso8601(base::wall_time{})), base::wall_time{});
}

TEST(timestamp, of_another_shape_is_none) {
  for (const char* text : {"", "2025-10-09", "2025-10-09T08:53:20Z", "2025-13-09T08:53:20.123Z",
                           "2025-02-30T08:53:20.123Z", "2025-10-09T08:53:20.123+", "2025-10-09 08:53:20.123Z"})
    EXPECT_FALSE(from_iso8601(text)) << text;
}

reply hash_of(const std::vector<std::string>& fields) {
  reply all;
  all.kind = reply::type::array;
  for (const std::string& text : fields)
    all.items.push_back({reply::type::text, 0, text, {}});
  return all;
}

TEST(record_fields, no_value_is_longer_than_redis_keeps_compactly) {
  session_record record;
  record.client_info = std::string(500, 'x');
  record.principal = std::string(65, 'y');
  const auto fields = to_fields(record);
  for (const std::string& text : fields)
    EXPECT_LE(text.size(), 64u);
  EXPECT_EQ(from_fields(hash_of(fields))->client_info, record.client_info);
  EXPECT_EQ(from_fields(hash_of(fields))->principal, record.principal);
}

TEST(record_fields, of_no_session_are_no_record) {
  EXPECT_FALSE(from_fields(hash_of({})));
}

TEST(record_fields, that_are_not_known_are_ignored) {
  auto fields = to_fields(session_record{});
  fields.insert(fields.end(), {"keysUntil", "1", "of a later version", "2"});
  EXPECT_EQ(from_fields(hash_of(fields))->version, 1u);
}

}  // namespace
}  // namespace hydrant::store::redis
