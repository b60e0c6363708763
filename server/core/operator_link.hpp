// An operator's connection inside its shard.
#pragma once

#include "core/connection.hpp"
#include "core/operator_upgrade.hpp"

namespace beckon::core {

class OperatorLink {
 public:
  OperatorLink(Connection& c, OperatorUpgrade u) : connection(c), upgrade(std::move(u)) {}

  Connection& connection;
  OperatorUpgrade upgrade;
};

}  // namespace beckon::core
