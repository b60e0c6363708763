#include "operators/sessions.hpp"

#include <algorithm>

#include "base/ids.hpp"

namespace beckon::operators {
namespace {

constexpr std::size_t kTokenCharacters = 43;
constexpr std::string_view kContext = "beckon console session";

}  // namespace

std::optional<base::TokenHash> session_hash(const base::Secret& key, std::string_view token) {
  if (token.size() != kTokenCharacters || !base::is_plain_name(token)) return std::nullopt;
  // With a context: a token of another kind under the same key is none of this.
  return base::hash_token(key, std::string(kContext) + '\0' + std::string(token));
}

NewSession new_session(const base::Secret& key, const base::OperatorId& who, base::Instant now) {
  NewSession session;
  session.token = base::new_token();
  session.record = {*session_hash(key, session.token), who, now, now + kSessionIdle};
  return session;
}

bool is_over(const store::SessionRecord& session, base::Instant now) {
  return now >= std::min(session.expires, session.created + kSessionLives);
}

std::optional<base::Instant> prolonged(const store::SessionRecord& session, base::Instant now) {
  const base::Instant end = std::min<base::Instant>(now + kSessionIdle, session.created + kSessionLives);
  if (end < session.expires + kProlongBy) return std::nullopt;
  return end;
}

}  // namespace beckon::operators
