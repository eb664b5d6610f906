#include "protocol/request_state.hpp"

#include "protocol/base64.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace hydrant::protocol {
namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;

const base::wall_time now = base::manual_clock().wall_now();

sealing_key key_of(std::string id, unsigned char fill) {
  sealing_key key;
  key.id = std::move(id);
  key.bytes.fill(fill);
  return key;
}

keyring ring(std::vector<sealing_key> keys) {
  return keyring::make(std::move(keys)).value();
}

state_claims claims_for(std::string payload) {
  return {"alice", "digest", now + 1min, "once", std::move(payload)};
}

const expected_state expected{"alice", "digest", now};

/// The detail of the refusal; also checks that a client learns nothing from it.
std::string refusal(const keyring& keys, std::string_view token, const expected_state& state = expected) {
  const auto opened = open(keys, token, state);
  if (opened) return {};
  EXPECT_EQ(opened.error().kind, base::error_kind::invalid_params);
  EXPECT_EQ(opened.error().message, "requestState is not valid for this request");
  EXPECT_EQ(opened.error().data, "");
  return opened.error().detail;
}

TEST(request_state, opens_to_the_claims_that_were_sealed) {
  const keyring keys = keyring::random();
  std::string bytes;
  for (int i = 0; i < 256; ++i)
    bytes += static_cast<char>(i);
  for (const std::string& payload : {std::string(), std::string("{}"), bytes}) {
    const state_claims claims = claims_for(payload);
    EXPECT_EQ(open(keys, seal(keys, claims).value(), expected).value(), claims);
  }
}

TEST(request_state, is_visible_ascii_and_never_the_same_twice) {
  const keyring keys = ring({key_of("k1", 1)});
  std::set<std::string> tokens;
  for (int i = 0; i < 100; ++i)
    tokens.insert(seal(keys, claims_for("p")).value());
  EXPECT_EQ(tokens.size(), 100U);
  for (const std::string& token : tokens) {
    EXPECT_TRUE(token.starts_with("k1."));
    EXPECT_EQ(token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", 3),
              std::string::npos);
  }
}

TEST(request_state, hides_what_it_holds) {
  const keyring keys = keyring::random();
  const std::string token = seal(keys, claims_for("secret-payload")).value();
  const auto raw = base64_decode(token.substr(token.find('.') + 1), base64_alphabet::url);
  ASSERT_TRUE(raw);
  EXPECT_EQ(raw->find("secret-payload"), std::string::npos);
  EXPECT_EQ(raw->find("alice"), std::string::npos);
}

TEST(request_state, refuses_every_single_changed_character) {
  const keyring keys = ring({key_of("k1", 1), key_of("k2", 1)});
  const std::string token = seal(keys, claims_for("payload")).value();
  for (std::size_t i = 0; i < token.size(); ++i) {
    for (const char c : {'A', 'B', '2', '-', '.', '='}) {
      std::string changed = token;
      changed[i] = c;
      if (changed == token) continue;
      EXPECT_NE(refusal(keys, changed), "") << i << c;
    }
  }
}

TEST(request_state, refuses_truncated_extended_and_empty_tokens) {
  const keyring keys = ring({key_of("k1", 1)});
  const std::string token = seal(keys, claims_for("payload")).value();
  for (std::size_t length = 0; length < token.size(); ++length)
    EXPECT_NE(refusal(keys, token.substr(0, length)), "") << length;
  EXPECT_NE(refusal(keys, token + "-TAMPERED"), "");
  EXPECT_NE(refusal(keys, token + "AAAA"), "");
  EXPECT_NE(refusal(keys, token + "="), "");
  EXPECT_THAT(refusal(keys, "k1." + std::string(200'000, 'A')), HasSubstr("too long"));
}

TEST(request_state, the_key_id_is_authenticated) {
  // Two names for the same bytes: only the binding of the name can tell them apart.
  const keyring keys = ring({key_of("k1", 1), key_of("k2", 1)});
  std::string token = seal(keys, claims_for("payload")).value();
  token[1] = '2';
  EXPECT_THAT(refusal(keys, token), HasSubstr("forged"));
}

TEST(request_state, expires) {
  const keyring keys = keyring::random();
  const std::string token = seal(keys, claims_for("p")).value();
  EXPECT_EQ(refusal(keys, token, {"alice", "digest", now + 1min - 1ms}), "");
  EXPECT_THAT(refusal(keys, token, {"alice", "digest", now + 1min}), HasSubstr("expired"));
}

TEST(request_state, belongs_to_one_principal_and_one_request) {
  const keyring keys = keyring::random();
  const std::string token = seal(keys, claims_for("p")).value();
  EXPECT_THAT(refusal(keys, token, {"bob", "digest", now}), HasSubstr("principal"));
  EXPECT_THAT(refusal(keys, token, {"", "digest", now}), HasSubstr("principal"));
  EXPECT_THAT(refusal(keys, token, {"alice", "other", now}), HasSubstr("another request"));
}

TEST(request_state, opens_on_another_node_that_has_the_key) {
  const std::string token = seal(ring({key_of("k1", 1)}), claims_for("p")).value();
  EXPECT_EQ(refusal(ring({key_of("k1", 1)}), token), "");
  EXPECT_THAT(refusal(ring({key_of("k1", 2)}), token), HasSubstr("forged"));
  EXPECT_THAT(refusal(ring({key_of("k2", 1)}), token), HasSubstr("no key"));
  EXPECT_THAT(refusal(keyring::random("k1"), token), HasSubstr("forged"));
}

TEST(request_state, survives_the_rotation_of_keys) {
  const std::string old_token = seal(ring({key_of("k1", 1)}), claims_for("p")).value();
  const keyring rotated = ring({key_of("k2", 2), key_of("k1", 1)});
  EXPECT_EQ(refusal(rotated, old_token), "");
  EXPECT_TRUE(seal(rotated, claims_for("p")).value().starts_with("k2."));
}

TEST(request_state, size_is_bounded) {
  const keyring keys = keyring::random();
  state_claims claims = claims_for("");
  claims.payload.resize(state_bytes_max - claims.principal.size() - claims.request_digest.size() - claims.nonce.size(),
                        'x');
  EXPECT_EQ(open(keys, seal(keys, claims).value(), expected).value(), claims);
  claims.payload += 'x';
  ASSERT_FALSE(seal(keys, claims));
  EXPECT_EQ(seal(keys, claims).error().kind, base::error_kind::too_large);
}

TEST(keyring, needs_distinct_well_formed_ids) {
  EXPECT_FALSE(keyring::make({}));
  EXPECT_FALSE(keyring::make({key_of("a", 1), key_of("a", 2)}));
  for (const std::string& id : {std::string(), std::string("a.b"), std::string("a b"), std::string(33, 'a')})
    EXPECT_FALSE(keyring::make({key_of(id, 1)})) << id;
  EXPECT_TRUE(keyring::make({key_of(std::string(32, 'a'), 1)}));
  EXPECT_FALSE(keyring::make(std::vector<sealing_key>(17)));
}

TEST(keyring, first_key_is_the_current_one) {
  const keyring keys = ring({key_of("new", 1), key_of("old", 2)});
  EXPECT_EQ(keys.current().id, "new");
  ASSERT_NE(keys.find("old"), nullptr);
  EXPECT_EQ(keys.find("old")->bytes[0], 2);
  EXPECT_EQ(keys.find("none"), nullptr);
}

TEST(keyring, random_keys_differ) {
  EXPECT_NE(keyring::random().current().bytes, keyring::random().current().bytes);
}

TEST(keyring, bytes_are_wiped_when_a_key_dies) {
  alignas(sealing_key) std::array<unsigned char, sizeof(sealing_key)> storage{};
  auto* const key = new (storage.data()) sealing_key(key_of("k", 0xA5));
  const auto* const bytes = key->bytes.data();
  const auto offset = static_cast<std::size_t>(bytes - storage.data());
  key->~sealing_key();
  for (std::size_t i = 0; i < 32; ++i)
    EXPECT_EQ(storage[offset + i], 0) << i;
}

TEST(request_digest, is_the_same_for_the_same_request_only) {
  const std::string digest = request_digest("tools/call", "greet", "{}");
  EXPECT_EQ(digest.size(), 43U);
  EXPECT_EQ(request_digest("tools/call", "greet", "{}"), digest);
  EXPECT_NE(request_digest("tools/call", "greet", "{\"a\":1}"), digest);
  EXPECT_NE(request_digest("prompts/get", "greet", "{}"), digest);
  EXPECT_NE(request_digest("tools/call", "greet{", "}"), digest);
  EXPECT_NE(request_digest("tools/callgreet", "", "{}"), digest);
}

}  // namespace
}  // namespace hydrant::protocol
