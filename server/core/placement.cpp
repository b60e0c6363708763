#include "base/ids.hpp"
#include "beckon/rules/journal.hpp"
#include "core/shard.hpp"

namespace beckon::core {

std::uint32_t shard_of_request(std::string_view hint, std::uint32_t arrived_at, std::uint32_t count) {
  return base::is_visitor_id(hint) ? rules::shard_of(hint, count) : arrived_at;
}

std::uint32_t shard_of_operator(const base::OperatorId& id, std::uint32_t count) {
  return rules::shard_of(id.text(), count);
}

}  // namespace beckon::core
