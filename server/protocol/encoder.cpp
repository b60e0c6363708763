#include "beckon/json/writer.hpp"
#include "protocol/chat_messages.hpp"
#include "protocol/codec.hpp"

namespace beckon::protocol {

namespace {

std::string_view or_empty_object(std::string_view json) { return json.empty() ? std::string_view("{}") : json; }

void write_offer(json::Writer& w, const OfferFrame& offer) {
  w.key("offer").string(offer.offer).key("rule").string(offer.rule).key("kind").string(offer.kind);
  w.key("tab").string(offer.tab).key("body").raw(or_empty_object(offer.body));
}

}  // namespace

void encode_welcome(std::string& out, const Welcome& welcome) {
  json::Writer w(out);
  w.begin_object().key("type").string("welcome").key("visitor").string(welcome.visitor);
  if (!welcome.token.empty()) w.key("token").string(welcome.token);
  w.key("last").number(welcome.last).key("resumed").boolean(welcome.resumed).key("consent");
  welcome.consent ? w.boolean(*welcome.consent) : w.null();
  w.key("tracking").boolean(welcome.tracking);
  if (welcome.demo) w.key("demo").boolean(true);
  w.key("offers").begin_array();
  for (const OfferFrame& offer : welcome.offers) {
    w.begin_object();
    write_offer(w, offer);
    w.end_object();
  }
  w.end_array();
  w.key("texts").raw(or_empty_object(welcome.texts)).key("theme").raw(or_empty_object(welcome.theme));
  if (welcome.chat) write_chat_welcome(w.key("chat"), *welcome.chat);
  w.end_object();
}

void encode_ack(std::string& out, std::int64_t id) {
  json::Writer w(out);
  w.begin_object().key("type").string("ack").key("id").number(id).end_object();
}

void encode_offer(std::string& out, const OfferFrame& offer) {
  json::Writer w(out);
  w.begin_object().key("type").string("offer");
  write_offer(w, offer);
  w.end_object();
}

void encode_withdraw(std::string& out, std::string_view offer, std::string_view why) {
  json::Writer w(out);
  w.begin_object().key("type").string("withdraw").key("offer").string(offer).key("why").string(why).end_object();
}

void encode_emit(std::string& out, std::string_view name) {
  json::Writer w(out);
  w.begin_object().key("type").string("emit").key("name").string(name).end_object();
}

void encode_error(std::string& out, const ErrorFrame& error) {
  json::Writer w(out);
  w.begin_object().key("type").string("error").key("id").number(error.id).key("code").string(error.code);
  w.key("message").string(error.message).end_object();
}

}  // namespace beckon::protocol
