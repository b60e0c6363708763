// Bounds of operators' accounts by name, each with what happens beyond it. What a record may hold: store/limits.hpp.
#pragma once

#include <chrono>
#include <cstddef>

namespace beckon::operators {

// Passwords, in bytes of UTF-8: refused outside.
inline constexpr std::size_t kMinPasswordBytes = 10, kMaxPasswordBytes = 256;
// Passwords that wait for the hashing thread, each good for some 50 ms of it, of strangers and of others: then
// kOverloaded.
inline constexpr std::size_t kMaxWaitingPasswords = 32;

// Wrong passwords of one address, one known device, or one session: so many at once, then one more every so often;
// kThrottled.
inline constexpr double kWrongPasswords = 20;
inline constexpr std::chrono::seconds kWrongPasswordEvery{60};
// Wrong passwords for one login, of all addresses together: more than one address or two can make, so that those do not
// keep the login's owner out, and few enough that many addresses find nothing.
inline constexpr double kWrongPasswordsForLogin = 100;
inline constexpr std::chrono::seconds kWrongPasswordForLoginEvery{20};
// Session tokens of one address that are none.
inline constexpr double kWrongTokens = 60;
inline constexpr std::chrono::seconds kWrongTokenEvery{1};
// Addresses and logins that something is held against: then those with the least against them are forgotten.
inline constexpr std::size_t kMaxThrottled = 10'000;

// A session ends so long after its last use, and so long after its login at the latest.
inline constexpr std::chrono::hours kSessionIdle{12}, kSessionLives{24 * 7};
// A use is written down when it moves the end by so much.
inline constexpr std::chrono::minutes kProlongBy{10};

// The link that makes the first operator.
inline constexpr std::chrono::hours kSetupLives{24};

}  // namespace beckon::operators
