// Random secrets, and the keyed hashes that are kept in their place: whoever reads the database learns no token.
//
//   std::string token = base::new_token();                       // goes to the visitor, is stored nowhere
//   base::TokenHash kept = base::hash_token(server_key, token);  // goes to the store
//   bool same = kept == base::hash_token(server_key, shown);     // compares in constant time
//
// Thread safety: values; the functions may be called from any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace beckon::base {

inline constexpr std::size_t kSecretBytes = 32;

// A key of 256 bits. Its memory is overwritten when it goes.
class Secret {
 public:
  [[nodiscard]] static Secret random();
  // From 64 hexadecimal digits, as stores and files keep it; nullopt for anything else.
  [[nodiscard]] static std::optional<Secret> from_hex(std::string_view hex);
  Secret(const Secret&) = default;
  Secret& operator=(const Secret&) = default;
  ~Secret();

  [[nodiscard]] std::string hex() const;
  [[nodiscard]] const std::array<std::uint8_t, kSecretBytes>& bytes() const { return bytes_; }

 private:
  Secret() = default;
  std::array<std::uint8_t, kSecretBytes> bytes_{};
};

// BLAKE2b-256 of a token under a key.
class TokenHash {
 public:
  TokenHash() = default;
  explicit TokenHash(const std::array<std::uint8_t, kSecretBytes>& bytes) : bytes_(bytes) {}
  // From 64 hexadecimal digits; nullopt for anything else.
  [[nodiscard]] static std::optional<TokenHash> from_hex(std::string_view hex);
  [[nodiscard]] std::string hex() const;
  [[nodiscard]] const std::array<std::uint8_t, kSecretBytes>& bytes() const { return bytes_; }
  // Takes the same time wherever the two differ.
  friend bool operator==(const TokenHash& a, const TokenHash& b);

 private:
  std::array<std::uint8_t, kSecretBytes> bytes_{};
};

// 256 random bits in base64url, 43 characters.
[[nodiscard]] std::string new_token();
[[nodiscard]] TokenHash hash_token(const Secret& key, std::string_view token);

// BLAKE2b-128 of a text, 32 hexadecimal digits: tells two versions of a file apart. No secret goes into it.
[[nodiscard]] std::string fingerprint(std::string_view text);

// `count` random bytes in base64url without padding.
[[nodiscard]] std::string random_text(std::size_t count);
// 64 random bits: for jitter and sampling, from the same source.
[[nodiscard]] std::uint64_t random_u64();

}  // namespace beckon::base
