#include "http/console_door.hpp"

#include <algorithm>

#include "http/console_request.hpp"
#include "http/json_answer.hpp"
#include "protocol/frames.hpp"

namespace beckon::http {
namespace {

bool names(std::string_view list, std::string_view wanted) {
  while (!list.empty()) {
    std::string_view one = list.substr(0, list.find(','));
    list.remove_prefix(std::min(list.size(), one.size() + 1));
    while (one.starts_with(' ')) one.remove_prefix(1);
    while (one.ends_with(' ')) one.remove_suffix(1);
    if (one == wanted) return true;
  }
  return false;
}

}  // namespace

void ConsoleDoor::admit(const net::HttpRequest& request, Answer answer) const {
  if (auto foreign = refusal_of_origin(request, *access_.get())) return answer(std::move(*foreign));
  if (!names(request.header("Sec-WebSocket-Protocol"), protocol::kConsoleSubprotocol))
    return answer(error_response(400, "bad_protocol", "Sec-WebSocket-Protocol must offer beckon.console.v1"));
  accounts_.identify(request.client, session_token(request),
                     [client = request.client, answer = std::move(answer)](operators::Outcome<operators::Known> known) {
                       if (!known) return answer(refusal_response(known.refusal()));
                       answer(core::OperatorUpgrade{known->who.id, known->session, client});
                     });
}

}  // namespace beckon::http
