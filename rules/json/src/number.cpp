// Digits to numbers: std::from_chars rounds correctly and knows no locale; what it does not do is here.
#include <algorithm>
#include <charconv>
#include <limits>

#include "beckon/json/reader.hpp"

namespace beckon::json {
namespace {

// A number as its significant digits, without zeros at either end, times a power of ten. No digits: zero.
struct Decimal {
  bool negative = false;
  std::string digits;
  std::int64_t exponent = 0;
};

// Beyond any mantissa that fits into memory, and far from overflow.
constexpr std::int64_t kHugeExponent = std::numeric_limits<std::int64_t>::max() / 4;

std::int64_t read_exponent(std::string_view digits) {
  if (!digits.empty() && digits.front() == '+') digits.remove_prefix(1);
  std::int64_t exponent = 0;
  const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
  if (code == std::errc::result_out_of_range) return digits.front() == '-' ? -kHugeExponent : kHugeExponent;
  return std::clamp(exponent, -kHugeExponent, kHugeExponent);
}

Decimal to_decimal(std::string_view text) {
  Decimal out;
  if (!text.empty() && text.front() == '-') {
    out.negative = true;
    text.remove_prefix(1);
  }
  const std::size_t e = text.find_first_of("eE");
  if (e != std::string_view::npos) out.exponent = read_exponent(text.substr(e + 1));
  bool fraction = false;
  for (const char c : text.substr(0, e)) {
    if (c == '.') {
      fraction = true;
      continue;
    }
    if (fraction) --out.exponent;
    if (c != '0' || !out.digits.empty()) out.digits += c;
  }
  while (!out.digits.empty() && out.digits.back() == '0') {
    out.digits.pop_back();
    ++out.exponent;
  }
  return out;
}

}  // namespace

std::optional<double> to_double(std::string_view digits) {
  double value = 0;
  const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (code == std::errc{} && end == digits.data() + digits.size()) return value;
  if (code != std::errc::result_out_of_range) return std::nullopt;
  // Out of range at either end: what is too small to be told from zero is zero.
  const Decimal decimal = to_decimal(digits);
  const bool tiny = decimal.exponent + static_cast<std::int64_t>(decimal.digits.size()) < 0;
  if (!tiny) return std::nullopt;
  return decimal.negative ? -0.0 : 0.0;
}

std::optional<std::int64_t> to_int64(std::string_view digits) {
  std::int64_t value = 0;
  const char* const last = digits.data() + digits.size();
  if (const auto [end, code] = std::from_chars(digits.data(), last, value); code == std::errc{} && end == last) {
    return value;
  }
  constexpr std::int64_t kMaxDigits = 19;
  Decimal decimal = to_decimal(digits);
  if (decimal.digits.empty()) return 0;
  const std::int64_t length = static_cast<std::int64_t>(decimal.digits.size()) + decimal.exponent;
  if (decimal.exponent < 0 || length > kMaxDigits) return std::nullopt;
  decimal.digits.append(static_cast<std::size_t>(decimal.exponent), '0');
  if (decimal.negative) decimal.digits.insert(0, 1, '-');
  const char* const whole = decimal.digits.data();
  const auto [end, code] = std::from_chars(whole, whole + decimal.digits.size(), value);
  if (code != std::errc{}) return std::nullopt;
  return value;
}

}  // namespace beckon::json
