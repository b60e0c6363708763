// Operators as JSON: what the console's API and orders from the command line say and are answered.
//
//   {"id":"p_…","login":"ada","name":"Ada","role":"admin","capacity":4,"skills":[],"groups":[],"sites":[],
//    "disabled":false,"version":3}
//
// Thread safety: free functions; any thread.
#pragma once

#include <string>
#include <string_view>

#include "beckon/json/writer.hpp"
#include "operators/roster.hpp"
#include "store/operator_records.hpp"

namespace beckon::operators {

// Everything but the password's hash.
void write_operator(json::Writer& out, const store::OperatorRecord& record);

// An operator to be added. `secret`: the value of the field `password`.
struct NewOperator {
  store::OperatorRecord record;
  std::string secret;
};
// What is wrong with the text, or empty.
[[nodiscard]] std::string read_new_operator(std::string_view text, NewOperator& out);

struct ChangedOperator {
  OperatorChange change;
  std::string secret;  // empty: the password stays
};
[[nodiscard]] std::string read_change(std::string_view text, ChangedOperator& out);

}  // namespace beckon::operators
