#include "store/sqlite_operator_store.hpp"

#include "store/operator_rules.hpp"

namespace beckon::store {

void SqliteOperatorStore::save_operator(OperatorRecord record, std::uint64_t expected_version, LastAdmin last_admin,
                                        const Poster& post, Callback<OperatorRecord> done) {
  if (base::Status fits = check(record); !fits) return answer<OperatorRecord>(post, std::move(done), fits.error());
  write<OperatorRecord>(post, std::move(done), [record = std::move(record), expected_version, last_admin](Writer& w) {
    return store::save_operator(w.people(), record, expected_version, last_admin);
  });
}

void SqliteOperatorStore::operators(const Poster& post, Callback<std::vector<OperatorRecord>> done) {
  read<std::vector<OperatorRecord>>(post, std::move(done), [](Reader& r) { return r.operators(); });
}

void SqliteOperatorStore::add_session(SessionRecord session, const Poster& post, Callback<void> done) {
  write<void>(post, std::move(done),
              [session = std::move(session)](Writer& w) { return w.people().add_session(session); });
}

void SqliteOperatorStore::find_session(const base::TokenHash& hash, const Poster& post,
                                       Callback<std::optional<SessionRecord>> done) {
  read<std::optional<SessionRecord>>(post, std::move(done), [hash](Reader& r) { return r.find_session(hash); });
}

void SqliteOperatorStore::prolong_session(const base::TokenHash& hash, Instant expires) {
  write_behind(0, [hash, expires](Writer& w) { w.people().prolong_session(hash, expires); });
}

void SqliteOperatorStore::end_session(const base::TokenHash& hash, const Poster& post, Callback<void> done) {
  write<void>(post, std::move(done), [hash](Writer& w) {
    w.people().end_session(hash);
    return base::Status();
  });
}

void SqliteOperatorStore::end_sessions(const base::OperatorId& who, std::optional<base::TokenHash> but,
                                       const Poster& post, Callback<void> done) {
  write<void>(post, std::move(done), [who, but](Writer& w) {
    w.people().end_sessions(who, but);
    return base::Status();
  });
}

}  // namespace beckon::store
