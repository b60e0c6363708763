#include "core/operator_link.hpp"

#include "core/shard_core.hpp"

namespace beckon::core {

OperatorLink& ShardCore::attach(Connection& connection, OperatorUpgrade upgrade) {
  enter();
  auto owned = std::make_unique<OperatorLink>(connection, std::move(upgrade));
  OperatorLink& link = *owned;
  operator_links.emplace(&link, std::move(owned));
  if (stopping) connection.close(protocol::CloseCode::kShutdown, "the server stops");
  return link;
}

void ShardCore::receive(OperatorLink& link, std::string_view) {
  enter();
  link.connection.close(protocol::CloseCode::kForbidden, "no console frame is known yet");
}

void ShardCore::pong(OperatorLink&) { enter(); }

void ShardCore::detach(OperatorLink& link) {
  enter();
  operator_links.erase(&link);
}

}  // namespace beckon::core
