// The share hash: BLAKE2b with a digest of eight bytes, RFC 7693, unkeyed, one message.
#include <array>
#include <bit>
#include <cstring>

#include "beckon/rules/rule_set.hpp"

namespace beckon::rules {
namespace {

constexpr std::array<std::uint64_t, 8> kInitial = {
    0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
    0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};

constexpr std::uint8_t kSigma[10][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4}, {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13}, {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11}, {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5}, {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0}};

constexpr std::size_t kBlockBytes = 128;

void compress(std::array<std::uint64_t, 8>& h, const unsigned char* block, std::uint64_t counter, std::uint64_t last) {
  std::uint64_t m[16];
  std::memcpy(m, block, sizeof m);  // little-endian, as every machine this is built for
  static_assert(std::endian::native == std::endian::little);
  std::uint64_t v[16];
  for (int i = 0; i < 8; ++i) {
    v[i] = h[i];
    v[i + 8] = kInitial[i];
  }
  v[12] ^= counter;
  v[14] ^= last;
  const auto mix = [&](int a, int b, int c, int d, std::uint64_t x, std::uint64_t y) {
    v[a] += v[b] + x;
    v[d] = std::rotr(v[d] ^ v[a], 32);
    v[c] += v[d];
    v[b] = std::rotr(v[b] ^ v[c], 24);
    v[a] += v[b] + y;
    v[d] = std::rotr(v[d] ^ v[a], 16);
    v[c] += v[d];
    v[b] = std::rotr(v[b] ^ v[c], 63);
  };
  for (int round = 0; round < 12; ++round) {
    const std::uint8_t* s = kSigma[round % 10];
    mix(0, 4, 8, 12, m[s[0]], m[s[1]]);
    mix(1, 5, 9, 13, m[s[2]], m[s[3]]);
    mix(2, 6, 10, 14, m[s[4]], m[s[5]]);
    mix(3, 7, 11, 15, m[s[6]], m[s[7]]);
    mix(0, 5, 10, 15, m[s[8]], m[s[9]]);
    mix(1, 6, 11, 12, m[s[10]], m[s[11]]);
    mix(2, 7, 8, 13, m[s[12]], m[s[13]]);
    mix(3, 4, 9, 14, m[s[14]], m[s[15]]);
  }
  for (int i = 0; i < 8; ++i) h[i] ^= v[i] ^ v[i + 8];
}

std::uint64_t blake2b_64(std::string_view message) {
  constexpr std::uint64_t kDigestBytes = 8;
  std::array<std::uint64_t, 8> h = kInitial;
  h[0] ^= 0x01010000 ^ kDigestBytes;
  std::size_t done = 0;
  while (message.size() - done > kBlockBytes) {
    compress(h, reinterpret_cast<const unsigned char*>(message.data()) + done, done + kBlockBytes, 0);
    done += kBlockBytes;
  }
  unsigned char block[kBlockBytes] = {};
  if (!message.empty()) std::memcpy(block, message.data() + done, message.size() - done);
  compress(h, block, message.size(), ~std::uint64_t{0});
  return h[0];
}

}  // namespace

double share(std::string_view salt, std::string_view rule_id, std::string_view visitor_id, ShareOf what) {
  std::string message;
  message.reserve(salt.size() + rule_id.size() + visitor_id.size() + 10);
  message.append(salt).push_back('\0');
  message.append(rule_id).push_back('\0');
  if (what == ShareOf::kVariant) {
    message.append("variant").push_back('\0');
  }
  message.append(visitor_id);
  return static_cast<double>(blake2b_64(message) >> 11) * 0x1.0p-53;
}

}  // namespace beckon::rules
