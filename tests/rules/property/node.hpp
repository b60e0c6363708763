// A JSON value that can be built and changed: what rule files and journals are made of here, and shrunk as.
// Thread safety: a value.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "beckon/json/reader.hpp"

namespace beckon::property {

struct Node {
  json::Type type = json::Type::kNull;
  std::string name;  // of a member of an object
  std::string text;  // of a string; a number's digits; "true" or "false"
  std::vector<Node> children;

  static Node null() { return {}; }
  static Node of(bool value) { return {json::Type::kBool, "", value ? "true" : "false", {}}; }
  static Node of(std::string_view value) { return {json::Type::kString, "", std::string(value), {}}; }
  static Node of(const char* value) { return of(std::string_view(value)); }
  static Node of(const std::string& value) { return of(std::string_view(value)); }
  static Node of(std::int64_t value) { return digits(std::to_string(value)); }
  static Node of(int value) { return of(std::int64_t{value}); }
  static Node digits(std::string_view text) { return {json::Type::kNumber, "", std::string(text), {}}; }
  static Node array(std::vector<Node> elements = {}) { return {json::Type::kArray, "", "", std::move(elements)}; }
  static Node object() { return {json::Type::kObject, "", "", {}}; }
  static Node copy(const json::Value& value);

  // Of an object: sets the member, in place of one of that name.
  Node& set(std::string_view member, Node value);
  void remove(std::string_view member);
  const Node* find(std::string_view member) const;
  Node* find(std::string_view member);

  std::string dump() const;

  friend bool operator==(const Node&, const Node&) = default;
};

}  // namespace beckon::property
