#include "store/migrations.hpp"

#include <string>

namespace beckon::store {
namespace {

// PRAGMA application_id of our databases: "Bckn".
constexpr std::int64_t kApplicationId = 0x42636b6e;

base::Status check_owner(Database& db) {
  const std::int64_t owner = db.number("PRAGMA application_id").value_or(0);
  const std::int64_t tables = db.number("SELECT count(*) FROM sqlite_schema").value_or(0);
  if (db.failed()) return db.take_error();
  if (owner == kApplicationId || (owner == 0 && tables == 0)) return {};
  return base::Error{base::ErrorCode::kCorrupt, "the file is a database, but not one of Beckon's"};
}

base::Error too_new(std::int64_t found) {
  return {base::ErrorCode::kTooNew, "the database was written by a later version of Beckon (tables " +
                                        std::to_string(found) + ", this version knows " +
                                        std::to_string(latest_version()) + ")"};
}

}  // namespace

int latest_version() { return static_cast<int>(migrations().size()); }

base::Status migrate(Database& db, int version) {
  if (base::Status ours = check_owner(db); !ours) return ours;
  const std::int64_t found = db.number("PRAGMA user_version").value_or(0);
  if (found > latest_version()) return too_new(found);
  for (const Migration& step : migrations()) {
    if (step.version <= found || step.version > version) continue;
    db.begin();
    db.run(step.sql);
    db.run(("PRAGMA user_version=" + std::to_string(step.version)).c_str());
    db.run(("PRAGMA application_id=" + std::to_string(kApplicationId)).c_str());
    if (base::Status kept = db.commit(); !kept) {
      return base::Error{kept.error().code, std::string(step.name) + ": " + kept.error().message};
    }
  }
  return db.status();
}

base::Status check_version(Database& db) {
  if (base::Status ours = check_owner(db); !ours) return ours;
  const std::int64_t found = db.number("PRAGMA user_version").value_or(0);
  if (db.failed()) return db.take_error();
  if (found > latest_version()) return too_new(found);
  if (found < latest_version()) {
    return base::Error{
        base::ErrorCode::kConflict,
        "the database is of an earlier version of Beckon: start the server once, it brings it up to date"};
  }
  return {};
}

}  // namespace beckon::store
