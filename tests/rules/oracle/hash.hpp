// BLAKE2b with an 8-byte digest (RFC 7693, no key), and what rules.md makes of it: the share that decides holdout and
// variant. Thread safety: free functions, may be called from any thread.
#pragma once

#include <cstdint>
#include <string_view>

namespace beckon::oracle {

// The digest read as a little-endian number.
std::uint64_t blake2b_64(std::string_view message);

// The top 53 bits of the digest, divided by 2^53: at least 0, below 1.
double share_of(std::string_view message);

}  // namespace beckon::oracle
