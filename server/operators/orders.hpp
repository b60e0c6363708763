// What `beckon operators` orders: carried out by a running server (store/request_files.hpp, in DIR/operators), or by the
// command itself where none runs. Passwords come as hashes: no file holds one.
//
// Thread safety: format is a pure function; carry_out as Roster.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "operators/roster.hpp"

namespace beckon::operators {

enum class Verb : std::uint8_t { kList, kAdd, kPassword, kDisable, kEnable };

struct Order {
  Verb verb = Verb::kList;
  std::string login;  // whom; not of kList and kAdd
  std::string text;   // kAdd: as read_new_operator takes it, the password a hash; kPassword: the hash
};

// One line for the verb, one for the login, then the text.
[[nodiscard]] std::string format(const Order& order);

// Answers with {"operators":[…]} of those that it was about, or of all.
void carry_out(Roster& roster, std::string_view order, std::function<void(base::Result<std::string>)> answer);

// Where orders for the server of this data are put.
[[nodiscard]] std::filesystem::path orders_folder(const std::filesystem::path& data);

}  // namespace beckon::operators
