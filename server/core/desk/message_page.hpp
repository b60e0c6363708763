// Messages as one JSON array of at most a frame's length.
//
// Thread safety: pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "store/chat_records.hpp"

namespace beckon::core {

struct MessagePage {
  std::string json;        // an array, ascending by seq, with operators' ids and keys
  std::uint64_t last = 0;  // the highest seq in it; 0: it is empty
  std::size_t count = 0;
};

// As many of `messages`, which ascend, as fit, from the end that `order` names.
[[nodiscard]] MessagePage message_page(const std::vector<store::Message>& messages, store::MessageRange::From order);

}  // namespace beckon::core
