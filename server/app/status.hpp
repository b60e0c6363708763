// What is wrong while the server goes on: kept by the thread that reloads, read by /readyz.
//
// Thread safety: every function may be called from any thread.
#pragma once

#include <mutex>
#include <vector>

#include "http/readiness.hpp"
#include "store/store.hpp"

namespace beckon::app {

class Status {
 public:
  // Replaces what was wrong with the configuration and the rules.
  void set_problems(std::vector<http::Problem> problems);
  void set_stopping();
  // With what the store has to say.
  [[nodiscard]] http::Readiness readiness(const store::Health& store) const;

 private:
  mutable std::mutex mutex_;
  http::Readiness readiness_;
};

}  // namespace beckon::app
