#include "base/secret.hpp"

#include <sodium.h>

#include <stdexcept>
#include <vector>

namespace beckon::base {
namespace {

constexpr std::size_t kTokenBytes = 32;

// libsodium must be initialised before any use; where that fails there is no source of randomness and no going on.
void need_sodium() {
  static const bool ready = sodium_init() >= 0;
  if (!ready) throw std::runtime_error("no source of random numbers");
}

using Bytes = std::array<std::uint8_t, kSecretBytes>;

bool read_hex(std::string_view hex, Bytes& out) {
  std::size_t written = 0;
  return hex.size() == 2 * kSecretBytes &&
         sodium_hex2bin(out.data(), out.size(), hex.data(), hex.size(), nullptr, &written, nullptr) == 0 &&
         written == kSecretBytes;
}

std::string to_hex(const Bytes& bytes) {
  std::string text(2 * kSecretBytes + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), bytes.data(), bytes.size());
  text.pop_back();  // the terminating NUL
  return text;
}

}  // namespace

Secret Secret::random() {
  need_sodium();
  Secret secret;
  randombytes_buf(secret.bytes_.data(), secret.bytes_.size());
  return secret;
}

std::optional<Secret> Secret::from_hex(std::string_view hex) {
  Secret secret;
  if (!read_hex(hex, secret.bytes_)) return std::nullopt;
  return secret;
}

Secret::~Secret() { sodium_memzero(bytes_.data(), bytes_.size()); }

std::string Secret::hex() const { return to_hex(bytes_); }

std::optional<TokenHash> TokenHash::from_hex(std::string_view hex) {
  TokenHash hash;
  if (!read_hex(hex, hash.bytes_)) return std::nullopt;
  return hash;
}

std::string TokenHash::hex() const { return to_hex(bytes_); }

bool operator==(const TokenHash& a, const TokenHash& b) {
  return sodium_memcmp(a.bytes_.data(), b.bytes_.data(), kSecretBytes) == 0;
}

std::string new_token() { return random_text(kTokenBytes); }

TokenHash hash_token(const Secret& key, std::string_view token) {
  need_sodium();
  std::array<std::uint8_t, kSecretBytes> digest{};
  crypto_generichash(digest.data(), digest.size(), reinterpret_cast<const unsigned char*>(token.data()), token.size(),
                     key.bytes().data(), key.bytes().size());
  return TokenHash(digest);
}

std::string fingerprint(std::string_view text) {
  need_sodium();
  std::array<unsigned char, 16> digest{};
  crypto_generichash(digest.data(), digest.size(), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                     nullptr, 0);
  std::string hex(2 * digest.size() + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), digest.data(), digest.size());
  hex.pop_back();
  return hex;
}

std::string random_text(std::size_t count) {
  need_sodium();
  constexpr int kVariant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  std::vector<unsigned char> bytes(count);
  randombytes_buf(bytes.data(), bytes.size());
  std::string text(sodium_base64_encoded_len(count, kVariant), '\0');
  sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), kVariant);
  text.pop_back();  // the terminating NUL
  return text;
}

std::uint64_t random_u64() {
  need_sodium();
  std::uint64_t value = 0;
  randombytes_buf(&value, sizeof value);
  return value;
}

}  // namespace beckon::base
