#include "operators/orders.hpp"

#include <algorithm>
#include <array>

#include "operators/operator_json.hpp"

namespace beckon::operators {
namespace {

using Answer = std::function<void(base::Result<std::string>)>;

constexpr std::array<std::string_view, 5> kVerbs{"list", "add", "password", "disable", "enable"};

std::string take_line(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(text.size(), line.size() + 1));
  return std::string(line);
}

bool is_hash(std::string_view text) { return text.starts_with("$argon2id$"); }

base::Error error_of(const Refusal& refusal) {
  return {base::ErrorCode::kInvalid, refusal.detail.empty() ? refusal.message : refusal.detail};
}

std::string listed(const std::vector<store::OperatorRecord>& records) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("operators").begin_array();
  for (const store::OperatorRecord& record : records) write_operator(out, record);
  out.end_array().end_object();
  return text;
}

Reply<store::OperatorRecord> one_to(Answer answer) {
  return [answer = std::move(answer)](Outcome<store::OperatorRecord> saved) {
    if (!saved) return answer(error_of(saved.refusal()));
    answer(listed({*saved}));
  };
}

void add(Roster& roster, std::string_view text, Answer answer) {
  NewOperator fresh;
  if (std::string wrong = read_new_operator(text, fresh); !wrong.empty())
    return answer(base::Error{base::ErrorCode::kInvalid, wrong});
  if (!is_hash(fresh.secret)) return answer(base::Error{base::ErrorCode::kInvalid, "the password is no hash"});
  fresh.record.password_hash = std::move(fresh.secret);
  roster.add(std::move(fresh.record), one_to(std::move(answer)));
}

void change(Roster& roster, const std::string& login, OperatorChange change, Answer answer) {
  roster.list([&roster, login = login_of(login), change = std::move(change),
               answer = std::move(answer)](Outcome<std::vector<store::OperatorRecord>> all) {
    if (!all) return answer(error_of(all.refusal()));
    const auto found = std::find_if(all->begin(), all->end(), [&](const auto& each) { return each.login == login; });
    if (found == all->end())
      return answer(base::Error{base::ErrorCode::kNotFound, "there is no operator \"" + login + "\""});
    // Whoever is at the machine can always make another admin.
    roster.change(found->id, change, LastAdmin::kMayGo, one_to(answer));
  });
}

}  // namespace

std::string format(const Order& order) {
  return std::string(kVerbs[static_cast<std::size_t>(order.verb)]) + '\n' + order.login + '\n' + order.text;
}

void carry_out(Roster& roster, std::string_view order, std::function<void(base::Result<std::string>)> answer) {
  const std::string verb = take_line(order), login = take_line(order);
  OperatorChange changed;
  switch (static_cast<Verb>(std::find(kVerbs.begin(), kVerbs.end(), verb) - kVerbs.begin())) {
    case Verb::kList:
      return roster.list([answer = std::move(answer)](Outcome<std::vector<store::OperatorRecord>> all) {
        if (!all) return answer(error_of(all.refusal()));
        answer(listed(*all));
      });
    case Verb::kAdd: return add(roster, order, std::move(answer));
    case Verb::kPassword:
      if (!is_hash(order)) return answer(base::Error{base::ErrorCode::kInvalid, "the password is no hash"});
      changed.password_hash = order;
      return change(roster, login, std::move(changed), std::move(answer));
    case Verb::kDisable: changed.disabled = true; return change(roster, login, std::move(changed), std::move(answer));
    case Verb::kEnable: changed.disabled = false; return change(roster, login, std::move(changed), std::move(answer));
  }
  answer(base::Error{base::ErrorCode::kInvalid, "the order could not be read"});
}

std::filesystem::path orders_folder(const std::filesystem::path& data) { return data / "operators"; }

}  // namespace beckon::operators
