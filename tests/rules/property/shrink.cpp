#include "rules/property/shrink.hpp"

#include <algorithm>

namespace beckon::property {
namespace {

constexpr int kMaxTries = 5'000;

class Shrinker {
 public:
  Shrinker(Scenario failing, const StillFails& still_fails) : best_(std::move(failing)), still_fails_(still_fails) {}

  Scenario run() {
    do {
      changed_ = false;
      drop_lines();
      simplify_tree([](Scenario& scenario) -> Node& { return scenario.rules; }, best_.rules);
      for (std::size_t i = 0; i < best_.lines.size(); ++i) {
        simplify_tree([i](Scenario& scenario) -> Node& { return scenario.lines[i]; }, best_.lines[i]);
      }
    } while (changed_ && tries_ < kMaxTries);
    return best_;
  }

 private:
  using Path = std::vector<std::size_t>;

  bool attempt(Scenario candidate) {
    if (tries_ >= kMaxTries) return false;
    ++tries_;
    if (!still_fails_(candidate)) return false;
    best_ = std::move(candidate);
    changed_ = true;
    return true;
  }

  void drop_lines() {
    for (std::size_t chunk = std::max<std::size_t>(best_.lines.size() / 2, 1); chunk > 0; chunk /= 2) {
      for (std::size_t at = 0; at < best_.lines.size();) {
        Scenario fewer = best_;
        auto first = fewer.lines.begin() + static_cast<std::ptrdiff_t>(at);
        fewer.lines.erase(first, first + static_cast<std::ptrdiff_t>(std::min(chunk, fewer.lines.size() - at)));
        if (!attempt(std::move(fewer))) at += chunk;
      }
    }
  }

  // Every node below the root, deepest last: takes it away, or puts one of its children in its place.
  template <typename RootOf>
  void simplify_tree(RootOf root_of, const Node& root) {
    std::vector<Path> paths;
    collect(root, {}, paths);
    for (const Path& path : paths) {
      if (take_away(root_of, path)) return simplify_tree(root_of, root_of(best_));
      if (replace_by_child(root_of, path)) return simplify_tree(root_of, root_of(best_));
    }
  }

  static void collect(const Node& node, Path path, std::vector<Path>& out) {
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      path.push_back(i);
      out.push_back(path);
      collect(node.children[i], path, out);
      path.pop_back();
    }
  }

  static Node* follow(Node& root, const Path& path, std::size_t depth) {
    Node* node = &root;
    for (std::size_t i = 0; i < depth; ++i) {
      if (path[i] >= node->children.size()) return nullptr;
      node = &node->children[path[i]];
    }
    return node;
  }

  template <typename RootOf>
  bool take_away(RootOf root_of, const Path& path) {
    Scenario candidate = best_;
    Node* parent = follow(root_of(candidate), path, path.size() - 1);
    if (!parent || path.back() >= parent->children.size()) return false;
    if (is_essential(parent->children[path.back()].name)) return false;
    parent->children.erase(parent->children.begin() + static_cast<std::ptrdiff_t>(path.back()));
    return attempt(std::move(candidate));
  }

  // {"all": [c]} and {"held": c} become c.
  template <typename RootOf>
  bool replace_by_child(RootOf root_of, const Path& path) {
    Node* node = follow(root_of(best_), path, path.size());
    if (!node || node->type != json::Type::kObject || node->children.empty()) return false;
    const Node& member = node->children[0];
    std::vector<Node> inner;
    if (member.name == "held") inner = {member};
    if (member.name == "all" || member.name == "any" || member.name == "none") inner = member.children;
    for (Node& child : inner) {
      Scenario candidate = best_;
      child.name = node->name;
      *follow(root_of(candidate), path, path.size()) = child;
      if (attempt(std::move(candidate))) return true;
    }
    return false;
  }

  static bool is_essential(const std::string& name) {
    return name == "t" || name == "type" || name == "visitor" || name == "id";
  }

  Scenario best_;
  const StillFails& still_fails_;
  bool changed_ = false;
  int tries_ = 0;
};

}  // namespace

Scenario shrink(Scenario failing, const StillFails& still_fails) {
  return Shrinker(std::move(failing), still_fails).run();
}

}  // namespace beckon::property
