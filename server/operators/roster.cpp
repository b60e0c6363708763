#include "operators/roster.hpp"

#include <algorithm>
#include <span>

#include "base/limits.hpp"
#include "beckon/json/writer.hpp"
#include "store/limits.hpp"

namespace beckon::operators {
namespace {

constexpr std::size_t kMaxTagBytes = 64;
constexpr std::size_t kMaxSitesNamed = 20;  // in an error

bool is_login_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-' || c == '@' || c == '+';
}

bool is_text(std::string_view text, std::size_t least, std::size_t most) {
  return text.size() >= least && text.size() <= most &&
         std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; });
}

// Pictures come from where the console and the widget may load them: this server or an https address.
bool is_picture(std::string_view text) {
  if (text.empty()) return true;
  const bool own = text.starts_with('/') && !text.starts_with("//") && text.find('\\') == text.npos;
  return (own || text.starts_with("https://")) && text.find(' ') == text.npos;
}

std::string complaint_about_tags(const std::vector<std::string>& tags, const char* what) {
  if (tags.size() > store::kMaxOperatorTags)
    return "an operator has at most " + std::to_string(store::kMaxOperatorTags) + ' ' + what;
  const bool fine = std::all_of(tags.begin(), tags.end(), [](const auto& tag) { return is_text(tag, 1, kMaxTagBytes); });
  return fine ? "" : std::string("one of the ") + what + " is empty or over " + std::to_string(kMaxTagBytes) + " bytes";
}

void apply(OperatorChange& change, store::OperatorRecord& record) {
  if (change.name) record.name = std::move(*change.name);
  if (change.picture) record.picture = std::move(*change.picture);
  if (change.password_hash) record.password_hash = std::move(*change.password_hash);
  if (change.role) record.role = *change.role;
  if (change.capacity) record.capacity = *change.capacity;
  if (change.skills) record.skills = std::move(*change.skills);
  if (change.groups) record.groups = std::move(*change.groups);
  if (change.sites) record.sites = std::move(*change.sites);
  if (change.disabled) record.disabled = *change.disabled;
}

bool has(const std::vector<base::SiteId>& sites, const base::SiteId& site) {
  return std::find(sites.begin(), sites.end(), site) != sites.end();
}

std::string named(const std::vector<base::SiteId>& sites) {
  std::string text;
  for (const base::SiteId& site : std::span(sites).first(std::min(sites.size(), kMaxSitesNamed)))
    text += (text.empty() ? "" : ", ") + site.text();
  if (sites.size() > kMaxSitesNamed) text += " and " + std::to_string(sites.size() - kMaxSitesNamed) + " more";
  return text;
}

const store::OperatorRecord* by_id(const std::vector<store::OperatorRecord>& all, const base::OperatorId& id) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.id == id; });
  return found == all.end() ? nullptr : &*found;
}

Refusal no_such_operator() { return {Why::kNotFound, "there is no such operator"}; }

}  // namespace

std::string login_of(std::string_view typed) {
  std::string login(typed);
  for (char& c : login) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return login;
}

std::string complaint_about(const store::OperatorRecord& record) {
  const std::string& login = record.login;
  if (login.empty() || login.size() > store::kMaxLoginBytes ||
      !std::all_of(login.begin(), login.end(), is_login_character))
    return "a login is 1 to 64 letters, digits and . _ - @ +";
  if (!is_text(record.name, 1, base::kMaxPersonNameBytes)) return "a name has 1 to 256 bytes and no control characters";
  if (!is_text(record.picture, 0, store::kMaxChatTextBytes) || !is_picture(record.picture))
    return "a picture is an https address, or a path of this server";
  if (record.capacity < 1 || record.capacity > store::kMaxCapacity)
    return "a capacity is 1 to " + std::to_string(store::kMaxCapacity) + " chats";
  if (std::string wrong = complaint_about_tags(record.skills, "skills"); !wrong.empty()) return wrong;
  if (std::string wrong = complaint_about_tags(record.groups, "groups"); !wrong.empty()) return wrong;
  const bool sites_fine = record.sites.size() <= store::kMaxOperatorTags &&
                          std::all_of(record.sites.begin(), record.sites.end(),
                                      [](const base::SiteId& site) { return base::is_plain_name(site.text()); });
  return sites_fine ? "" : "one of the sites is no site's id, or there are more than 50";
}

Roster::Roster(store::Store& store, store::Bus& bus, const base::Clock& clock, store::Poster post, KnownSites sites)
    : store_(store), bus_(bus), clock_(clock), post_(std::move(post)), sites_(std::move(sites)) {}

void Roster::list(Reply<std::vector<store::OperatorRecord>> reply) {
  store_.operators(post_, [reply = std::move(reply)](base::Result<std::vector<store::OperatorRecord>> all) {
    if (!all) return reply(refusal_of(all.error()));
    reply(std::move(*all));
  });
}

void Roster::find(const base::OperatorId& id, Reply<store::OperatorRecord> reply) {
  list([id, reply = std::move(reply)](Outcome<std::vector<store::OperatorRecord>> all) {
    if (!all) return reply(all.refusal());
    const store::OperatorRecord* found = by_id(*all, id);
    if (!found) return reply(no_such_operator());
    reply(*found);
  });
}

void Roster::add(store::OperatorRecord record, Reply<store::OperatorRecord> reply) {
  record.id = base::new_operator_id();
  record.login = login_of(record.login);
  record.created = clock_.now();
  record.version = 0;
  save(std::move(record), nullptr, LastAdmin::kStays, std::move(reply));
}

void Roster::change(const base::OperatorId& id, OperatorChange change, LastAdmin last_admin,
                    Reply<store::OperatorRecord> reply) {
  list([this, id, change = std::move(change), last_admin,
        reply = std::move(reply)](Outcome<std::vector<store::OperatorRecord>> all) mutable {
    if (!all) return reply(all.refusal());
    const store::OperatorRecord* before = by_id(*all, id);
    if (!before) return reply(no_such_operator());
    store::OperatorRecord record = *before;
    apply(change, record);
    save(std::move(record), before, last_admin, std::move(reply));
  });
}

void Roster::save(store::OperatorRecord record, const store::OperatorRecord* before, LastAdmin last_admin,
                  Reply<store::OperatorRecord> reply) {
  if (std::string wrong = complaint_about(record); !wrong.empty()) return reply(Refusal{Why::kInvalid, wrong});
  if (std::string wrong = complaint_about_new_sites(record, before); !wrong.empty())
    return reply(Refusal{Why::kInvalid, wrong});
  const bool signs_out =
      before && ((record.disabled && !before->disabled) || record.password_hash != before->password_hash);
  const std::uint64_t expected = before ? before->version : 0;
  const auto kept = [this, signs_out, reply = std::move(reply)](base::Result<store::OperatorRecord> saved) {
    if (!saved) return reply(refusal_of(saved.error()));
    if (!signs_out) {
      announce(saved->id);
      return reply(std::move(*saved));
    }
    store_.end_sessions(saved->id, std::nullopt, post_, [this, saved, reply](base::Status ended) {
      announce(saved->id);
      if (!ended) return reply(refusal_of(ended.error()));
      reply(*saved);
    });
  };
  store_.save_operator(std::move(record), expected, last_admin, post_, kept);
}

std::string Roster::complaint_about_new_sites(const store::OperatorRecord& record,
                                              const store::OperatorRecord* before) const {
  if (!sites_ || record.sites.empty()) return {};
  const std::vector<base::SiteId> known = sites_();
  for (const base::SiteId& site : record.sites) {
    if (has(known, site) || (before && has(before->sites, site))) continue;
    const std::string missing = "there is no site \"" + site.text() + "\"; ";
    return missing + (known.empty() ? "the configuration has none" : "there is " + named(known));
  }
  return {};
}

void Roster::announce(const base::OperatorId& id) {
  std::string body;
  json::Writer(body).begin_object().key("id").string(id.text()).end_object();
  bus_.publish(base::SiteId(), kOperatorsTopic, body);
}

}  // namespace beckon::operators
