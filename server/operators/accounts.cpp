#include "operators/accounts.hpp"

#include <algorithm>

#include "operators/devices.hpp"
#include "operators/password.hpp"
#include "operators/sessions.hpp"
#include "operators/setup_link.hpp"

namespace beckon::operators {
namespace {

Refusal bad_login() { return {Why::kBadLogin, "the login or the password is wrong"}; }
Refusal signed_out() { return {Why::kSignedOut, "sign in first"}; }
Refusal bad_link() { return {Why::kForbidden, "this link is not good: it was used, is older than a day, or is not whole"}; }
Refusal throttled(std::chrono::seconds wait) { return {Why::kThrottled, "too many wrong tries; wait a little", wait}; }

}  // namespace

namespace {

LoginResult result_of(const Outcome<SignedIn>& who) {
  if (who) return LoginResult::kOk;
  switch (who.refusal().why) {
    case Why::kBadLogin: return LoginResult::kRefused;
    case Why::kThrottled: return LoginResult::kThrottled;
    default: return LoginResult::kFailed;
  }
}

}  // namespace

// What a wrong password is held against. Empty: nothing.
struct Accounts::Guess {
  // In wrong_passwords_: an address, a device or a session.
  std::string who;
  // In wrong_for_login_.
  std::string login;
  Asker asker = Asker::kStranger;

  static Guess of_stranger(const std::string& client, const std::string& login) {
    return {client.empty() ? "" : "address " + client, login, Asker::kStranger};
  }
  static Guess of_device(const std::string& device) { return {"device " + device, "", Asker::kKnown}; }
  static Guess of_session(const base::OperatorId& of) { return {"operator " + of.text(), "", Asker::kKnown}; }
};

Accounts::Accounts(AccountParts parts)
    : parts_(std::move(parts)), roster_(parts_.store, parts_.bus, parts_.clock, parts_.post, parts_.sites) {}

// --- Guesses ---------------------------------------------------------------------------------------------------------

std::optional<Refusal> Accounts::begin_guess(const Guess& guess) {
  const base::Instant now = parts_.clock.now();
  // Both are looked at before either is counted: who is refused for one is not held against the other.
  auto wait = std::max(wrong_passwords_.look(guess.who, now), wrong_for_login_.look(guess.login, now));
  if (wait) return throttled(*wait);
  wait = std::max(wrong_passwords_.take(guess.who, now), wrong_for_login_.take(guess.login, now));
  return wait ? std::optional(throttled(*wait)) : std::nullopt;
}

void Accounts::end_guess(const Guess& guess) {
  wrong_passwords_.give_back(guess.who);
  wrong_for_login_.give_back(guess.login);
}

void Accounts::verify(Guess guess, std::string hash, std::string password, Reply<Done> reply) {
  parts_.passwords.verify(guess.asker, std::move(hash), std::move(password), parts_.post,
                          [this, guess = std::move(guess), reply = std::move(reply)](base::Result<bool> right) {
                            if (!right || *right) end_guess(guess);
                            if (!right) return reply(refusal_of(right.error()));
                            if (!*right) return reply(bad_login());
                            reply(Done{});
                          });
}

Refusal Accounts::wrong_token(const std::string& client) {
  const auto wait = wrong_tokens_.take(client, parts_.clock.now());
  return wait ? throttled(*wait) : signed_out();
}

Reply<SignedIn> Accounts::counted(Reply<SignedIn> reply) {
  return [this, reply = std::move(reply)](Outcome<SignedIn> who) {
    logins_.count(result_of(who));
    reply(std::move(who));
  };
}

// --- Sessions --------------------------------------------------------------------------------------------------------

void Accounts::login(Login request, Reply<SignedIn> reply) {
  parts_.post([this, request = std::move(request), reply = counted(std::move(reply))]() mutable {
    request.login = login_of(request.login);
    const auto device = known_device(parts_.key, request.login, request.device, parts_.clock.now());
    const Guess guess = device ? Guess::of_device(*device) : Guess::of_stranger(request.client, request.login);
    if (auto refusal = begin_guess(guess)) return reply(std::move(*refusal));
    roster_.list([this, guess, request, reply](Outcome<std::vector<store::OperatorRecord>> all) {
      if (!all) {
        end_guess(guess);
        return reply(all.refusal());
      }
      const auto found = std::find_if(all->begin(), all->end(), [&](const store::OperatorRecord& each) {
        return each.login == request.login && !each.disabled;
      });
      const store::OperatorRecord who = found == all->end() ? store::OperatorRecord() : *found;
      verify(guess, who.password_hash, request.password, [this, who, request, reply](Outcome<Done> right) {
        if (!right) return reply(right.refusal());
        open_session(who, request.old_token, reply);
      });
    });
  });
}

void Accounts::open_session(store::OperatorRecord who, const std::string& old_token, Reply<SignedIn> reply) {
  const base::Instant now = parts_.clock.now();
  const NewSession session = new_session(parts_.key, who.id, now);
  SignedIn in{std::move(who), session.token, {}};
  in.device = new_device(parts_.key, in.who.login, now);
  const auto old = session_hash(parts_.key, old_token);
  parts_.store.add_session(session.record, parts_.post,
                           [this, in = std::move(in), old, reply = std::move(reply)](base::Status added) {
                             if (!added) return reply(refusal_of(added.error()));
                             if (!old) return reply(in);
                             parts_.store.end_session(*old, parts_.post, [this, in, reply](base::Status ended) {
                               roster_.announce(in.who.id);
                               if (!ended) return reply(refusal_of(ended.error()));
                               reply(in);
                             });
                           });
}

void Accounts::identify(std::string client, std::string token, Reply<Known> reply) {
  parts_.post([this, client = std::move(client), token = std::move(token), reply = std::move(reply)] {
    look_up(client, token, reply);
  });
}

void Accounts::look_up(std::string client, const std::string& token, Reply<Known> reply) {
  const auto hash = session_hash(parts_.key, token);
  // No cookie is no guess.
  if (!hash) return reply(token.empty() ? signed_out() : wrong_token(client));
  parts_.store.find_session(
      *hash, parts_.post,
      [this, client = std::move(client), reply = std::move(reply)](base::Result<std::optional<store::SessionRecord>> found) {
        if (!found) return reply(refusal_of(found.error()));
        const base::Instant now = parts_.clock.now();
        if (!*found || is_over(**found, now)) return reply(wrong_token(client));
        const store::SessionRecord session = **found;
        roster_.find(session.operator_id, [this, session, now, reply](Outcome<store::OperatorRecord> who) {
          if (!who && who.refusal().why != Why::kNotFound) return reply(who.refusal());
          if (!who || who->disabled) return reply(signed_out());
          if (const auto end = prolonged(session, now)) parts_.store.prolong_session(session.hash, *end);
          reply(Known{*who, session.hash});
        });
      });
}

void Accounts::logout(std::string token, Reply<Done> reply) {
  parts_.post([this, token = std::move(token), reply = std::move(reply)] {
    const auto hash = session_hash(parts_.key, token);
    if (!hash) return reply(Done{});
    parts_.store.find_session(*hash, parts_.post, [this, hash, reply](auto found) {
      if (!found) return reply(refusal_of(found.error()));
      if (!*found) return reply(Done{});
      const base::OperatorId who = (*found)->operator_id;
      parts_.store.end_session(*hash, parts_.post, [this, who, reply](base::Status ended) {
        if (!ended) return reply(refusal_of(ended.error()));
        roster_.announce(who);
        reply(Done{});
      });
    });
  });
}

// --- Passwords -------------------------------------------------------------------------------------------------------

void Accounts::hash(std::string password, Reply<std::string> reply) {
  if (std::string wrong = complaint_about_password(password); !wrong.empty())
    return reply(Refusal{Why::kInvalid, std::move(wrong)});
  parts_.passwords.hash(std::move(password), parts_.post, [reply = std::move(reply)](base::Result<std::string> hash) {
    if (!hash) return reply(refusal_of(hash.error()));
    reply(std::move(*hash));
  });
}

void Accounts::change_password(PasswordChange request, Reply<SignedIn> reply) {
  parts_.post([this, request = std::move(request), reply = std::move(reply)] {
    look_up(request.client, request.token, [this, request, reply](Outcome<Known> known) {
      if (!known) return reply(known.refusal());
      const store::OperatorRecord who = known->who;
      const Guess guess = Guess::of_session(who.id);
      if (auto refusal = begin_guess(guess)) return reply(std::move(*refusal));
      verify(guess, who.password_hash, request.old_password, [this, who, request, reply](Outcome<Done> right) {
        if (!right) return reply(right.refusal());
        hash(request.new_password, [this, who, reply](Outcome<std::string> hash) {
          if (!hash) return reply(hash.refusal());
          OperatorChange change;
          change.password_hash = *hash;
          roster_.change(who.id, std::move(change), LastAdmin::kStays, [this, reply](Outcome<store::OperatorRecord> saved) {
            if (!saved) return reply(saved.refusal());
            open_session(*saved, "", reply);
          });
        });
      });
    });
  });
}

// --- The first operator ----------------------------------------------------------------------------------------------

void Accounts::setup(Setup request, Reply<SignedIn> reply) {
  parts_.post([this, request = std::move(request), reply = std::move(reply)] {
    const Guess guess = Guess::of_stranger(request.client, "");
    if (auto refusal = begin_guess(guess)) return reply(std::move(*refusal));
    // One after the other: the second to use the link must find what the first has made.
    if (setting_up_) return reply(bad_link());
    setting_up_ = true;
    set_up(request, [this, guess, reply](Outcome<SignedIn> who) {
      setting_up_ = false;
      if (who || who.refusal().why != Why::kForbidden) end_guess(guess);
      reply(std::move(who));
    });
  });
}

void Accounts::set_up(Setup request, Reply<SignedIn> reply) {
  parts_.store.load_setting(
      base::SiteId(), kSetupSetting, parts_.post,
      [this, request = std::move(request), reply = std::move(reply)](base::Result<std::optional<std::string>> kept) {
        if (!kept) return reply(refusal_of(kept.error()));
        if (!is_setup_secret(parts_.key, kept->value_or(""), request.secret, parts_.clock.now())) return reply(bad_link());
        roster_.list([this, request, reply](Outcome<std::vector<store::OperatorRecord>> all) {
          if (!all) return reply(all.refusal());
          if (!all->empty()) return reply(bad_link());
          make_first(request, reply);
        });
      });
}

void Accounts::make_first(Setup request, Reply<SignedIn> reply) {
  hash(request.password, [this, request, reply = std::move(reply)](Outcome<std::string> hash) {
    if (!hash) return reply(hash.refusal());
    store::OperatorRecord record;
    record.login = request.login;
    record.name = request.name;
    record.role = store::Role::kAdmin;
    record.password_hash = *hash;
    roster_.add(std::move(record), [this, reply](Outcome<store::OperatorRecord> added) {
      if (!added) return reply(added.refusal());
      parts_.log.info("the first operator was made with the one-time link", {{"login", added->login}});
      // Where this fails the link is worth nothing all the same: there is an operator now.
      parts_.store.save_setting(base::SiteId(), kSetupSetting, "", parts_.post,
                                [this, who = *added, reply](base::Status) { open_session(who, "", reply); });
    });
  });
}

// --- For admins ------------------------------------------------------------------------------------------------------

void Accounts::list(Reply<std::vector<store::OperatorRecord>> reply) {
  parts_.post([this, reply = std::move(reply)] { roster_.list(reply); });
}

void Accounts::add(store::OperatorRecord record, std::string password, Reply<store::OperatorRecord> reply) {
  parts_.post([this, record = std::move(record), password = std::move(password), reply = std::move(reply)] {
    hash(password, [this, record, reply](Outcome<std::string> hash) mutable {
      if (!hash) return reply(hash.refusal());
      record.password_hash = *hash;
      roster_.add(std::move(record), reply);
    });
  });
}

void Accounts::change(base::OperatorId id, OperatorChange change, std::string password,
                      Reply<store::OperatorRecord> reply) {
  parts_.post([this, id = std::move(id), change = std::move(change), password = std::move(password),
               reply = std::move(reply)] {
    if (password.empty()) return roster_.change(id, change, LastAdmin::kStays, reply);
    hash(password, [this, id, change, reply](Outcome<std::string> hash) mutable {
      if (!hash) return reply(hash.refusal());
      change.password_hash = *hash;
      roster_.change(id, std::move(change), LastAdmin::kStays, reply);
    });
  });
}

}  // namespace beckon::operators
