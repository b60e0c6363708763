#include "operators/password.hpp"

#include <sodium.h>

#include <new>

#include "base/secret.hpp"
#include "operators/limits.hpp"

namespace beckon::operators {

std::string hash_password(std::string_view password) {
  std::string hash(crypto_pwhash_STRBYTES, '\0');
  const int failed =
      crypto_pwhash_str_alg(hash.data(), password.data(), password.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                            crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2ID13);
  if (failed != 0) throw std::bad_alloc();
  hash.resize(hash.find('\0'));
  return hash;
}

bool verify_password(const std::string& hash, std::string_view password) {
  return hash.size() < crypto_pwhash_STRBYTES &&
         crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

const std::string& dummy_hash() {
  static const std::string hash = hash_password(base::new_token());
  return hash;
}

std::string complaint_about_password(std::string_view password) {
  if (password.size() < kMinPasswordBytes)
    return "a password has at least " + std::to_string(kMinPasswordBytes) + " characters";
  if (password.size() > kMaxPasswordBytes)
    return "a password has at most " + std::to_string(kMaxPasswordBytes) + " bytes";
  return {};
}

}  // namespace beckon::operators
