#include "operators/outcome.hpp"

namespace beckon::operators {

Refusal refusal_of(const base::Error& error) {
  using base::ErrorCode;
  switch (error.code) {
    case ErrorCode::kInvalid: return {Why::kInvalid, error.message};
    case ErrorCode::kNotFound: return {Why::kNotFound, error.message};
    case ErrorCode::kConflict: return {Why::kConflict, error.message};
    case ErrorCode::kOverloaded: return {Why::kUnavailable, error.message, std::chrono::seconds(1)};
    case ErrorCode::kUnavailable:
    case ErrorCode::kCorrupt:
    case ErrorCode::kTooNew: break;
  }
  return {Why::kUnavailable, "the database cannot be read or written now", std::chrono::seconds(5), error.message};
}

}  // namespace beckon::operators
