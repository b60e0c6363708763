#include "app/status.hpp"

namespace beckon::app {

void Status::set_problems(std::vector<http::Problem> problems) {
  const std::lock_guard lock(mutex_);
  readiness_.problems = std::move(problems);
}

void Status::set_stopping() {
  const std::lock_guard lock(mutex_);
  readiness_.serving = http::Serving::kStopping;
}

http::Readiness Status::readiness(const store::Health& store) const {
  std::unique_lock lock(mutex_);
  http::Readiness readiness = readiness_;
  lock.unlock();
  if (!store.writable) readiness.problems.push_back({"store", "", "the database cannot be written; the log says why"});
  return readiness;
}

}  // namespace beckon::app
