// What /metrics says, in the text format of Prometheus. Names begin with `beckon_`; docs/operating.md lists them.
#pragma once

#include <string>
#include <vector>

#include "http/files.hpp"
#include "net/server.hpp"
#include "operators/accounts.hpp"
#include "store/store.hpp"

namespace beckon::http {

struct MetricsInput {
  std::vector<net::ShardCounts> shards;
  store::Health store;
  operators::LoginTally::Counts logins{};
  UploadCounts uploads;
  std::size_t problems = 0;  // of Readiness
  std::string version;
};

[[nodiscard]] std::string exposition(const MetricsInput& input);

}  // namespace beckon::http
