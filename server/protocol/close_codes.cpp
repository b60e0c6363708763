#include "protocol/close_codes.hpp"

namespace beckon::protocol {

std::string_view name_of(CloseCode code) {
  switch (code) {
    case CloseCode::kShutdown: return "shutdown";
    case CloseCode::kSlowConsumer: return "slow_consumer";
    case CloseCode::kNoPong: return "no_pong";
    case CloseCode::kThrottled: return "throttled";
    case CloseCode::kStoreUnavailable: return "store_unavailable";
    case CloseCode::kStartOver: return "start_over";
    case CloseCode::kBadFrame: return "bad_frame";
    case CloseCode::kNoHello: return "no_hello";
    case CloseCode::kTooLarge: return "too_large";
    case CloseCode::kForbidden: return "forbidden";
    case CloseCode::kReplaced: return "replaced";
    case CloseCode::kSignedOut: return "signed_out";
  }
  return "";
}

}  // namespace beckon::protocol
