// Signed identities as a site's own server makes them.
#pragma once

#include <sodium.h>

#include <string>
#include <string_view>

namespace beckon::test {

inline constexpr std::string_view kHs256 = R"({"alg":"HS256","typ":"JWT"})";

inline std::string base64url(std::string_view bytes) {
  std::string text(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  text.resize(text.size() - 1);
  return text;
}

inline std::string hmac(std::string_view key, std::string_view text) {
  unsigned char mac[crypto_auth_hmacsha256_BYTES];
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, reinterpret_cast<const unsigned char*>(key.data()), key.size());
  crypto_auth_hmacsha256_update(&state, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  crypto_auth_hmacsha256_final(&state, mac);
  return {reinterpret_cast<const char*>(mac), sizeof mac};
}

inline std::string sign_identity(std::string_view claims, std::string_view key, std::string_view header = kHs256) {
  const std::string text = base64url(header) + "." + base64url(claims);
  return text + "." + base64url(hmac(key, text));
}

}  // namespace beckon::test
