// Accounts over a store in memory and a clock that stands, with passwords really hashed.
#pragma once

#include <catch2/catch.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "operators/accounts.hpp"
#include "operators/password.hpp"
#include "operators/setup_link.hpp"
#include "store/memory_store.hpp"
#include "store/task_queue.hpp"

namespace beckon::test {

inline const std::string kPassword = "correct horse";

class Office {
 public:
  Office()
      : store(store::make_memory_store()),
        bus(store::make_local_bus()),
        accounts({*store, *bus, clock, log, passwords, key, tasks.poster()}),
        told_(bus->subscribe(base::SiteId(), operators::kOperatorsTopic, tasks.poster(),
                             [this](const store::BusMessage& message) { told.push_back(message.body); })) {}

  // Runs until the reply is there.
  template <class T, class Call>
  operators::Outcome<T> ask(const Call& call) {
    std::optional<operators::Outcome<T>> answer;
    call([&](operators::Outcome<T> outcome) { answer = std::move(outcome); });
    tasks.run_until([&] { return answer.has_value(); });
    return std::move(*answer);
  }

  store::OperatorRecord add(const std::string& login, store::Role role = store::Role::kOperator) {
    store::OperatorRecord record;
    record.login = login;
    record.name = "Of " + login;
    record.role = role;
    auto added = ask<store::OperatorRecord>([&](auto reply) { accounts.add(record, kPassword, reply); });
    REQUIRE(added);
    return *added;
  }
  operators::Outcome<operators::SignedIn> login(const std::string& login, const std::string& password,
                                                const std::string& client = "203.0.113.7",
                                                const std::string& old_token = "", const std::string& device = "") {
    return ask<operators::SignedIn>(
        [&](auto reply) { accounts.login({client, login, password, old_token, device}, reply); });
  }
  operators::Outcome<operators::Known> identify(const std::string& token, const std::string& client = "203.0.113.7") {
    return ask<operators::Known>([&](auto reply) { accounts.identify(client, token, reply); });
  }
  operators::Outcome<operators::SignedIn> setup(const std::string& secret, const std::string& password = kPassword) {
    return ask<operators::SignedIn>([&](auto reply) {
      accounts.setup({"203.0.113.7", secret, "first", "First", password}, reply);
    });
  }
  // The secret of a link that the store knows.
  std::string make_link() {
    const operators::SetupLink link = operators::new_setup_link(key, clock.now());
    bool saved = false;
    store->save_setting(base::SiteId(), operators::kSetupSetting, link.setting, tasks.poster(),
                        [&](base::Status status) { saved = status.ok(); });
    tasks.run_until([&] { return saved; });
    return link.secret;
  }

  base::ManualClock clock;
  base::Log log{base::LogLevel::kOff, base::LogFormat::kText};
  base::Secret key = base::Secret::random();
  store::TaskQueue tasks;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<store::Bus> bus;
  operators::PasswordThread passwords;
  operators::Accounts accounts;
  std::vector<std::string> told;  // bodies of the topic `operators`

 private:
  store::Subscription told_;
};

inline operators::Why why(const auto& outcome) {
  REQUIRE_FALSE(outcome);
  return outcome.refusal().why;
}

}  // namespace beckon::test
