#include "core/repeated_error.hpp"

#include <utility>

namespace beckon::core {

void RepeatedError::tell(std::string_view why, base::Instant now) {
  if (is_set()) {
    ++untold_;
    why_ = why;
    return;
  }
  log_.error(message_, {{"why", why}});
  timers_.set(*this, now + kErrorLogEvery);
}

void RepeatedError::ring(base::Instant due) {
  if (untold_ == 0) return;  // it is over: the next one is told at once
  tell_rest();
  timers_.set(*this, due + kErrorLogEvery);
}

void RepeatedError::tell_rest() {
  const std::uint64_t times = std::exchange(untold_, 0);
  if (times > 0) log_.error(message_, {{"why", why_}, {"times", times}, {"within_s", kErrorLogEvery.count()}});
}

}  // namespace beckon::core
