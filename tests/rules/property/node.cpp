#include "rules/property/node.hpp"

#include <algorithm>
#include <utility>

#include "beckon/json/writer.hpp"

namespace beckon::property {
namespace {

void write(json::Writer& out, const Node& node) {
  switch (node.type) {
    case json::Type::kNull: out.null(); break;
    case json::Type::kBool: out.boolean(node.text == "true"); break;
    case json::Type::kNumber: out.raw(node.text); break;
    case json::Type::kString: out.string(node.text); break;
    case json::Type::kArray:
      out.begin_array();
      for (const Node& child : node.children) write(out, child);
      out.end_array();
      break;
    case json::Type::kObject:
      out.begin_object();
      for (const Node& child : node.children) {
        out.key(child.name);
        write(out, child);
      }
      out.end_object();
      break;
  }
}

}  // namespace

Node Node::copy(const json::Value& value) {
  Node node;
  node.type = value.type();
  node.name = value.name();
  if (value.is(json::Type::kBool)) node.text = value.boolean() ? "true" : "false";
  if (value.is(json::Type::kNumber)) node.text = value.digits();
  if (value.is(json::Type::kString)) node.text = value.string();
  for (const json::Value* child = value.first(); child; child = child->next()) node.children.push_back(copy(*child));
  return node;
}

Node& Node::set(std::string_view member, Node value) {
  value.name = member;
  if (Node* old = find(member)) {
    *old = std::move(value);
  } else {
    children.push_back(std::move(value));
  }
  return *this;
}

void Node::remove(std::string_view member) {
  std::erase_if(children, [&](const Node& child) { return child.name == member; });
}

const Node* Node::find(std::string_view member) const {
  auto found = std::find_if(children.begin(), children.end(), [&](const Node& child) { return child.name == member; });
  return found == children.end() ? nullptr : &*found;
}

Node* Node::find(std::string_view member) { return const_cast<Node*>(std::as_const(*this).find(member)); }

std::string Node::dump() const {
  std::string out;
  json::Writer writer(out);
  write(writer, *this);
  return out;
}

}  // namespace beckon::property
