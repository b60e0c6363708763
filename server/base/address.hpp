// Addresses, cut before anything is stored or logged.
#pragma once

#include <string>
#include <string_view>

namespace beckon::base {

// What may be written of a peer's address: IPv4 to /24 ("203.0.113.0"), IPv6 to /48 ("2001:db8:1::"), an IPv4 address
// inside IPv6 as IPv4. A type of its own, so that a log call cannot be given the whole one by mistake.
class CutAddress {
 public:
  // Anything that is not an address becomes "-".
  explicit CutAddress(std::string_view address);
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};

}  // namespace beckon::base
