#include "check_offer.hpp"

#include <algorithm>

#include "beckon/json/writer.hpp"
#include "beckon/rules/limits.hpp"
#include "check_actions.hpp"
#include "check_values.hpp"
#include "source_line.hpp"

namespace beckon::rules {
namespace {

using json::Type;

struct None {};  // the target of objects that are only checked: the offer's JSON carries them

void read_local_text(Report& report, const json::Value& value, Actions& out) {
  if (value.is(Type::kString)) {
    if (const auto text = read_text(report, value, value.name())) out.offer_text[""] = *text;
    return;
  }
  if (!value.is(Type::kObject)) {
    expected(report, value, "a text, or one per language", "write {\"en\": \"…\", \"fr\": \"…\"}");
    return;
  }
  if (value.size() == 0) report.error("empty", range_of(value), "\"text\" is in no language");
  for (const json::Value* member = value.first(); member; member = member->next()) {
    if (!is_language_tag(member->name())) {
      std::string repaired(member->name());
      std::replace(repaired.begin(), repaired.end(), '_', '-');
      report.error("bad-language", report.key_range(*member), quoted(member->name()) + " is no language",
                   is_language_tag(repaired) ? "write \"" + repaired + "\""
                                             : "languages are written like \"en\", \"fr\" or \"pt-BR\"");
    }
    if (const auto text = read_text(report, *member, member->name())) {
      out.offer_text[std::string(member->name())] = *text;
    }
  }
}

void check_link(Report& report, const json::Value& value) {
  const auto link = read_text(report, value, value.name());
  if (!link || is_safe_link(*link)) return;
  const std::string rooted = "/" + std::string(*link);
  const bool bare =
      link->find_first_of(":\\") == std::string_view::npos && link->front() != '/' && is_safe_link(rooted);
  const bool host = bare && link->starts_with("www.");
  report.error("bad-link", range_of(value),
               "\"" + std::string(value.name()) + "\" must be an http(s) address or a path of the site",
               host   ? "write " + quoted("https://" + std::string(*link))
               : bare ? "write " + quoted(rooted)
                      : "");
}

void read_link(Report& report, const json::Value& value, None&) { check_link(report, value); }
void read_words(Report& report, const json::Value& value, None&) { (void)read_text(report, value, value.name()); }

void read_from(Report& report, const json::Value& value, Actions&) {
  constexpr Key<None> kKeys[] = {{"name", read_words}, {"picture", read_link}};
  None none;
  if (read_object(report, value, "\"from\"", kKeys, none) && !value.find("name")) {
    missing(report, value, "\"from\"", "name", "say who writes: \"name\": \"Anna\"");
  }
}

void read_style(Report& report, const json::Value& value, Actions&) {
  constexpr std::string_view kStyles[] = {"bubble", "panel", "open", "bar"};
  (void)read_choice(report, value, "style", kStyles);
}

void read_quick_replies(Report& report, const json::Value& list, Actions&) {
  if (!expect(report, list, Type::kArray)) return;
  if (list.size() == 0) report.error("empty", range_of(list), "\"quick_replies\" is empty");
  if (list.size() > kMaxQuickReplies) {
    report.error("too-many", range_of(list),
                 "an invitation has at most " + std::to_string(kMaxQuickReplies) + " quick replies, this one has " +
                     std::to_string(list.size()));
    return;
  }
  constexpr Key<None> kKeys[] = {{"text", read_words}, {"link", read_link}};
  for (const json::Value* reply = list.first(); reply; reply = reply->next()) {
    None none;
    if (reply->is(Type::kString)) {
      (void)read_text(report, *reply, "quick_replies");
    } else if (!reply->is(Type::kObject)) {
      expected(report, *reply, "a text, or {\"text\": …, \"link\": …}");
    } else if (read_object(report, *reply, "a quick reply", kKeys, none) && !reply->find("text")) {
      missing(report, *reply, "a quick reply", "text");
    }
  }
}

void read_card(Report& report, const json::Value& value, Actions&) {
  constexpr Key<None> kKeys[] = {
      {"image", read_link}, {"title", read_words}, {"price", read_words}, {"link", read_link}, {"button", read_words}};
  None none;
  if (!read_object(report, value, "\"card\"", kKeys, none)) return;
  if (!value.find("title")) missing(report, value, "\"card\"", "title");
  if (value.find("button") && !value.find("link")) {
    missing(report, value, "a card with a button", "link", "say where the button leads");
  }
}

void read_coupon(Report& report, const json::Value& value, Actions&) { (void)read_text(report, value, "coupon"); }

void read_phone(Report& report, const json::Value& value, Actions&) {
  const auto phone = read_text(report, value, "phone");
  if (!phone) return;
  const auto digits = std::count_if(phone->begin(), phone->end(), [](char c) { return c >= '0' && c <= '9'; });
  if (digits < 3 || digits > 15 || phone->find_first_not_of("0123456789 +-().") != std::string_view::npos ||
      phone->rfind('+') + 1 > 1) {
    report.error("bad-phone", range_of(value), quoted(*phone) + " is no telephone number",
                 "write it like \"+33 1 23 45 67 89\"");
  }
}

void read_callback(Report& report, const json::Value& value, Actions&) {
  const auto yes = read_bool(report, value);
  if (yes && !*yes) report.error("bad-value", range_of(value), "\"callback\" is true or left out");
}

void read_survey_type(Report& report, const json::Value& value, Actions&) {
  constexpr std::string_view kTypes[] = {"nps", "csat"};
  (void)read_choice(report, value, "type", kTypes);
}

void write_value(json::Writer& out, const json::Value& value) {
  switch (value.type()) {
    case Type::kNull:
      out.null();
      break;
    case Type::kBool:
      out.boolean(value.boolean());
      break;
    case Type::kNumber:
      out.raw(value.digits());
      break;
    case Type::kString:
      out.string(value.string());
      break;
    case Type::kArray:
      out.begin_array();
      for (const json::Value* item = value.first(); item; item = item->next()) write_value(out, *item);
      out.end_array();
      break;
    case Type::kObject:
      out.begin_object();
      for (const json::Value* member = value.first(); member; member = member->next()) {
        write_value(out.key(member->name()), *member);
      }
      out.end_object();
      break;
  }
}

template <std::size_t N>
void read_offer(Report& report, const json::Value& value, Actions::Offer offer, const Key<Actions> (&keys)[N],
                Actions& out) {
  out.offer = offer;
  const std::string what = "\"" + std::string(name_of(offer)) + "\"";
  if (!value.is(Type::kObject)) {
    expected(report, value, "an object",
             value.is(Type::kString) && offer == Actions::Offer::kInvite
                 ? "write {\"text\": " + quoted(value.string()) + "}"
                 : "");
    return;
  }
  read_object(report, value, what, keys, out);
  if (!value.find("text")) missing(report, value, what, "text");
  json::Writer writer(out.offer_json);
  write_value(writer, value);
  if (out.offer_json.size() > kMaxOfferBytes) {
    report.error(
        "too-large", range_of(value),
        what + " takes " + std::to_string(out.offer_json.size()) + " bytes, at most " + std::to_string(kMaxOfferBytes));
  }
}

}  // namespace

void read_invite(Report& report, const json::Value& value, Actions& out) {
  constexpr Key<Actions> kKeys[] = {{"text", read_local_text}, {"from", read_from},
                                    {"style", read_style},     {"quick_replies", read_quick_replies},
                                    {"card", read_card},       {"coupon", read_coupon}};
  read_offer(report, value, Actions::Offer::kInvite, kKeys, out);
}

void read_call(Report& report, const json::Value& value, Actions& out) {
  constexpr Key<Actions> kKeys[] = {{"text", read_local_text}, {"phone", read_phone}, {"callback", read_callback}};
  read_offer(report, value, Actions::Offer::kCall, kKeys, out);
  if (!value.is(Type::kObject)) return;
  const bool phone = value.find("phone"), callback = value.find("callback");
  if (!phone && !callback) {
    missing(report, value, "\"call\"", "phone", "or let visitors leave their number: \"callback\": true");
  }
  if (phone && callback) {
    report.error("conflict", range_of(value), "\"call\" has \"phone\" or \"callback\", not both",
                 "use variants to try both");
  }
}

void read_survey(Report& report, const json::Value& value, Actions& out) {
  constexpr Key<Actions> kKeys[] = {{"type", read_survey_type}, {"text", read_local_text}};
  read_offer(report, value, Actions::Offer::kSurvey, kKeys, out);
  if (value.is(Type::kObject) && !value.find("type")) {
    missing(report, value, "\"survey\"", "type", "it is \"nps\" or \"csat\"");
  }
}

}  // namespace beckon::rules
