#include "base/address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

namespace beckon::base {
namespace {

std::string cut_v4(in_addr address) {
  auto* bytes = reinterpret_cast<unsigned char*>(&address.s_addr);
  bytes[3] = 0;
  std::array<char, INET_ADDRSTRLEN> text{};
  inet_ntop(AF_INET, &address, text.data(), text.size());
  return text.data();
}

std::string cut_v6(in6_addr address) {
  if (IN6_IS_ADDR_V4MAPPED(&address)) {
    in_addr inner{};
    std::copy_n(address.s6_addr + 12, 4, reinterpret_cast<unsigned char*>(&inner.s_addr));
    return cut_v4(inner);
  }
  std::fill(address.s6_addr + 6, address.s6_addr + 16, static_cast<unsigned char>(0));
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(AF_INET6, &address, text.data(), text.size());
  return text.data();
}

}  // namespace

CutAddress::CutAddress(std::string_view address) : text_("-") {
  const std::string whole(address.substr(0, address.find('%')));  // a zone ("fe80::1%eth0") is the host's business
  in_addr v4{};
  in6_addr v6{};
  if (inet_pton(AF_INET, whole.c_str(), &v4) == 1) text_ = cut_v4(v4);
  else if (inet_pton(AF_INET6, whole.c_str(), &v6) == 1) text_ = cut_v6(v6);
}

}  // namespace beckon::base
