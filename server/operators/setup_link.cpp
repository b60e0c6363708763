#include "operators/setup_link.hpp"

#include <charconv>

#include "operators/limits.hpp"

namespace beckon::operators {
namespace {

constexpr std::string_view kContext = "beckon setup link";

base::TokenHash hash_of(const base::Secret& key, std::string_view secret) {
  return base::hash_token(key, std::string(kContext) + '\0' + std::string(secret));
}

}  // namespace

// "HASH UNTIL", the hash in hexadecimal, the end in milliseconds.
SetupLink new_setup_link(const base::Secret& key, base::Instant now) {
  SetupLink link;
  link.secret = base::new_token();
  link.setting = hash_of(key, link.secret).hex() + ' ' + std::to_string(rules::to_ms(now + kSetupLives));
  return link;
}

bool is_setup_secret(const base::Secret& key, std::string_view setting, std::string_view secret, base::Instant now) {
  const std::size_t space = setting.find(' ');
  if (space == setting.npos) return false;
  const auto kept = base::TokenHash::from_hex(setting.substr(0, space));
  const std::string_view digits = setting.substr(space + 1);
  std::int64_t until = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), until);
  if (!kept || error != std::errc() || end != digits.data() + digits.size()) return false;
  return *kept == hash_of(key, secret) && now < rules::at_ms(until);
}

}  // namespace beckon::operators
