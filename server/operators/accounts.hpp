// Signing in and what follows from it: sessions, passwords, the first operator. Nothing here knows HTTP.
//
//   accounts.login({client, "ada", "correct horse", old_token}, [](Outcome<SignedIn> who) { … });
//
// Guesses are counted before they are looked at, and an operator who does not exist takes as long as a wrong password.
// Strangers' are counted by address and by login; those of a browser in which that login has signed in before, or of a
// session, by themselves: what strangers try keeps nobody out there.
//
// Thread safety: every public function may be called from any thread; replies come on the thread that the Poster stands
// for, where all the state lives.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/secret.hpp"
#include "base/tally.hpp"
#include "operators/outcome.hpp"
#include "operators/password_thread.hpp"
#include "operators/roster.hpp"
#include "operators/throttle.hpp"
#include "store/bus.hpp"
#include "store/store.hpp"

namespace beckon::operators {

// All must outlive the accounts.
struct AccountParts {
  store::Store& store;
  store::Bus& bus;
  const base::Clock& clock;
  base::Log& log;
  PasswordThread& passwords;
  base::Secret key;    // of cookies and the first link: the same after a restart
  store::Poster post;
  KnownSites sites = {};
};

// `client`: what a stranger's guesses are counted under beside the login; empty: not known.
struct Login {
  std::string client, login, password;
  std::string old_token;    // of the cookie that came along; its session ends
  std::string device = {};  // of the other one: devices.hpp
};
struct PasswordChange {
  std::string client, token, old_password, new_password;
};
struct Setup {
  std::string client, secret, login, name, password;
};

// A new session. `token` is the cookie's value, `device` that of the one by which the browser is known from now on.
struct SignedIn {
  store::OperatorRecord who;
  std::string token, device;
};
// A session that is good.
struct Known {
  store::OperatorRecord who;
  base::TokenHash session;
};

// What became of a login.
enum class LoginResult : std::uint8_t { kOk, kRefused, kThrottled, kFailed };  // kFailed: it could not be looked at
inline constexpr std::array<std::string_view, 4> kLoginResults{"ok", "refused", "throttled", "failed"};  // their names
using LoginTally = base::Tally<LoginResult, kLoginResults.size()>;

class Accounts {
 public:
  explicit Accounts(AccountParts parts);

  void login(Login request, Reply<SignedIn> reply);           // kBadLogin, kThrottled
  // Whose session a cookie is; every use prolongs it.
  void identify(std::string client, std::string token, Reply<Known> reply);  // kSignedOut, kThrottled
  void logout(std::string token, Reply<Done> reply);          // a session that is over is none the less fine
  // All other sessions end, and this one is replaced.
  void change_password(PasswordChange request, Reply<SignedIn> reply);  // kSignedOut, kBadLogin, kThrottled, kInvalid
  // The first operator, an admin. kForbidden: the link is not good, used or old, or there are operators already.
  void setup(Setup request, Reply<SignedIn> reply);

  // For admins; see Roster. `password`: of the new operator, or empty in a change: it stays.
  void list(Reply<std::vector<store::OperatorRecord>> reply);
  void add(store::OperatorRecord record, std::string password, Reply<store::OperatorRecord> reply);
  void change(base::OperatorId id, OperatorChange change, std::string password, Reply<store::OperatorRecord> reply);

  // Since the start. Any thread.
  [[nodiscard]] LoginTally::Counts logins() const { return logins_.counts(); }

 private:
  struct Guess;

  [[nodiscard]] Reply<SignedIn> counted(Reply<SignedIn> reply);
  [[nodiscard]] std::optional<Refusal> begin_guess(const Guess& guess);
  void end_guess(const Guess& guess);  // it was right
  void verify(Guess guess, std::string hash, std::string password, Reply<Done> reply);
  void open_session(store::OperatorRecord who, const std::string& old_token, Reply<SignedIn> reply);
  void look_up(std::string client, const std::string& token, Reply<Known> reply);
  [[nodiscard]] Refusal wrong_token(const std::string& client);
  // A hash of the password, when it is one that may be.
  void hash(std::string password, Reply<std::string> reply);
  void set_up(Setup request, Reply<SignedIn> reply);
  void make_first(Setup request, Reply<SignedIn> reply);

  AccountParts parts_;
  Roster roster_;
  Throttle wrong_passwords_{kWrongPasswords, kWrongPasswordEvery};
  Throttle wrong_for_login_{kWrongPasswordsForLogin, kWrongPasswordForLoginEvery};
  Throttle wrong_tokens_{kWrongTokens, kWrongTokenEvery};
  bool setting_up_ = false;
  LoginTally logins_;
};

}  // namespace beckon::operators
