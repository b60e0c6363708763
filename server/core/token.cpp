#include "core/token.hpp"

#include <sodium.h>

#include <array>
#include <charconv>

namespace beckon::core {

namespace {

std::int64_t day_of(base::Instant t) { return std::chrono::floor<std::chrono::days>(t).time_since_epoch().count(); }

base::TokenHash signature(const base::Secret& key, const base::SiteId& site, std::string_view visitor, std::int64_t day) {
  // Neither a site's id nor a visitor's holds a NUL: no two inputs are written alike.
  std::string text = "beckon visitor token";
  text.append(1, '\0').append(site.text()).append(1, '\0').append(visitor).append(1, '\0').append(std::to_string(day));
  return base::hash_token(key, text);
}

constexpr std::size_t kSignatureChars = 43;

std::string base64url(const std::array<std::uint8_t, base::kSecretBytes>& bytes) {
  std::array<char, sodium_base64_ENCODED_LEN(base::kSecretBytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING)> text{};
  sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  return {text.data(), kSignatureChars};
}

std::optional<base::TokenHash> signature_in(std::string_view text) {
  std::array<std::uint8_t, base::kSecretBytes> bytes{};
  std::size_t size = 0;
  const int bad = sodium_base642bin(bytes.data(), bytes.size(), text.data(), text.size(), nullptr, &size, nullptr,
                                    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  if (bad != 0 || size != bytes.size() || text.size() != kSignatureChars) return std::nullopt;
  return base::TokenHash(bytes);
}

}  // namespace

std::string make_token(const base::Secret& key, const base::SiteId& site, const base::VisitorId& visitor, base::Instant now) {
  const std::int64_t day = day_of(now);
  std::string token = visitor.text();
  token.append(1, '.').append(std::to_string(day)).append(1, '.');
  return token.append(base64url(signature(key, site, visitor.text(), day).bytes()));
}

std::optional<base::VisitorId> check_token(const base::Secret& key, const base::SiteId& site, std::string_view token,
                                           base::Instant now) {
  const std::size_t first = token.find('.');
  const std::size_t second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const std::string_view visitor = token.substr(0, first);
  const std::string_view digits = token.substr(first + 1, second - first - 1);
  std::int64_t day = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), day);
  if (error != std::errc() || end != digits.data() + digits.size() || !base::is_visitor_id(visitor)) return std::nullopt;

  const std::optional<base::TokenHash> shown = signature_in(token.substr(second + 1));
  if (!shown || !(*shown == signature(key, site, visitor, day))) return std::nullopt;
  const std::int64_t age = day_of(now) - day;
  if (age < -1 || age > kTokenLives.count()) return std::nullopt;
  return base::VisitorId(visitor);
}

}  // namespace beckon::core
