#include "operators/devices.hpp"

#include <charconv>

#include "base/ids.hpp"

namespace beckon::operators {
namespace {

constexpr std::string_view kContext = "beckon console device";
constexpr std::size_t kIdBytes = 16;

std::int64_t day_of(base::Instant t) { return std::chrono::floor<std::chrono::days>(t).time_since_epoch().count(); }

base::TokenHash signature(const base::Secret& key, std::string_view id, std::int64_t day, std::string_view login) {
  // The login last: it alone may hold anything.
  std::string text(kContext);
  text.append(1, '\0').append(id).append(1, '\0').append(std::to_string(day)).append(1, '\0').append(login);
  return base::hash_token(key, text);
}

}  // namespace

// "ID.DAY.SIGNATURE", the signature in hexadecimal.
std::string new_device(const base::Secret& key, std::string_view login, base::Instant now) {
  const std::string id = base::random_text(kIdBytes);
  const std::int64_t day = day_of(now);
  return id + '.' + std::to_string(day) + '.' + signature(key, id, day, login).hex();
}

std::optional<std::string> known_device(const base::Secret& key, std::string_view login, std::string_view cookie,
                                        base::Instant now) {
  const std::size_t first = cookie.find('.');
  const std::size_t second = first == cookie.npos ? first : cookie.find('.', first + 1);
  if (second == cookie.npos) return std::nullopt;
  const std::string_view id = cookie.substr(0, first), digits = cookie.substr(first + 1, second - first - 1);
  std::int64_t day = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), day);
  if (error != std::errc() || end != digits.data() + digits.size() || !base::is_plain_name(id)) return std::nullopt;
  const auto shown = base::TokenHash::from_hex(cookie.substr(second + 1));
  if (!shown || !(*shown == signature(key, id, day, login))) return std::nullopt;
  const std::int64_t age = day_of(now) - day;
  if (age < -1 || age > kDeviceLives.count()) return std::nullopt;
  return std::string(id);
}

}  // namespace beckon::operators
