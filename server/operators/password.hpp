// Passwords: argon2id by libsodium, with its parameters for interactive use (64 MiB, two passes). A hash is one line of
// text that names algorithm, version, parameters and salt, so that hashes of stronger parameters can stand beside it.
//
// Every function but complaint_about_password takes some 50 ms and 64 MiB: never on a thread that serves connections.
//
// Thread safety: any thread.
#pragma once

#include <string>
#include <string_view>

namespace beckon::operators {

// "$argon2id$v=19$m=65536,t=2,p=1$…". Throws std::bad_alloc when the memory is not there.
[[nodiscard]] std::string hash_password(std::string_view password);

// False too when `hash` is none.
[[nodiscard]] bool verify_password(const std::string& hash, std::string_view password);

// The hash of a password that nobody has: verified in place of the one of an operator who does not exist, so that the
// answer takes as long. Made at the first call.
[[nodiscard]] const std::string& dummy_hash();

// Why a password is not taken, as a sentence without a full stop; empty when it is.
[[nodiscard]] std::string complaint_about_password(std::string_view password);

}  // namespace beckon::operators
