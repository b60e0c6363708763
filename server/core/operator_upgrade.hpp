// What is known of an operator's connection when it is opened.
#pragma once

#include <string>

#include "base/ids.hpp"
#include "base/secret.hpp"

namespace beckon::core {

// net makes one when the request's origin and session cookie are good; whether they still are is asked of the store
// again and again while the connection lives.
struct OperatorUpgrade {
  base::OperatorId id;
  base::TokenHash session;  // of the cookie: store::SessionRecord::hash
  std::string address;      // as Upgrade::address
};

}  // namespace beckon::core
