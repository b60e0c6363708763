#include <catch2/catch.hpp>

#include "protocol/codec.hpp"

using namespace beckon::protocol;

namespace {

template <class Encode>
std::string encoded(Encode encode) {
  std::string out;
  encode(out);
  return out;
}

}  // namespace

TEST_CASE("server frames are written as docs/protocol.md shows them") {
  CHECK(encoded([](auto& out) { encode_ack(out, 17); }) == R"({"type":"ack","id":17})");
  CHECK(encoded([](auto& out) { encode_emit(out, "bell"); }) == R"({"type":"emit","name":"bell"})");
  CHECK(encoded([](auto& out) { encode_withdraw(out, "o_1", "ignored"); }) ==
        R"({"type":"withdraw","offer":"o_1","why":"ignored"})");
  CHECK(encoded([](auto& out) { encode_error(out, {3, "unknown_offer", "no such offer"}); }) ==
        R"({"type":"error","id":3,"code":"unknown_offer","message":"no such offer"})");
  const OfferFrame offer{"o_1", "cart-help", "invite", "t1", R"({"text":"Hi"})"};
  CHECK(encoded([&](auto& out) { encode_offer(out, offer); }) ==
        R"({"type":"offer","offer":"o_1","rule":"cart-help","kind":"invite","tab":"t1","body":{"text":"Hi"}})");
}

TEST_CASE("a welcome without token and consent says so by leaving the one out and the other null") {
  Welcome welcome;
  welcome.visitor = "v_1";
  welcome.tracking = false;
  CHECK(encoded([&](auto& out) { encode_welcome(out, welcome); }) ==
        R"({"type":"welcome","visitor":"v_1","last":0,"resumed":false,"consent":null,"tracking":false,)"
        R"("offers":[],"texts":{},"theme":{}})");
}

TEST_CASE("a welcome carries token, open offers, texts and theme") {
  const OfferFrame offers[] = {{"o_1", "r", "call", "t", R"({"text":"Call"})"}};
  Welcome welcome;
  welcome.visitor = "v_1";
  welcome.token = "v_1.9.abc";
  welcome.last = 4;
  welcome.resumed = true;
  welcome.consent = true;
  welcome.demo = true;
  welcome.offers = offers;
  welcome.texts = R"({"close":"Close"})";
  welcome.theme = R"({"accent":"#000"})";
  CHECK(encoded([&](auto& out) { encode_welcome(out, welcome); }) ==
        R"({"type":"welcome","visitor":"v_1","token":"v_1.9.abc","last":4,"resumed":true,"consent":true,)"
        R"("tracking":true,"demo":true,"offers":[{"offer":"o_1","rule":"r","kind":"call","tab":"t",)"
        R"("body":{"text":"Call"}}],"texts":{"close":"Close"},"theme":{"accent":"#000"}})");
}

TEST_CASE("what a visitor wrote cannot leave the JSON it stands in") {
  const std::string text = encoded([](auto& out) { encode_emit(out, "\"><img src=x onerror=window.__x=1>"); });
  CHECK(text.find('<') == std::string::npos);
  CHECK(text.find("\\\"") != std::string::npos);
}
