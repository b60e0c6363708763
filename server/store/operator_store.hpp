// The part of the Store that the console's people live in: operators and their sessions. They are the server's, not a
// site's. What durable and read mean, how answers come and who may call: store.hpp.
#pragma once

#include <optional>
#include <vector>

#include "store/operator_records.hpp"
#include "store/post.hpp"

namespace beckon::store {

class OperatorStore {
 public:
  virtual ~OperatorStore() = default;

  // durable. Compare-and-set: `expected_version` is that of the record which this one replaces; 0: it is new. Answered
  // with the record as it is kept, its version one higher.
  // kConflict: the version is another, or another operator has the login, or the last admin who can
  // sign in would be none any more and `last_admin` does not allow it. kNotFound: no operator of that id (and
  // expected_version is not 0). kInvalid: a value out of its bounds, or kMaxOperators are there already.
  virtual void save_operator(OperatorRecord record, std::uint64_t expected_version, LastAdmin last_admin,
                             const Poster& post, Callback<OperatorRecord> done) = 0;
  // read. All of them, by login, disabled ones included.
  virtual void operators(const Poster& post, Callback<std::vector<OperatorRecord>> done) = 0;

  // durable. Sessions that had expired when this one was created go; of an operator's more than
  // kMaxSessionsPerOperator the oldest. A session with the same hash is replaced: so a session is prolonged.
  // kNotFound: no such operator.
  virtual void add_session(SessionRecord session, const Poster& post, Callback<void> done) = 0;
  // read.
  virtual void find_session(const base::TokenHash& hash, const Poster& post,
                            Callback<std::optional<SessionRecord>> done) = 0;
  // behind. Moves `expires` to a later instant, when the session is there; never to an earlier one.
  virtual void prolong_session(const base::TokenHash& hash, Instant expires) = 0;
  // durable. One that is not there has ended already.
  virtual void end_session(const base::TokenHash& hash, const Poster& post, Callback<void> done) = 0;
  // durable. All of an operator's, except `but`.
  virtual void end_sessions(const base::OperatorId& who, std::optional<base::TokenHash> but, const Poster& post,
                            Callback<void> done) = 0;
};

}  // namespace beckon::store
