// The operators there are: listed, added, changed; what a value may be, and who is told of a change.
//
// Thread safety: none; every call on the thread that its Poster stands for, and so is every reply.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "operators/outcome.hpp"
#include "store/bus.hpp"
#include "store/operator_records.hpp"
#include "store/store.hpp"

namespace beckon::operators {

// What is not there stays as it is.
struct OperatorChange {
  std::optional<std::string> name, picture, password_hash;
  std::optional<store::Role> role;
  std::optional<int> capacity;
  std::optional<std::vector<std::string>> skills, groups;
  std::optional<std::vector<base::SiteId>> sites;
  std::optional<bool> disabled;
};

using store::LastAdmin;

// Gives the sites that there are, on the roster's thread. Empty: nobody knows, and an operator may be given any.
using KnownSites = std::function<std::vector<base::SiteId>()>;

class Roster {
 public:
  // All must outlive the roster.
  Roster(store::Store& store, store::Bus& bus, const base::Clock& clock, store::Poster post,
         KnownSites sites = {});

  // By login.
  void list(Reply<std::vector<store::OperatorRecord>> reply);
  // kNotFound.
  void find(const base::OperatorId& id, Reply<store::OperatorRecord> reply);
  // `record`: without id, created and version; its login in any case of letters. kInvalid (a site that is not there
  // included; one that an operator has already may stay), kConflict.
  void add(store::OperatorRecord record, Reply<store::OperatorRecord> reply);
  // An operator who is disabled, or has a new password, is signed out everywhere. kNotFound, kInvalid, kConflict.
  void change(const base::OperatorId& id, OperatorChange change, LastAdmin last_admin,
              Reply<store::OperatorRecord> reply);
  // Tells everybody that something about the operator, or their sessions, is new.
  void announce(const base::OperatorId& id);

 private:
  void save(store::OperatorRecord record, const store::OperatorRecord* before, LastAdmin last_admin,
            Reply<store::OperatorRecord> reply);
  [[nodiscard]] std::string complaint_about_new_sites(const store::OperatorRecord& record,
                                                      const store::OperatorRecord* before) const;

  store::Store& store_;
  store::Bus& bus_;
  const base::Clock& clock_;
  const store::Poster post_;
  const KnownSites sites_;
};

// The Bus topic of announce(); the site is empty.
inline constexpr std::string_view kOperatorsTopic = "operators";

// Small letters of a login, as it is kept: ASCII alone changes.
[[nodiscard]] std::string login_of(std::string_view typed);

// Why the record cannot be; empty when it can.
[[nodiscard]] std::string complaint_about(const store::OperatorRecord& record);

}  // namespace beckon::operators
