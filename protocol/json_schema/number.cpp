#include "protocol/json_schema/number.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <utility>

namespace hydrant::protocol::json_schema {
namespace {

using nlohmann::json;

constexpr double two_to_63 = 9223372036854775808.0;
constexpr double two_to_64 = 18446744073709551616.0;

std::strong_ordering order(std::int64_t left, std::int64_t right) {
  return left <=> right;
}
std::strong_ordering order(std::uint64_t left, std::uint64_t right) {
  return left <=> right;
}
std::strong_ordering order(std::int64_t left, std::uint64_t right) {
  return left < 0 ? std::strong_ordering::less : static_cast<std::uint64_t>(left) <=> right;
}
std::strong_ordering order(std::uint64_t left, std::int64_t right) {
  return right < 0 ? std::strong_ordering::greater : left <=> static_cast<std::uint64_t>(right);
}

template <class Integer>
std::partial_ordering order(Integer left, double right) {
  if (std::isnan(right)) return std::partial_ordering::unordered;
  if (right >= two_to_64) return std::partial_ordering::less;
  if (right < -two_to_63) return std::partial_ordering::greater;
  const double whole = std::trunc(right);
  const auto by_whole =
      whole < 0 ? order(left, static_cast<std::int64_t>(whole)) : order(left, static_cast<std::uint64_t>(whole));
  if (by_whole != 0) return by_whole;
  return 0.0 <=> right - whole;
}

template <class Left>
std::partial_ordering order_with(Left left, const json& right) {
  if (const auto* value = right.get_ptr<const json::number_unsigned_t*>()) return order(left, *value);
  if (const auto* value = right.get_ptr<const json::number_integer_t*>()) return order(left, *value);
  return order(left, *right.get_ptr<const json::number_float_t*>());
}

/// digits * 10^exponent.
struct decimal {
  std::uint64_t digits = 0;
  int exponent = 0;
};

void strip_zeros(decimal& number) {
  while (number.digits != 0 && number.digits % 10 == 0) {
    number.digits /= 10;
    ++number.exponent;
  }
}

decimal shortest_decimal(double number) {
  std::array<char, 40> text{};
  const auto end = std::to_chars(text.begin(), text.end(), std::abs(number), std::chars_format::scientific).ptr;
  decimal out;
  int fraction_digits = 0;
  bool in_fraction = false;
  auto* at = text.data();
  for (; at != end && *at != 'e'; ++at) {
    if (*at == '.') {
      in_fraction = true;
    } else {
      out.digits = out.digits * 10 + static_cast<std::uint64_t>(*at - '0');
      fraction_digits += in_fraction ? 1 : 0;
    }
  }
  if (at != end) at += at[1] == '+' ? 2 : 1;
  std::from_chars(at, end, out.exponent);
  out.exponent -= fraction_digits;
  return out;
}

std::optional<decimal> to_decimal(const json& number) {
  decimal out;
  if (const auto* whole = number.get_ptr<const json::number_unsigned_t*>()) {
    out.digits = *whole;
  } else if (const auto* negative = number.get_ptr<const json::number_integer_t*>()) {
    out.digits = *negative < 0 ? 0 - static_cast<std::uint64_t>(*negative) : static_cast<std::uint64_t>(*negative);
  } else {
    const auto value = number.get<double>();
    if (!std::isfinite(value)) return std::nullopt;
    out = shortest_decimal(value);
  }
  strip_zeros(out);
  return out;
}

__extension__ using wide = unsigned __int128;

std::uint64_t multiply(std::uint64_t left, std::uint64_t right, std::uint64_t modulus) {
  return static_cast<std::uint64_t>(wide{left} * right % modulus);
}

std::uint64_t power_of_ten(int exponent, std::uint64_t modulus) {
  std::uint64_t out = 1 % modulus;
  for (std::uint64_t base = 10 % modulus; exponent > 0; exponent /= 2) {
    if (exponent % 2) out = multiply(out, base, modulus);
    base = multiply(base, base, modulus);
  }
  return out;
}

}  // namespace

std::partial_ordering compare_numbers(const json& left, const json& right) {
  if (const auto* value = left.get_ptr<const json::number_unsigned_t*>()) return order_with(*value, right);
  if (const auto* value = left.get_ptr<const json::number_integer_t*>()) return order_with(*value, right);
  const auto real = *left.get_ptr<const json::number_float_t*>();
  if (const auto* value = right.get_ptr<const json::number_float_t*>()) return real <=> *value;
  return 0 <=> compare_numbers(right, left);
}

bool is_integral(const json& number) {
  const auto* real = number.get_ptr<const json::number_float_t*>();
  return !real || (std::isfinite(*real) && std::trunc(*real) == *real);
}

bool is_multiple(const json& number, const json& divisor) {
  const auto top = to_decimal(number);
  const auto bottom = to_decimal(divisor);
  if (!top || !bottom || bottom->digits == 0) return false;
  if (top->digits == 0) return true;
  const int shift = top->exponent - bottom->exponent;
  // Without trailing zeros, digits cannot be divided by a power of ten.
  if (shift < 0) return false;
  return multiply(top->digits % bottom->digits, power_of_ten(shift, bottom->digits), bottom->digits) == 0;
}

}  // namespace hydrant::protocol::json_schema
