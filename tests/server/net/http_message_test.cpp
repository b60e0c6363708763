#include "net/http_message.hpp"

#include <catch2/catch.hpp>

using namespace beckon::net;

TEST_CASE("a query's parameter is percent-decoded, and the first of several counts") {
  CHECK(query_value("site=shop&v=v_1", "v") == "v_1");
  CHECK(query_value("a=1&a=2", "a") == "1");
  CHECK(query_value("a=b%20c+d%2", "a") == "b c d%2");
  CHECK(query_value("ab=1", "a").empty());
  CHECK(query_value("a", "a").empty());
  CHECK(query_value("", "a").empty());
  CHECK(query_value("&&a=1&", "a") == "1");
}

TEST_CASE("a header is found whatever its case") {
  HttpRequest request;
  request.headers = {{"accept-ENCODING", "br"}, {"Accept", "*/*"}};
  CHECK(request.header("Accept-Encoding") == "br");
  CHECK(request.header("Accept-Encodin").empty());
}
