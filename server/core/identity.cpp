#include "core/identity.hpp"

#include <sodium.h>

#include <array>

#include "base/limits.hpp"
#include "beckon/json/reader.hpp"

namespace beckon::core {

namespace {

constexpr std::size_t kMaxDepth = 4;

std::optional<std::string> decode_part(std::string_view text) {
  std::string bytes(text.size(), '\0');
  std::size_t size = 0;
  const int bad = sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(), text.size(),
                                    nullptr, &size, nullptr, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  if (bad != 0) return std::nullopt;
  bytes.resize(size);
  return bytes;
}

bool signed_with(std::string_view key, std::string_view text, std::string_view signature) {
  std::array<unsigned char, crypto_auth_hmacsha256_BYTES> expected{};
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, reinterpret_cast<const unsigned char*>(key.data()), key.size());
  crypto_auth_hmacsha256_update(&state, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  crypto_auth_hmacsha256_final(&state, expected.data());
  return signature.size() == expected.size() && sodium_memcmp(signature.data(), expected.data(), expected.size()) == 0;
}

const json::Value* find(const json::Value& object, std::string_view name, json::Type type) {
  const json::Value* const value = object.is(json::Type::kObject) ? object.find(name) : nullptr;
  return value != nullptr && value->is(type) ? value : nullptr;
}

bool good_header(std::string_view text) {
  const json::ParseResult parsed = json::parse(text, {.max_depth = kMaxDepth});
  if (!parsed.document) return false;
  const json::Value& header = parsed.document->root();
  const json::Value* const algorithm = find(header, "alg", json::Type::kString);
  return algorithm != nullptr && algorithm->string() == "HS256" && header.find("crit") == nullptr;
}

bool names_site(const json::Value& claims, const base::SiteId& site) {
  const json::Value* const own = find(claims, "site", json::Type::kString);
  if (own != nullptr) return own->string() == site.text();
  const json::Value* const audience = claims.find("aud");
  if (audience == nullptr) return false;
  if (audience->is(json::Type::kString)) return audience->string() == site.text();
  if (!audience->is(json::Type::kArray)) return false;
  for (const json::Value* each = audience->first(); each != nullptr; each = each->next()) {
    if (each->is(json::Type::kString) && each->string() == site.text()) return true;
  }
  return false;
}

}  // namespace

std::optional<std::string> verify_identity(std::string_view jwt, std::string_view key, const base::SiteId& site,
                                           base::Instant now) {
  const std::size_t first = jwt.find('.');
  const std::size_t second = first == std::string_view::npos ? first : jwt.find('.', first + 1);
  if (key.empty() || second == std::string_view::npos || jwt.find('.', second + 1) != std::string_view::npos) return {};

  const auto signature = decode_part(jwt.substr(second + 1));
  if (!signature || !signed_with(key, jwt.substr(0, second), *signature)) return std::nullopt;
  const auto header = decode_part(jwt.substr(0, first));
  const auto payload = decode_part(jwt.substr(first + 1, second - first - 1));
  if (!header || !payload || !good_header(*header)) return std::nullopt;

  const json::ParseResult parsed = json::parse(*payload, {.max_depth = kMaxDepth});
  if (!parsed.document || !parsed.document->root().is(json::Type::kObject)) return std::nullopt;
  const json::Value& claims = parsed.document->root();
  const json::Value* const subject = find(claims, "sub", json::Type::kString);
  const json::Value* const expires = find(claims, "exp", json::Type::kNumber);
  if (subject == nullptr || expires == nullptr || !names_site(claims, site)) return std::nullopt;
  if (subject->string().empty() || subject->string().size() > base::kMaxIdentityBytes) return std::nullopt;
  const std::optional<double> seconds = expires->number();
  if (!seconds || *seconds * 1000 <= static_cast<double>(rules::to_ms(now))) return std::nullopt;
  return std::string(subject->string());
}

}  // namespace beckon::core
