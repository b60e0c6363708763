#include "schema_validator.hpp"

#include <cmath>
#include <regex>
#include <stdexcept>

namespace beckon::rules {
namespace {

using json::Type;
using json::Value;

bool same(const Value& a, const Value& b) {
  if (a.type() != b.type()) return false;
  if (a.is(Type::kBool)) return a.boolean() == b.boolean();
  if (a.is(Type::kString)) return a.string() == b.string();
  return a.is(Type::kNull) || (a.is(Type::kNumber) && a.number() == b.number());
}

bool matches(std::string_view pattern, std::string_view text) {
  return std::regex_search(std::string(text), std::regex(std::string(pattern), std::regex::ECMAScript));
}

class Validation {
 public:
  explicit Validation(const Value& root) : root_(root) {}

  std::string check(const Value& schema, const Value& value, const std::string& path) const {
    for (const Value* keyword = schema.first(); keyword; keyword = keyword->next()) {
      std::string why = keyword_fails(schema, *keyword, value, path);
      if (!why.empty()) return why;
    }
    return {};
  }

 private:
  std::string keyword_fails(const Value& schema, const Value& keyword, const Value& value,
                            const std::string& path) const {
    const std::string_view name = keyword.name();
    if (name == "description" || name == "default" || name == "$defs" || name == "$schema" || name == "title") {
      return {};
    }
    if (name == "$ref") return check(resolve(keyword.string()), value, path);
    if (name == "anyOf" || name == "oneOf") return alternatives(keyword, value, path);
    if (name == "not") return check(keyword, value, path).empty() ? path + ": what is excluded" : "";
    if (name == "if") {
      const Value* then = schema.find("then");
      return check(keyword, value, path).empty() ? check(*then, value, path) : "";
    }
    if (name == "then") return {};
    if (name == "type") return type_fits(keyword, value) ? "" : path + ": of another type";
    if (name == "const") return same(keyword, value) ? "" : path + ": not the constant";
    if (name == "enum") return one_of(keyword, value) ? "" : path + ": not one of the values";
    return by_type(schema, keyword, value, path);
  }

  std::string by_type(const Value& schema, const Value& keyword, const Value& value, const std::string& path) const {
    const std::string_view name = keyword.name();
    if (name == "minimum" || name == "maximum" || name == "exclusiveMinimum") {
      if (!value.is(Type::kNumber)) return {};
      const double x = *value.number(), bound = *keyword.number();
      return (name == "minimum"   ? x >= bound
              : name == "maximum" ? x <= bound
                                  : x > bound)
                 ? ""
                 : path + ": out of range";
    }
    if (name == "pattern" || name == "minLength" || name == "maxLength") {
      if (!value.is(Type::kString)) return {};
      if (name == "pattern") return matches(keyword.string(), value.string()) ? "" : path + ": another form";
      const double size = static_cast<double>(value.string().size());
      return (name == "minLength" ? size >= *keyword.number() : size <= *keyword.number())
                 ? ""
                 : path + ": of another length";
    }
    if (name == "minItems" || name == "maxItems" || name == "items") {
      return value.is(Type::kArray) ? items(keyword, value, path) : "";
    }
    return value.is(Type::kObject) ? members(schema, keyword, value, path) : known_of_object(name);
  }

  static std::string known_of_object(std::string_view name) {
    for (const std::string_view known :
         {"properties", "patternProperties", "additionalProperties", "required", "minProperties", "maxProperties",
          "dependentRequired", "dependentSchemas", "propertyNames"}) {
      if (name == known) return {};
    }
    throw std::logic_error("unknown keyword " + std::string(name));
  }

  std::string items(const Value& keyword, const Value& value, const std::string& path) const {
    if (keyword.name() == "minItems") return value.size() >= *keyword.number() ? "" : path + ": too short";
    if (keyword.name() == "maxItems") return value.size() <= *keyword.number() ? "" : path + ": too long";
    for (const Value* item = value.first(); item; item = item->next()) {
      std::string why = check(keyword, *item, path + "[]");
      if (!why.empty()) return why;
    }
    return {};
  }

  std::string members(const Value& schema, const Value& keyword, const Value& value, const std::string& path) const {
    const std::string_view name = keyword.name();
    if (!known_of_object(name).empty()) return {};
    if (name == "minProperties") return value.size() >= *keyword.number() ? "" : path + ": too few members";
    if (name == "maxProperties") return value.size() <= *keyword.number() ? "" : path + ": too many members";
    if (name == "required") return has_all(keyword, value, path);
    for (const Value* member = value.first(); member; member = member->next()) {
      const std::string inner = path + "/" + std::string(member->name());
      std::string why = member_fails(schema, keyword, *member, value, inner);
      if (!why.empty()) return why;
    }
    return {};
  }

  std::string member_fails(const Value& schema, const Value& keyword, const Value& member, const Value& object,
                           const std::string& path) const {
    const std::string_view name = keyword.name();
    const Value* own = keyword.is(Type::kObject) ? keyword.find(member.name()) : nullptr;
    if (name == "properties") return own ? check(*own, member, path) : "";
    if (name == "dependentRequired") return own ? has_all(*own, object, path) : "";
    if (name == "dependentSchemas") return own ? check(*own, object, path) : "";
    if (name == "propertyNames") {
      for (const Value* allowed = keyword.find("enum")->first(); allowed; allowed = allowed->next()) {
        if (allowed->string() == member.name()) return {};
      }
      return path + ": another name";
    }
    if (name == "patternProperties") {
      for (const Value* pattern = keyword.first(); pattern; pattern = pattern->next()) {
        if (matches(pattern->name(), member.name())) return check(*pattern, member, path);
      }
      return {};
    }
    // additionalProperties: of what neither of the two named.
    const Value* properties = schema.find("properties");
    if (properties && properties->find(member.name())) return {};
    if (const Value* patterns = schema.find("patternProperties")) {
      for (const Value* pattern = patterns->first(); pattern; pattern = pattern->next()) {
        if (matches(pattern->name(), member.name())) return {};
      }
    }
    return keyword.is(Type::kBool) ? path + ": no such member" : check(keyword, member, path);
  }

  std::string alternatives(const Value& keyword, const Value& value, const std::string& path) const {
    std::size_t fits = 0;
    for (const Value* option = keyword.first(); option; option = option->next()) {
      fits += check(*option, value, path).empty() ? 1 : 0;
    }
    return fits == 1 || (fits > 1 && keyword.name() == "anyOf") ? "" : path + ": none of the alternatives";
  }

  static std::string has_all(const Value& names, const Value& object, const std::string& path) {
    for (const Value* name = names.first(); name; name = name->next()) {
      if (!object.find(name->string())) return path + ": needs " + std::string(name->string());
    }
    return {};
  }

  static bool one_of(const Value& values, const Value& value) {
    for (const Value* option = values.first(); option; option = option->next()) {
      if (same(*option, value)) return true;
    }
    return false;
  }

  static bool type_fits(const Value& keyword, const Value& value) {
    if (keyword.is(Type::kArray)) {
      for (const Value* type = keyword.first(); type; type = type->next()) {
        if (type_fits(*type, value)) return true;
      }
      return false;
    }
    const std::string_view name = keyword.string();
    switch (value.type()) {
      case Type::kNull:
        return name == "null";
      case Type::kBool:
        return name == "boolean";
      case Type::kNumber:
        return name == "number" || (name == "integer" && std::floor(*value.number()) == *value.number());
      case Type::kString:
        return name == "string";
      case Type::kArray:
        return name == "array";
      case Type::kObject:
        return name == "object";
    }
    return false;
  }

  const Value& resolve(std::string_view reference) const {
    constexpr std::string_view kPrefix = "#/$defs/";
    const Value* found =
        reference.starts_with(kPrefix) ? root_.find("$defs")->find(reference.substr(kPrefix.size())) : nullptr;
    if (!found) throw std::logic_error("unresolved reference " + std::string(reference));
    return *found;
  }

  const Value& root_;
};

}  // namespace

SchemaValidator::SchemaValidator(std::string_view schema) : schema_(json::parse(schema)) {
  if (!schema_.document) throw std::logic_error("the schema is no JSON: " + schema_.error->message);
}

std::string SchemaValidator::why_not(const json::Value& value) const {
  const Value& root = schema_.document->root();
  return Validation(root).check(root, value, "");
}

}  // namespace beckon::rules
